/** The title of a record in a list: the link to its page, which keeps the moment. */
import { Link } from "@tanstack/react-router";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { titleOf } from "../../fields/title";
import classes from "./RecordLink.module.css";

export function RecordLink({ object, record }: { object: ObjectType; record: LeadlineRecord }) {
  return (
    <Link
      className={classes.title}
      data-title
      to="/objects/$object/$recordId"
      params={{ object: object.name, recordId: record.id }}
    >
      {titleOf(record, object)}
    </Link>
  );
}
