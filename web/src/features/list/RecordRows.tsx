/** The list on a narrow screen: two lines a record. Only what is in sight is in the document. */
import { memo, useMemo, type RefObject } from "react";
import { stageOf } from "../../api/objects";
import type { LeadlineRecord, ObjectType, Property } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { useVisibleRows } from "../../ui/useVisibleRows";
import { columnsOf } from "./columns";
import { RecordLink } from "./RecordLink";
import classes from "./RecordRows.module.css";
import { spansOf, TimeInStage } from "./TimeInStage";

/** As in the style sheet. */
const ROW_PX = 58;

interface Props {
  object: ObjectType;
  records: LeadlineRecord[];
  scroller: RefObject<HTMLElement | null>;
}

export function RecordRows({ object, records, scroller }: Props) {
  const { first, last } = useVisibleRows(scroller, ROW_PX);
  const second = useMemo(() => secondLineOf(object), [object]);
  const above = Math.min(first, records.length);
  const below = Math.max(0, records.length - last);
  return (
    <ul className={classes.rows} style={{ paddingTop: above * ROW_PX, paddingBottom: below * ROW_PX }}>
      {records.slice(first, last).map((record, index) => (
        <Row
          key={record.id}
          position={first + index + 1}
          count={records.length}
          object={object}
          record={record}
          second={second}
        />
      ))}
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
