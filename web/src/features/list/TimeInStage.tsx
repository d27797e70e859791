/** How long a record has been in its stage: "30 d", and "33 d · over 21 d" in amber past the stage's limit. */
import { t } from "i18next";
import { optionOf } from "../../api/objects";
import { isOpen } from "../../api/spans";
import type { LeadlineRecord, Property, ValueSpan } from "../../api/types";
import { formatDuration, parseIsoDuration } from "../../ui/duration";
import classes from "./TimeInStage.module.css";

export function TimeInStage({ property, spans }: { property: Property; spans: ValueSpan[] | undefined }) {
  const current = spans?.[0];
  if (!current || !isOpen(current) || current.value === null) return null;
  const limit = parseIsoDuration(optionOf(property, current.value)?.maxDuration);
  const isOver = limit !== null && current.durationSeconds > limit;
  return (
    <span className={isOver ? classes.over : classes.time}>
      {formatDuration(current.durationSeconds)}
      {isOver && ` · ${t("list:over", { limit: formatDuration(limit) })}`}
    </span>
  );
}

/** The spans that came with the list. */
export function spansOf(record: LeadlineRecord, property: Property): ValueSpan[] | undefined {
  return record.propertiesWithHistory?.[property.name];
}
