/** The records that something is about, by name. */
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { RecordRef } from "../../api/activities";
import { objectsQuery } from "../../api/objects";
import { linkedRecordQuery } from "../../api/titles";
import { titleOf } from "../../fields/title";
import classes from "./AboutLinks.module.css";

export function AboutLinks({ records }: { records: RecordRef[] }) {
  return (
    <span className={classes.links}>
      {records.map((record) => (
        <AboutLink key={record.id} record={record} />
      ))}
    </span>
  );
}

function AboutLink({ record: { object: name, id } }: { record: RecordRef }) {
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const { data: record } = useQuery(linkedRecordQuery(name, id));
  const object = objects.find((one) => one.name === name);
  if (!object || !record) return null;
  return (
    <Link to="/objects/$object/$recordId" params={{ object: name, recordId: id }} className={classes.link}>
      {titleOf(record, object)}
    </Link>
  );
}
