/** What people saved, as tabs: what is not saved, then the person's own, then what others share; and what can be done with the open one. */
import { ActionIcon, Button, Menu } from "@mantine/core";
import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState, type ReactNode } from "react";
import { isStatus, messageOf } from "../api/problem";
import { canChange, canShare, type Saved } from "../api/saved";
import type { Me } from "../api/types";
import { ChevronIcon, PeopleIcon } from "./icons";
import type { Naming } from "./NamingDialog";
import { notify } from "./notices";
import { onDemand } from "./onDemand";
import classes from "./SavedTabs.module.css";

const NamingDialog = onDemand(() => import("./NamingDialog").then((module) => module.NamingDialog<Saved>));

/** How things of a kind are kept. */
export interface Saves<One extends Saved> {
  /** What is shown, under a name. */
  create: (naming: Naming) => Promise<One>;
  /** What is shown, in place of what it kept. */
  rewrite: (one: One) => Promise<One>;
  update: (one: One, part: Partial<Naming> & { position?: number }) => Promise<One>;
  archive: (one: One) => Promise<unknown>;
  unarchive: (one: One) => Promise<One>;
  show: (client: QueryClient, one: One) => void;
  refresh: (client: QueryClient) => Promise<void>;
}

/** What things of a kind are called. */
export interface SavedWords {
  all: string;
  unsaved: string;
  saveNew: string;
  new: string;
  stale: string;
  actions: (name: string) => string;
  saved: (name: string) => string;
  removed: (name: string) => string;
}

interface Props<One extends Saved> {
  me: Me;
  own: One[];
  others: One[];
  open: One | undefined;
  /** What is shown is not what the open one keeps; without one, it is worth saving. */
  isChanged: boolean;
  /** In the past nothing is saved. */
  isReadOnly: boolean;
  saves: Saves<One>;
  words: SavedWords;
  /** Its name for the tour. */
  spot?: string;
  /** A tab that leads to one of them; `undefined` is what is not saved. */
  link: (one: One | undefined, content: ReactNode) => ReactNode;
  onOpen: (one: One | undefined) => void;
  /** Back to what the open one keeps. */
  onDiscard: (one: One) => void;
}

