/** A record's stage in a list: its tag, the last visits on hover, and how long it has been there. */
import { HoverCard } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { optionOf } from "../../api/objects";
import { isOpen } from "../../api/spans";
import type { LeadlineRecord, ObjectType, Property, ValueSpan } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { SpanList } from "../../fields/SpanList";
import { formatDuration, parseIsoDuration } from "../../ui/duration";
import classes from "./RecordList.module.css";

interface Props {
  object: ObjectType;
  record: LeadlineRecord;
  property: Property;
  spans: ValueSpan[] | undefined;
}

export function StageCell({ object, record, property, spans }: Props) {
  return (
    <HoverCard withRoles={false} openDelay={300} position="bottom-start" width={340} disabled={!spans}>
      <HoverCard.Target>
        <span>
          <Shown value={record.properties[property.name]} property={property} />
        </span>
      </HoverCard.Target>
      <HoverCard.Dropdown className={classes.visits}>
        <SpanList property={property} spans={spans ?? []} />
        <Link
          className={classes.open}
          to="/objects/$object/$recordId"
          params={{ object: object.name, recordId: record.id }}
        >
          Open history
        </Link>
      </HoverCard.Dropdown>
    </HoverCard>
  );
}

/** "30 d", and "33 d · over 21 d" in amber past the stage's limit. */
export function TimeInStage({ property, spans }: { property: Property; spans: ValueSpan[] | undefined }) {
  const current = spans?.[0];
  if (!current || !isOpen(current) || current.value === null) return null;
  const limit = parseIsoDuration(optionOf(property, current.value)?.maxDuration);
  const isOver = limit !== null && current.durationSeconds > limit;
  return (
    <span className={isOver ? classes.over : classes.time}>
      {formatDuration(current.durationSeconds)}
      {isOver && ` · over ${formatDuration(limit)}`}
    </span>
  );
}

/** The spans that came with the list. */
export function spansOf(record: LeadlineRecord, property: Property): ValueSpan[] | undefined {
  return record.propertiesWithHistory?.[property.name];
}
