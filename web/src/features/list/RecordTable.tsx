/** The list as a table: a head that orders, one line a record. Only the lines in sight are in the document. */
import { Skeleton } from "@mantine/core";
import { useLayoutEffect, useRef, useState, type CSSProperties, type RefObject } from "react";
import { messageOf, messagesByName } from "../../api/problem";
import type { AsOf, Sort } from "../../api/records";
import type { LeadlineRecord, ObjectType, Value } from "../../api/types";
import { useRowPx } from "../../ui/density";
import { onDemand } from "../../ui/onDemand";
import type { VisibleRows } from "../../ui/useVisibleRows";
import { isTitleColumn, type Column } from "./columns";
import classes from "./RecordTable.module.css";
import type { Selection } from "./selection";
import { TableHead, type HeadActions } from "./TableHead";
import { TableRow, type Editing, type RowActions } from "./TableRow";
import { useEditValue } from "./useEditValue";
import type { RecordPages } from "./useRecordPages";
import { useRowKeys } from "./useRowKeys";
import { useValueHover } from "./useValueHover";

const ValueHover = onDemand(() => import("./ValueHover").then((module) => module.ValueHover));

/** As in the style sheet. */
const HEAD_PX = 32;
const TITLE_SHARE = 0.24;

interface Props extends HeadActions {
  object: ObjectType;
  pages: RecordPages;
  rows: VisibleRows;
  columns: Column[];
  asOf: AsOf;
  sorts: Sort[];
  /** The record that is open beside the list. */
  peek: string | undefined;
  onPeek: (id: string) => void;
  selection: Selection;
  /** Nothing can be changed: in the past, or without the right to. */
  isReadOnly: boolean;
  scroller: RefObject<HTMLElement | null>;
}

export function RecordTable(props: Props) {
  const { object, pages, rows, columns, asOf, sorts, peek, onPeek, selection, isReadOnly, scroller } = props;
  const [editing, setEditing] = useState<Editing | null>(null);
  const rowPx = useRowPx();
  const { first } = rows;
  const last = Math.min(rows.last, pages.count);
  const visible = Array.from({ length: Math.max(0, last - first) }, (_, index) => pages.recordAt(first + index));
  const peekRow = (row: number) => {
    const id = pages.recordAt(row)?.id;
    if (id !== undefined) onPeek(id);
  };
  const keys = useRowKeys(
    pages.count,
    columns.length,
    scroller,
    { rowPx, headPx: HEAD_PX },
    {
      onPeek: peekRow,
      onWalk: peek === undefined ? undefined : peekRow,
      onSelect: isReadOnly ? undefined : (row) => selection.toggle(pages.recordAt(row)?.id ?? "", false),
      onEdit: isReadOnly
        ? undefined
        : (row, column) => {
            const [record, chosen] = [pages.recordAt(row), columns[column]];
            if (record && chosen?.kind === "property") setEditing({ recordId: record.id, key: chosen.key });
          },
    },
  );
  const hover = useValueHover(scroller);
  const edit = useEditValue(({ record, property, value }, error) =>
    setEditing({
      recordId: record.id,
      key: property.name,
      refused: { value, message: messagesByName(error)[property.name] ?? messageOf(error) },
    }),
  );
  const actions = useRowActions({
    onToggle: selection.toggle,
    onEdit: (recordId, key) => setEditing({ recordId, key }),
    onCloseEditor: () => setEditing(null),
    onSave: (record: LeadlineRecord, key: string, value: Value | null) => {
      const column = columns.find((one) => one.key === key);
      setEditing(null);
      if (column?.kind === "property") edit.mutate({ record, property: column.property, value });
    },
  });

  return (
    <>
      <table
        className={classes.table}
        style={{ "--columns-width": `${widthOf(columns)}px` } as CSSProperties}
        aria-rowcount={(pages.total?.value ?? pages.count) + 1}
        onKeyDown={keys.onKeyDown}
        {...hover.listeners}
        onClick={(event) => {
          // The title is the link; the rest of the row opens the record beside the list.
          if (!(event.target instanceof Element) || event.target.closest("a, button, th, input, [data-editing]"))
            return;
          const row = event.target.closest("tr");
          if (row?.dataset.record === undefined || getSelection()?.type === "Range") return;
          hover.close();
          onPeek(row.dataset.record);
          const column = Number(event.target.closest<HTMLElement>("[data-column]")?.dataset.column ?? 0);
          keys.go(Number(row.dataset.index), column);
        }}
      >
        <colgroup>
          {!isReadOnly && <col className={classes.checkColumn} />}
          {columns.map((column) => (
            // Titles are what is read: of wide screens they take a good part.
            <col
              key={column.key}
              style={{
                width: isTitleColumn(column) ? `max(${TITLE_SHARE * 100}%, ${column.widthPx}px)` : column.widthPx,
              }}
            />
          ))}
        </colgroup>
        <TableHead
          columns={columns}
          sorts={sorts}
          canSelect={!isReadOnly}
          isAllSelected={selection.isAll}
          onSelectAll={selection.toggleAll}
          onSorts={props.onSorts}
          onColumns={props.onColumns}
          onFilter={props.onFilter}
        />
        <tbody>
          <Space heightPx={Math.min(first, pages.count) * rowPx} />
          {visible.map((record, index) =>
            record ? (
              <TableRow
                key={record.id}
                index={first + index}
                activeColumn={keys.active?.row === first + index ? keys.active.column : null}
                isPeeked={record.id === peek}
                isSelected={selection.has(record.id)}
                canWrite={!isReadOnly}
                editing={editing?.recordId === record.id ? editing : null}
                object={object}
                columns={columns}
                record={record}
                actions={actions}
              />
            ) : (
              <Awaited key={first + index} index={first + index} columns={columns.length + (isReadOnly ? 0 : 1)} />
            ),
          )}
          <Space heightPx={Math.max(0, pages.count - last) * rowPx} />
        </tbody>
      </table>
      <ValueHover
        object={object}
        asOf={asOf}
        hovered={editing ? null : hover.hovered}
        record={visible.find((record) => record?.id === hover.hovered?.recordId)}
        keepOpen={hover.keepOpen}
      />
    </>
  );
}

/** The same functions at every render, so that rows need not be drawn again; what they do follows the latest one. */
function useRowActions(latest: RowActions): RowActions {
  const ref = useRef(latest);
  useLayoutEffect(() => {
    ref.current = latest;
  });
  const [stable] = useState<RowActions>(() => ({
    onToggle: (id, isRange) => ref.current.onToggle(id, isRange),
    onEdit: (recordId, key) => ref.current.onEdit(recordId, key),
    onSave: (record, key, value) => ref.current.onSave(record, key, value),
    onCloseEditor: () => ref.current.onCloseEditor(),
  }));
  return stable;
}

/** Stands for rows that are not drawn. A new element for each height: Chromium may keep the old height of a row. */
function Space({ heightPx }: { heightPx: number }) {
  return heightPx === 0 ? null : <tr key={heightPx} aria-hidden style={{ height: heightPx }} />;
}

/** A row whose page is on its way. */
function Awaited({ index, columns }: { index: number; columns: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns}>
        <Skeleton height={12} width={`${40 + ((index * 17) % 50)}%`} />
      </td>
    </tr>
  );
}

/** The least that the columns need; a narrower screen scrolls sideways. */
function widthOf(columns: Column[]): number {
  const title = columns.find(isTitleColumn)?.widthPx ?? 0;
  const others = columns.filter((column) => !isTitleColumn(column)).reduce((sum, column) => sum + column.widthPx, 0);
  return Math.max(title + others, others / (1 - TITLE_SHARE));
}
