/** What can be done with the records that are chosen: set a property of all, or archive them. Both can be taken back. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { archiveMany, readAll, readSome, updateMany, type Outcome, type Progress } from "../../api/bulk";
import { messageOf } from "../../api/problem";
import { refreshRecords, type ListView } from "../../api/records";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { formatCount } from "../../texts/locale";
import { nounOf, nounsOf } from "../../texts/words";
import { changeNotice, dismiss, notify } from "../../ui/notices";
import { onDemand } from "../../ui/onDemand";
import classes from "./BulkBar.module.css";
import type { Selection } from "./selection";

const BulkEditDialog = onDemand(() => import("./BulkEditDialog").then((module) => module.BulkEditDialog));

interface Props {
  object: ObjectType;
  view: ListView;
  selection: Selection;
  total: number;
  /** What becomes of a single one, of objects of which something can become. */
  onConvert?: (id: string) => void;
}

type Report = (progress: Progress) => void;

export function BulkBar({ object, view, selection, total, onConvert }: Props) {
  const client = useQueryClient();
  const [isEditing, setEditing] = useState(false);
  const count = selection.isAll ? total : selection.ids.size;
  if (count === 0) return null;
  const noun = count === 1 ? nounOf(object) : nounsOf(object);
  const [only] = !selection.isAll && count === 1 ? selection.ids : [];

  /** Shows how far it is, then what came of it with the way back. */
  const run = async (
    doing: string,
    work: (records: LeadlineRecord[], report: Report) => Promise<Outcome>,
    names: string[],
  ) => {
    const id = notify({ text: doing, progress: 0 });
    const report: Report = ({ done, total: all }) => changeNotice(id, { progress: all === 0 ? 1 : done / all });
    try {
      const records = selection.isAll
        ? await readAll(view, names, report)
        : await readSome(object.name, [...selection.ids]);
      const outcome = await work(records, report);
      dismiss(id);
      tell(outcome);
      selection.clear();
    } catch (error) {
      dismiss(id);
      notify({ text: messageOf(error), tone: "bad" });
    }
    await refreshRecords(client);
  };

  const refusalOf = ([first, ...others]: Outcome["refused"]) =>
    first && t("list:bulk.refused", { count: 1 + others.length, reason: first.message });

  const tell = ({ changed, refused, undo }: Outcome) => {
    const first = refusalOf(refused);
    const text = t("list:bulk.done", { count: changed, noun: changed === 1 ? nounOf(object) : nounsOf(object) });
    notify({
      text: first ? `${text} ${first}` : text,
      tone: first ? "bad" : undefined,
      undo: changed === 0 ? undefined : () => void takeBack(undo),
    });
  };

  const takeBack = async (undo: Outcome["undo"]) => {
    const id = notify({ text: t("list:bulk.undoing"), progress: 0 });
    try {
      const text = refusalOf(await undo(({ done, total: all }) => changeNotice(id, { progress: done / all })));
      if (text) notify({ text, tone: "bad" });
    } catch (error) {
      notify({ text: messageOf(error), tone: "bad" });
    }
    dismiss(id);
    await refreshRecords(client);
  };

  return (
    <div className={classes.bar} role="toolbar" aria-label={t("list:bulk.label")}>
      <span>
        <b>{formatCount(count)}</b> {noun}
      </span>
      {!selection.isAll && total > count && (
        <Button variant="subtle" onClick={selection.toggleAll}>
          {t("list:bulk.all", { figure: formatCount(total) })}
        </Button>
      )}
      <span className={classes.space} />
      {onConvert && only !== undefined && <Button onClick={() => onConvert(only)}>{t("convert:open")}</Button>}
      <Button onClick={() => setEditing(true)}>{t("list:bulk.edit")}</Button>
      <Button
        onClick={() =>
          void run(
            t("list:bulk.archiving"),
            (records, report) =>
              archiveMany(
                object.name,
                records.map(({ id }) => id),
                report,
              ),
            [],
          )
        }
      >
        {t("list:bulk.archive")}
      </Button>
      <Button variant="subtle" onClick={selection.clear}>
        {t("list:bulk.clear")}
      </Button>
      {isEditing && (
        <BulkEditDialog
          object={object}
          title={t("list:bulk.title", { figure: formatCount(count), noun })}
          onClose={() => setEditing(false)}
          onSet={(property, value) => {
            setEditing(false);
            void run(
              t("list:bulk.setting", { property: property.label }),
              (records, report) => updateMany(object.name, records, { [property.name]: value }, report),
              [property.name],
            );
          }}
        />
      )}
    </div>
  );
}
