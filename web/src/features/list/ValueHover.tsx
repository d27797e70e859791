/** The last values of one cell: each with when, who and how long. One card for the whole list, wherever the pointer is. */
import { Popover, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { propertyOf } from "../../api/objects";
import { recordQuery, type AsOf } from "../../api/records";
import type { LeadlineRecord, ObjectType, Property } from "../../api/types";
import { SpanList } from "../../fields/SpanList";
import { spansOf } from "./TimeInStage";
import type { HoveredValue } from "./useValueHover";
import classes from "./ValueHover.module.css";

interface Props {
  object: ObjectType;
  asOf: AsOf;
  hovered: HoveredValue | null;
  record: LeadlineRecord | undefined;
  keepOpen: (isInside: boolean) => void;
}

export function ValueHover({ object, asOf, hovered, record, keepOpen }: Props) {
  const property = hovered ? propertyOf(object, hovered.property) : undefined;
  if (!hovered || !record || !property) return null;
  const { left, top, width, height } = hovered.place;
  return (
    <Popover
      key={`${hovered.recordId}-${hovered.property}`}
      opened
      position="bottom-start"
      width={348}
      withRoles={false}
    >
      <Popover.Target>
        <span className={classes.target} style={{ left, top, width, height }} />
      </Popover.Target>
      <Popover.Dropdown
        className={classes.card}
        role="status"
        onPointerEnter={() => keepOpen(true)}
        onPointerLeave={() => keepOpen(false)}
      >
        <Spans object={object} asOf={asOf} record={record} property={property} />
        <Link
          className={classes.open}
          to="/objects/$object/$recordId"
          params={{ object: object.name, recordId: record.id }}
          search={{ half: "history" }}
        >
          {t("list:openHistory")}
        </Link>
      </Popover.Dropdown>
    </Popover>
  );
}

interface SpansProps {
  object: ObjectType;
  asOf: AsOf;
  record: LeadlineRecord;
  property: Property;
}

function Spans({ object, asOf, record, property }: SpansProps) {
  const given = spansOf(record, property);
  const { data: read, isError } = useQuery({
    ...recordQuery({ object: object.name, id: record.id, asOf, withHistory: [property.name] }),
    enabled: given === undefined,
  });
  const spans = given ?? (read ? (spansOf(read, property) ?? []) : undefined);
  if (isError) return <p className="quiet">{t("list:historyNotLoaded")}</p>;
  return spans ? <SpanList property={property} spans={spans} /> : <Skeleton height={48} />;
}
