/** The views of an object as tabs: all records, then the person's own, then what others share; and what can be done with the open one. */
import { ActionIcon, Button, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState, type ReactNode } from "react";
import { isStatus, messageOf } from "../../api/problem";
import type { Me } from "../../api/types";
import {
  archiveView,
  canChange,
  canShare,
  createView,
  orderViews,
  refreshViews,
  showView,
  unarchiveView,
  updateView,
  type SavedView,
  type ViewBody,
} from "../../api/views";
import { ChevronIcon, PeopleIcon } from "../../ui/icons";
import { notify } from "../../ui/notices";
import { onDemand } from "../../ui/onDemand";
import type { Naming } from "../../ui/NamingDialog";
import classes from "./Views.module.css";

const NamingDialog = onDemand(() => import("../../ui/NamingDialog").then((module) => module.NamingDialog<SavedView>));

interface Props {
  me: Me;
  own: SavedView[];
  others: SavedView[];
  open: SavedView | undefined;
  /** What is shown is not what the open view keeps, or not all records as usual. */
  isChanged: boolean;
  /** In the past nothing is saved. */
  isReadOnly: boolean;
  /** What is shown, as a view keeps it. */
  body: () => Omit<ViewBody, "name">;
  /** A tab that leads to a view; `undefined` is all records. */
  link: (view: SavedView | undefined, content: ReactNode) => ReactNode;
  onOpen: (view: SavedView | undefined) => void;
  /** Back to what the open view keeps. */
  onDiscard: () => void;
}

export function ViewTabs({ me, own, others, open, isChanged, isReadOnly, body, link, onOpen, onDiscard }: Props) {
  const client = useQueryClient();
  const [naming, setNaming] = useState<"new" | "rename" | null>(null);
  const mayWrite = !isReadOnly && me.permissions.includes("views.write");
  const mayChange = !isReadOnly && open !== undefined && canChange(open, me);

  const save = useMutation({
    mutationFn: (view: SavedView) => {
      const { kind, filterGroups, query, sorts, columns, board } = body();
      return updateView(view, { kind, filterGroups, query, sorts, columns, board });
    },
    onSuccess: (view) => {
      showView(client, view);
      onDiscard();
      notify({ text: t("views:saved", { name: view.name }) });
    },
    onError: (error) => complain(error),
  });
  const complain = (error: Error) => {
    const isStale = isStatus(error, 412);
    notify({ text: isStale ? t("views:stale") : messageOf(error), tone: "bad" });
    if (isStale) void refreshViews(client);
  };
  const remove = async (view: SavedView) => {
    try {
      await archiveView(view);
      showView(client, { ...view, archived: true });
      onOpen(undefined);
      notify({
        text: t("views:removed", { name: view.name }),
        undo: () =>
          void unarchiveView(view).then((back) => {
            showView(client, back);
            onOpen(back);
          }, complain),
      });
    } catch (error) {
      complain(error as Error);
    }
  };
  const share = (view: SavedView) =>
    void updateView(view, { visibility: view.visibility === "shared" ? "private" : "shared" }).then(
      (next) => showView(client, next),
      complain,
    );
  const move = (view: SavedView, by: 1 | -1) => {
    const group = view.owner === me.user.id ? own : others;
    const at = group.indexOf(view);
    const all = [...group.toSpliced(at, 1).toSpliced(at + by, 0, view)];
    const order = view.owner === me.user.id ? [...all, ...others] : [...own, ...all];
    void orderViews(order.filter((one) => canChange(one, me))).then(() => refreshViews(client), complain);
  };
  const name = (given: Naming): Promise<SavedView> =>
    naming === "rename" && open ? updateView(open, given) : createView({ ...body(), ...given });

  const tab = (view: SavedView) => (
    <li key={view.id} className={classes.item} data-open={view === open || undefined}>
      {link(
        view,
        <>
          {view.visibility === "shared" && (
            <span className={classes.shared} role="img" aria-label={t("ui:shared")}>
              <PeopleIcon size={13} />
            </span>
          )}
          <span className={classes.name}>{view.name}</span>
          {view === open && isChanged && (
            <span className={classes.changed} role="img" aria-label={t("views:changed")} />
          )}
        </>,
      )}
      {view === open && (mayChange || mayWrite) && (
        <ViewMenu
          view={view}
          place={placeOf(view, view.owner === me.user.id ? own : others)}
          mayChange={mayChange}
          mayShare={mayChange && canShare(me)}
          onRename={() => setNaming("rename")}
          onCopy={() => setNaming("new")}
          onShare={() => share(view)}
          onMove={(by) => move(view, by)}
          onRemove={() => void remove(view)}
        />
      )}
    </li>
  );

  return (
    <div className={classes.bar}>
      <nav className={classes.tabs} data-tour="views" aria-label={t("views:views")}>
        <ul className={classes.list}>
          <li className={classes.item} data-open={open === undefined || undefined}>
            {link(undefined, <span className={classes.name}>{t("views:all")}</span>)}
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
            {open ? t("views:saveAs") : t("views:saveNew")}
          </Button>
          {open && (
            <Button variant="subtle" color="gray" onClick={onDiscard}>
              {t("views:discard")}
            </Button>
          )}
        </div>
      )}
      {naming !== null && (
        <NamingDialog
          title={naming === "rename" ? t("views:rename") : t("views:new")}
          name={naming === "rename" ? (open?.name ?? "") : ""}
          visibility={naming === "rename" ? (open?.visibility ?? "private") : "private"}
          canShare={canShare(me)}
          onSave={name}
          onDone={(view) => {
            showView(client, view);
            if (naming === "new") onOpen(view);
            setNaming(null);
          }}
          onClose={() => setNaming(null)}
        />
      )}
    </div>
  );
}

interface MenuProps {
  view: SavedView;
  place: { isFirst: boolean; isLast: boolean };
  mayChange: boolean;
  mayShare: boolean;
  onRename: () => void;
  onCopy: () => void;
  onShare: () => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

function ViewMenu({ view, place, mayChange, mayShare, onRename, onCopy, onShare, onMove, onRemove }: MenuProps) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <ActionIcon variant="subtle" size={24} aria-label={t("views:actions", { name: view.name })}>
          <ChevronIcon size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayChange && <Menu.Item onClick={onRename}>{t("views:rename")}</Menu.Item>}
        <Menu.Item onClick={onCopy}>{t("views:saveAs")}</Menu.Item>
        {mayShare && (
          <Menu.Item onClick={onShare}>{view.visibility === "shared" ? t("ui:unshare") : t("ui:share")}</Menu.Item>
        )}
        {mayChange && !place.isFirst && <Menu.Item onClick={() => onMove(-1)}>{t("list:moveLeft")}</Menu.Item>}
        {mayChange && !place.isLast && <Menu.Item onClick={() => onMove(1)}>{t("list:moveRight")}</Menu.Item>}
        {mayChange && (
          <>
            <Menu.Divider role="separator" />
            <Menu.Item color="var(--bad)" onClick={onRemove}>
              {t("views:remove")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

const placeOf = (view: SavedView, group: SavedView[]) => ({
  isFirst: group[0] === view,
  isLast: group.at(-1) === view,
});
