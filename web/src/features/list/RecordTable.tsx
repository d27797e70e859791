/** The list as a table: a head that sorts, one line a record. Only the lines in sight are in the document. */
import { UnstyledButton } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { memo, useEffect, useMemo, useRef, type CSSProperties, type RefObject } from "react";
import type { AsOf } from "../../api/records";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { ArrowDownIcon, ArrowUpIcon } from "../../ui/icons";
import { Moment } from "../../ui/Moment";
import { useVisibleRows } from "../../ui/useVisibleRows";
import { columnsOf, propertyOfColumn, sortKeyOf, type Column } from "./columns";
import { RecordLink } from "./RecordLink";
import classes from "./RecordTable.module.css";
import { nextSort, OWN_SORT, parseSort } from "./sort";
import { spansOf, TimeInStage } from "./TimeInStage";
import { useRowKeys } from "./useRowKeys";
import { useValueHover } from "./useValueHover";
import { ValueHover } from "./ValueHover";

/** As in the style sheet. */
const ROW_PX = 36;
const HEAD_PX = 32;
const TITLE_SHARE = 0.24;

interface Props {
  object: ObjectType;
  records: LeadlineRecord[];
  /** How many there are, loaded or not. */
  total: number;
  asOf: AsOf;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  scroller: RefObject<HTMLElement | null>;
}

export function RecordTable({ object, records, total, asOf, sort, onSort, scroller }: Props) {
  const navigate = useNavigate();
  const columns = useMemo(() => columnsOf(object), [object]);
  const { first, last } = useVisibleRows(scroller, ROW_PX);
  const { active, onKeyDown } = useRowKeys(records.length, scroller, { rowPx: ROW_PX, headPx: HEAD_PX });
  const hover = useValueHover(scroller);
  const shown = records.slice(first, last);
  const below = Math.max(0, records.length - last);

  return (
    <>
      <table
        className={classes.table}
        style={{ "--columns-width": `${widthOf(columns)}px` } as CSSProperties}
        aria-rowcount={total + 1}
        onKeyDown={onKeyDown}
        {...hover.listeners}
        onClick={(event) => {
          // The title is the link; the rest of the row is a larger target for the pointer.
          if (!(event.target instanceof Element) || event.target.closest("a, button, th")) return;
          const recordId = event.target.closest("tr")?.dataset.record;
          if (recordId === undefined || getSelection()?.type === "Range") return;
          void navigate({ to: "/objects/$object/$recordId", params: { object: object.name, recordId } });
        }}
      >
        <colgroup>
          {columns.map((column) => (
            // Titles are what is read: of wide screens they take a good part.
            <col
              key={column.key}
              style={{ width: column.kind === "property" && column.isTitle ? `${TITLE_SHARE * 100}%` : column.widthPx }}
            />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Space rows={Math.min(first, records.length)} />
          {shown.map((record, index) => (
            <Row
              key={record.id}
              index={first + index}
              isActive={first + index === active}
              object={object}
              columns={columns}
              record={record}
            />
          ))}
          <Space rows={below} />
        </tbody>
      </table>
      <ValueHover
        object={object}
        asOf={asOf}
        hovered={hover.hovered}
        record={records.find(({ id }) => id === hover.hovered?.recordId)}
        keepOpen={hover.keepOpen}
      />
    </>
  );
}

/** Stands for rows that are not drawn. */
function Space({ rows }: { rows: number }) {
  return rows === 0 ? null : <tr aria-hidden style={{ height: rows * ROW_PX }} />;
}

interface RowProps {
  index: number;
  isActive: boolean;
  object: ObjectType;
  columns: Column[];
  record: LeadlineRecord;
}

const Row = memo(function Row({ index, isActive, object, columns, record }: RowProps) {
  const ref = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isActive) ref.current?.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  }, [isActive]);
  return (
    <tr ref={ref} data-record={record.id} data-index={index} aria-rowindex={index + 2}>
      {columns.map((column) => (
        <td
          key={column.key}
          data-align={column.align}
          data-property={propertyOfColumn(column)?.name}
          data-stage={propertyOfColumn(column)?.type === "stage" || undefined}
        >
          <Cell column={column} object={object} record={record} />
        </td>
      ))}
    </tr>
  );
});

interface HeadProps {
  column: Column;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}

function HeadCell({ column, sort, onSort }: HeadProps) {
  const key = sortKeyOf(column);
  const current = parseSort(sort) ?? OWN_SORT;
  const direction = key !== null && current.property === key ? current.direction : null;
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
      return (
        <Shown
          value={record.properties[column.key]}
          property={column.property}
          plain={column.property.type === "money" || column.property.type === "select"}
        />
      );
  }
}

/** The least that the columns need; a narrower screen scrolls sideways. */
function widthOf(columns: Column[]): number {
  const isTitle = (column: Column) => column.kind === "property" && column.isTitle;
  const title = columns.find(isTitle)?.widthPx ?? 0;
  const others = columns.filter((column) => !isTitle(column)).reduce((sum, column) => sum + column.widthPx, 0);
  return Math.max(title + others, others / (1 - TITLE_SHARE));
}
