/** The last values of one property: each with when, who and how long. */
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { membersQuery } from "../api/objects";
import { isOpen } from "../api/spans";
import type { Member, Property, ValueSpan } from "../api/types";
import { formatDuration } from "../ui/duration";
import { Moment } from "../ui/Moment";
import { shortActorName } from "./actor";
import { Shown } from "./Shown";
import classes from "./SpanList.module.css";

const SHOWN = 5;

export function SpanList({ property, spans }: { property: Property; spans: ValueSpan[] }) {
  const { data: members = [] } = useQuery(membersQuery);
  if (spans.length === 0) return <p className="quiet">{t("fields:neverSet", { property: property.label })}</p>;
  return (
    <>
      <p className={classes.head}>
        <span>{property.label}</span>
        <span className="quiet num">{t("fields:values", { count: spans.length })}</span>
      </p>
      <ol>
        {spans.slice(0, SHOWN).map((span) => (
          <SpanRow key={span.validFrom + span.changeSet} span={span} property={property} members={members} />
        ))}
      </ol>
    </>
  );
}

function SpanRow({ span, property, members }: { span: ValueSpan; property: Property; members: Member[] }) {
  return (
    <li className={classes.row}>
      <span className={classes.value}>
        <Shown value={span.value} property={property} />
      </span>
      <span className="quiet">
        <Moment at={span.validFrom} as="short" recordedAt={span.recordedAt} />, {shortActorName(span, members)}
      </span>
      <span className={classes.length}>
        {formatDuration(span.durationSeconds)}
        {isOpen(span) && `, ${t("fields:now")}`}
      </span>
    </li>
  );
}
