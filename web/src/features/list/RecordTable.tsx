/** The list as a table: a head that sorts, one line a record. */
import { UnstyledButton } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { ArrowDownIcon, ArrowUpIcon } from "../../ui/icons";
import { Moment } from "../../ui/Moment";
import { columnsOf, sortKeyOf, type Column } from "./columns";
import { RecordLink } from "./RecordList";
import classes from "./RecordList.module.css";
import { nextSort, parseSort } from "./sort";
import { spansOf, StageCell, TimeInStage } from "./StageCell";

interface Props {
  object: ObjectType;
  records: LeadlineRecord[];
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}

export function RecordTable({ object, records, sort, onSort }: Props) {
  const navigate = useNavigate();
  const columns = columnsOf(object);
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {records.map((record) => (
          <tr
            key={record.id}
            onClick={(event) => {
              // The title is the link; the rest of the row is a larger target for the pointer.
              if (event.target instanceof Element && event.target.closest("a, button")) return;
              void navigate({ to: "/objects/$object/$recordId", params: { object: object.name, recordId: record.id } });
            }}
          >
            {columns.map((column) => (
              <td key={column.key} data-align={column.align}>
                <Cell column={column} object={object} record={record} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface HeadProps {
  column: Column;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}

function HeadCell({ column, sort, onSort }: HeadProps) {
  const key = sortKeyOf(column);
  const current = parseSort(sort);
  const direction = key !== null && current?.property === key ? current.direction : null;
  return (
    <th scope="col" data-align={column.align} aria-sort={direction ?? undefined}>
      {key === null ? (
        column.label
      ) : (
        <UnstyledButton className={classes.sort} onClick={() => onSort(nextSort(sort, key))}>
          {column.label}
          {direction === "ascending" && <ArrowUpIcon size={12} />}
          {direction === "descending" && <ArrowDownIcon size={12} />}
        </UnstyledButton>
      )}
    </th>
  );
}

interface CellProps {
  column: Column;
  object: ObjectType;
  record: LeadlineRecord;
}

function Cell({ column, object, record }: CellProps) {
  switch (column.kind) {
    case "created":
      return <Moment at={record.createdAt} as="day" />;
    case "time-in-stage":
      return <TimeInStage property={column.property} spans={spansOf(record, column.property)} />;
    case "property":
      if (column.isTitle) return <RecordLink object={object} record={record} />;
      if (column.property.type === "stage") {
        return (
          <StageCell
            object={object}
            record={record}
            property={column.property}
            spans={spansOf(record, column.property)}
          />
        );
      }
      return (
        <Shown
          value={record.properties[column.key]}
          property={column.property}
          plain={column.property.type === "money" || column.property.type === "select"}
        />
      );
  }
}
