/** One box for everything: records of all objects while one types, pages and commands. Arrows choose, Enter goes. */
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { useId, useRef, useState, type ReactNode } from "react";
import type { AsOf } from "../../api/records";
import type { ReportKind } from "../../api/reports";
import { savedReportsQuery } from "../../api/savedReports";
import { everywhereQuery } from "../../api/search";
import { stageOf } from "../../api/objects";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { titleOf } from "../../fields/title";
import { ObjectIcon, SearchIcon } from "../../ui/icons";
import classes from "./Palette.module.css";

/** A page or something that can be done. */
export interface Command {
  key: string;
  label: string;
  /** Further words by which it is found. */
  also?: string;
  /** The keys that do the same, as they are pressed. */
  keys?: string;
  run: () => void;
}

interface Props {
  objects: ObjectType[];
  asOf: AsOf;
  pages: Command[];
  commands: Command[];
  onOpen: (record: LeadlineRecord) => void;
  onShowAll: (object: string, words: string) => void;
  onReport: (kind: ReportKind, id: string) => void;
  onClose: () => void;
}

interface Item {
  key: string;
  group: string;
  content: ReactNode;
  aside?: ReactNode;
  run: () => void;
}

export function Palette({ objects, asOf, pages, commands, onOpen, onShowAll, onReport, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const [words] = useDebouncedValue(typed.trim(), 120);
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = useQuery(everywhereQuery(words, asOf));
  const { data: saved = [] } = useQuery(savedReportsQuery);

  const fits = ({ label, also = "" }: Command) =>
    typed
      .toLowerCase()
      .split(/\s+/)
      .every((word) => `${label} ${also}`.toLowerCase().includes(word));
  const command =
    (group: string) =>
    (one: Command): Item => ({
      key: one.key,
      group,
      content: one.label,
      aside: one.keys && <Keys keys={one.keys} />,
      run: one.run,
    });
  const records =
    typed.trim() === ""
      ? []
      : (found.data ?? []).flatMap(({ object: name, total, records: some }) => {
          const object = objects.find((one) => one.name === name);
          if (!object) return [];
          const stage = stageOf(object);
          const items: Item[] = some.map((record) => ({
            key: record.id,
            group: object.pluralLabel,
            content: (
              <>
                <ObjectIcon name={object.name} size={15} />
                <span className={classes.title}>{titleOf(record, object)}</span>
              </>
            ),
            aside: stage && <Shown value={record.properties[stage.name]} property={stage} />,
            run: () => onOpen(record),
          }));
          if (total > some.length)
            items.push({
              key: `all-${name}`,
              group: object.pluralLabel,
              content: <span className="quiet">{t("palette:all", { figure: total, nouns: object.pluralLabel })}</span>,
              run: () => onShowAll(name, words),
            });
          return items;
        });
  const reports = saved.map(({ id, kind, name }) => ({
    key: `report-${id}`,
    label: t("views:inPalette", { nouns: t("shell:reports"), name }),
    run: () => onReport(kind, id),
  }));
  const items = [
    ...records,
    ...[...pages, ...reports].filter(fits).map(command(t("palette:pages"))),
    ...commands.filter(fits).map(command(t("palette:commands"))),
  ];
  const at = Math.min(chosen, items.length - 1);

  const choose = (index: number) => {
    const next = (index + items.length) % Math.max(1, items.length);
    setChosen(next);
    list.current?.querySelectorAll("[role=option]")[next]?.scrollIntoView({ block: "nearest" });
  };
  const run = (item: Item | undefined) => {
    if (!item) return;
    onClose();
    item.run();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="12vh"
      size={620}
      padding={0}
      aria-label={t("palette:title")}
      classNames={{ content: classes.content }}
    >
      <div className={classes.box}>
        <SearchIcon size={16} />
        <input
          className={classes.input}
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={items[at] && `${listId}-${at}`}
          aria-label={t("palette:title")}
          placeholder={t("palette:placeholder")}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") choose(at + 1);
            else if (event.key === "ArrowUp") choose(at - 1);
            else if (event.key === "Enter") run(items[at]);
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <div ref={list} id={listId} role="listbox" aria-label={t("palette:results")} className={classes.list}>
        {items.map((item, index) => (
          <div key={item.key} role="presentation">
            {item.group !== items[index - 1]?.group && (
              <div className={classes.group} role="presentation">
                {item.group}
              </div>
            )}
            <div
              role="option"
              id={`${listId}-${index}`}
              aria-selected={index === at}
              className={classes.item}
              onPointerMove={() => {
                if (index !== at) setChosen(index);
              }}
              onClick={() => run(item)}
            >
              <span className={classes.main}>{item.content}</span>
              {item.aside}
            </div>
          </div>
        ))}
      </div>
      {items.length === 0 && (
        <p className={classes.nothing} role="status">
          {found.isFetching || words !== typed.trim() ? t("palette:searching") : t("palette:nothing", { words })}
        </p>
      )}
    </Modal>
  );
}

/** Keys as they are pressed, one after the other. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {keys.split(" ").map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
