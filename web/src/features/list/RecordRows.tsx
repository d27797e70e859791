/** The list on a narrow screen: two lines a record. */
import { stageOf } from "../../api/objects";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { columnsOf } from "./columns";
import { RecordLink } from "./RecordList";
import classes from "./RecordList.module.css";
import { spansOf, TimeInStage } from "./StageCell";

interface Props {
  object: ObjectType;
  records: LeadlineRecord[];
}

export function RecordRows({ object, records }: Props) {
  const stage = stageOf(object);
  const [first, second] = columnsOf(object).flatMap((column) =>
    column.kind === "property" && !column.isTitle && column.property !== stage ? [column.property] : [],
  );
  return (
    <ul className={classes.rows}>
      {records.map((record) => (
        <li key={record.id} className={classes.row}>
          <RecordLink object={object} record={record} />
          {stage && <Shown value={record.properties[stage.name]} property={stage} />}
          <span className="quiet">
            {first && <Shown value={record.properties[first.name]} property={first} plain />}
            {second && (
              <>
                {" · "}
                <Shown value={record.properties[second.name]} property={second} plain />
              </>
            )}
          </span>
          {stage && <TimeInStage property={stage} spans={spansOf(record, stage)} />}
        </li>
      ))}
    </ul>
  );
}
