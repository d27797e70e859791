/** The list on a narrow screen: two lines a record. Only what is in sight is in the document. */
import { memo, useMemo } from "react";
import { stageOf } from "../../api/objects";
import type { LeadlineRecord, ObjectType, Property } from "../../api/types";
import { Shown } from "../../fields/Shown";
import type { VisibleRows } from "../../ui/useVisibleRows";
import { columnsOf } from "./columns";
import { RecordLink } from "./RecordLink";
import classes from "./RecordRows.module.css";
import { spansOf, TimeInStage } from "./TimeInStage";
import type { RecordPages } from "./useRecordPages";

/** As in the style sheet. */
export const TWO_LINES_PX = 58;

interface Props {
  object: ObjectType;
  pages: RecordPages;
  rows: VisibleRows;
}

export function RecordRows({ object, pages, rows }: Props) {
  const second = useMemo(() => secondLineOf(object), [object]);
  const { first } = rows;
  const last = Math.min(rows.last, pages.count);
  const above = Math.min(first, pages.count) * TWO_LINES_PX;
  const below = Math.max(0, pages.count - last) * TWO_LINES_PX;
  return (
    <ul className={classes.rows} style={{ paddingTop: above, paddingBottom: below }}>
      {Array.from({ length: Math.max(0, last - first) }, (_, index) => {
        const record = pages.recordAt(first + index);
        if (!record) return <li key={first + index} className={classes.row} aria-hidden />;
        return (
          <Row
            key={record.id}
            position={first + index + 1}
            count={pages.total?.value ?? pages.count}
            object={object}
            record={record}
            second={second}
          />
        );
      })}
    </ul>
  );
}

interface RowProps {
  position: number;
  count: number;
  object: ObjectType;
  record: LeadlineRecord;
  second: Property[];
}

const Row = memo(function Row({ position, count, object, record, second }: RowProps) {
  const stage = stageOf(object);
  const told = second.filter(({ name }) => record.properties[name] !== null && record.properties[name] !== undefined);
  return (
    <li className={classes.row} aria-posinset={position} aria-setsize={count}>
      <RecordLink object={object} record={record} />
      {stage ? <Shown value={record.properties[stage.name]} property={stage} /> : <span />}
      <span className={classes.second}>
        {told.map((property, index) => (
          <span key={property.name}>
            {index > 0 && " · "}
            <Shown value={record.properties[property.name]} property={property} plain />
          </span>
        ))}
      </span>
      {stage && (
        <span className={classes.time}>
          <TimeInStage property={stage} spans={spansOf(record, stage)} />
        </span>
      )}
    </li>
  );
});

/** What the table shows first beside the title and the stage. */
function secondLineOf(object: ObjectType): Property[] {
  const stage = stageOf(object);
  const others = columnsOf(object).flatMap((column) =>
    column.kind === "property" && !column.isTitle && column.property !== stage ? [column.property] : [],
  );
  return others.slice(0, 2);
}