export function SavedTabs<One extends Saved>({ me, own, others, open, isChanged, isReadOnly, ...props }: Props<One>) {
  const { saves, words, spot, link, onOpen, onDiscard } = props;
  const client = useQueryClient();
  const [naming, setNaming] = useState<"new" | "rename" | null>(null);
  const mayWrite = !isReadOnly && me.permissions.includes("views.write");
  const mayChange = !isReadOnly && open !== undefined && canChange(open, me);

  const complain = (error: Error) => {
    const isStale = isStatus(error, 412);
    notify({ text: isStale ? words.stale : messageOf(error), tone: "bad" });
    if (isStale) void saves.refresh(client);
  };
  const save = useMutation({
    mutationFn: saves.rewrite,
    onSuccess: (one) => {
      saves.show(client, one);
      onDiscard(one);
      notify({ text: words.saved(one.name) });
    },
    onError: complain,
  });
  const remove = async (one: One) => {
    try {
      await saves.archive(one);
      saves.show(client, { ...one, archived: true });
      onOpen(undefined);
      notify({
        text: words.removed(one.name),
        undo: () =>
          void saves.unarchive(one).then((back) => {
            saves.show(client, back);
            onOpen(back);
          }, complain),
      });
    } catch (error) {
      complain(error as Error);
    }
  };
  const share = (one: One) =>
    void saves
      .update(one, { visibility: one.visibility === "shared" ? "private" : "shared" })
      .then((next) => saves.show(client, next), complain);
  const groupOf = (one: One) => (one.owner === me.user.id ? own : others);
  const move = (one: One, by: 1 | -1) => {
    const group = groupOf(one);
    const at = group.indexOf(one);
    const all = group.toSpliced(at, 1).toSpliced(at + by, 0, one);
    const order = group === own ? [...all, ...others] : [...own, ...all];
    void inOrder(
      order.filter((other) => canChange(other, me)),
      saves,
    ).then(() => saves.refresh(client), complain);
  };

  const tab = (one: One) => (
    <li key={one.id} className={classes.item} data-open={one === open || undefined}>
      {link(
        one,
        <>
          {one.visibility === "shared" && (
            <span className={classes.shared} role="img" aria-label={t("ui:shared")}>
              <PeopleIcon size={13} />
            </span>
          )}
          <span className={classes.name}>{one.name}</span>
          {one === open && isChanged && <span className={classes.changed} role="img" aria-label={t("views:changed")} />}
        </>,
      )}
      {one === open && (mayChange || mayWrite) && (
        <TabMenu
          label={words.actions(one.name)}
          isShared={one.visibility === "shared"}
          isFirst={groupOf(one)[0] === one}
          isLast={groupOf(one).at(-1) === one}
          mayChange={mayChange}
          mayShare={mayChange && canShare(me)}
          onRename={() => setNaming("rename")}
          onCopy={() => setNaming("new")}
          onShare={() => share(one)}
          onMove={(by) => move(one, by)}
          onRemove={() => void remove(one)}
        />
      )}
    </li>
  );

  return (
    <div className={classes.bar}>
      <nav className={classes.tabs} data-tour={spot} aria-label={words.all}>
        <ul className={classes.list}>
          <li className={classes.item} data-open={open === undefined || undefined}>
            {link(undefined, <span className={classes.name}>{words.unsaved}</span>)}
          </li>
          {own.map(tab)}
          {others.length > 0 && own.length > 0 && <li className={classes.between} aria-hidden />}
          {others.map(tab)}
        </ul>
      </nav>
      {mayWrite && isChanged && (
        <div className={classes.actions}>
          {mayChange && (
            <Button variant="light" loading={save.isPending} onClick={() => save.mutate(open)}>
              {t("ui:save")}
            </Button>
          )}
          <Button variant="subtle" onClick={() => setNaming("new")}>
            {open ? t("views:saveAs") : words.saveNew}
          </Button>
          {open && (
            <Button variant="subtle" color="gray" onClick={() => onDiscard(open)}>
              {t("views:discard")}
            </Button>
          )}
        </div>
      )}
      {naming !== null && (
        <NamingDialog
          title={naming === "rename" ? t("views:rename") : words.new}
          name={naming === "rename" ? (open?.name ?? "") : ""}
          visibility={naming === "rename" ? (open?.visibility ?? "private") : "private"}
          canShare={canShare(me)}
          onSave={(given) => (naming === "rename" && open ? saves.update(open, given) : saves.create(given))}
          onDone={(saved) => {
            const one = saved as One;
            saves.show(client, one);
            if (naming === "new") onOpen(one);
            setNaming(null);
          }}
          onClose={() => setNaming(null)}
        />
      )}
    </div>
  );
}

/** Counts them anew. */
async function inOrder<One extends Saved>(all: One[], saves: Saves<One>) {
  for (const [position, one] of all.entries()) {
    if (one.position !== position) await saves.update(one, { position });
  }
}

interface MenuProps {
  label: string;
  isShared: boolean;
  isFirst: boolean;
  isLast: boolean;
  mayChange: boolean;
  mayShare: boolean;
  onRename: () => void;
  onCopy: () => void;
  onShare: () => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

function TabMenu({ label, isShared, isFirst, isLast, mayChange, mayShare, ...props }: MenuProps) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <ActionIcon variant="subtle" size={24} aria-label={label}>
          <ChevronIcon size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayChange && <Menu.Item onClick={props.onRename}>{t("views:rename")}</Menu.Item>}
        <Menu.Item onClick={props.onCopy}>{t("views:saveAs")}</Menu.Item>
        {mayShare && <Menu.Item onClick={props.onShare}>{isShared ? t("ui:unshare") : t("ui:share")}</Menu.Item>}
        {mayChange && !isFirst && <Menu.Item onClick={() => props.onMove(-1)}>{t("list:moveLeft")}</Menu.Item>}
        {mayChange && !isLast && <Menu.Item onClick={() => props.onMove(1)}>{t("list:moveRight")}</Menu.Item>}
        {mayChange && (
          <>
            <Menu.Divider role="separator" />
            <Menu.Item color="var(--bad)" onClick={props.onRemove}>
              {t("views:remove")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
