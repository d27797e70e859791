/** What the list amounts to, and how long the answer took. */
import type { AsOf, ListPage } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { formatDay } from "../../ui/time";
import classes from "./RecordList.module.css";

interface Props {
  object: ObjectType;
  total: ListPage["total"];
  shown: number;
  asOf: AsOf;
  elapsedMs: number;
}

export function ListFooter({ object, total, shown, asOf, elapsedMs }: Props) {
  const count = total?.value ?? shown;
  const noun = (count === 1 ? object.label : object.pluralLabel).toLowerCase();
  return (
    <footer className={classes.footer}>
      <span>
        <b>
          {total?.relation === "gte" && "more than "}
          {count.toLocaleString("en-GB")}
        </b>{" "}
        {noun}
        {asOf !== null && ` on ${formatDay(asOf)}`}
      </span>
      <span className={classes.elapsed}>answered in {Math.max(1, Math.round(elapsedMs))} ms</span>
    </footer>
  );
}
