/** One line of the table. */
import { t } from "i18next";
import { memo, useEffect, useRef } from "react";
import type { LeadlineRecord, ObjectType, Value } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { PencilIcon } from "../../ui/icons";
import { Moment } from "../../ui/Moment";
import { CellEditor } from "./CellEditor";
import { propertyOfColumn, type Column } from "./columns";
import { RecordLink } from "./RecordLink";
import classes from "./RecordTable.module.css";
import { spansOf, TimeInStage } from "./TimeInStage";

/** The cell that is edited; with what was typed and refused, if it was. */
export interface Editing {
  recordId: string;
  key: string;
  refused?: { value: Value | null; message: string };
}

export interface RowActions {
  onToggle: (id: string, isRange: boolean) => void;
  onEdit: (recordId: string, key: string) => void;
  onSave: (record: LeadlineRecord, key: string, value: Value | null) => void;
  onCloseEditor: () => void;
}

interface Props {
  index: number;
  /** Which cell has the focus; null if none of this row has. */
  activeColumn: number | null;
  isPeeked: boolean;
  isSelected: boolean;
  canWrite: boolean;
  editing: Editing | null;
  object: ObjectType;
  columns: Column[];
  record: LeadlineRecord;
  actions: RowActions;
}

export const TableRow = memo(function TableRow(props: Props) {
  const { index, activeColumn, isPeeked, isSelected, canWrite, editing, object, columns, record, actions } = props;
  const ref = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (activeColumn === null || editing) return;
    const cell = ref.current?.querySelector<HTMLElement>(`td[data-column="${activeColumn}"]`);
    (cell?.querySelector<HTMLElement>("a[data-title]") ?? cell)?.focus({ preventScroll: true });
  }, [activeColumn, editing]);
  return (
    <tr
      ref={ref}
      data-record={record.id}
      data-index={index}
      data-peeked={isPeeked || undefined}
      data-selected={isSelected || undefined}
      aria-rowindex={index + 2}
    >
      {canWrite && (
        <td className={classes.check}>
          <input
            type="checkbox"
            aria-label={t("list:select")}
            checked={isSelected}
            onChange={() => undefined}
            onClick={(event) => actions.onToggle(record.id, event.shiftKey)}
          />
        </td>
      )}
      {columns.map((column, place) => {
        const property = propertyOfColumn(column);
        const canEdit = canWrite && column.kind === "property";
        const isEditing = editing?.key === column.key;
        return (
          <td
            key={column.key}
            tabIndex={-1}
            data-column={place}
            data-align={column.align}
            data-property={property?.name}
            data-stage={property?.type === "stage" || undefined}
            data-editing={isEditing || undefined}
          >
            {isEditing && property ? (
              <CellEditor
                property={property}
                value={editing.refused ? editing.refused.value : (record.properties[property.name] ?? null)}
                error={editing.refused?.message}
                onSave={(value) => actions.onSave(record, column.key, value)}
                onClose={actions.onCloseEditor}
              />
            ) : (
              <Cell column={column} object={object} record={record} />
            )}
            {canEdit && !isEditing && (
              <button
                type="button"
                tabIndex={-1}
                className={classes.edit}
                aria-label={t("record:edit", { property: column.label })}
                onClick={() => actions.onEdit(record.id, column.key)}
              >
                <PencilIcon size={13} />
              </button>
            )}
          </td>
        );
      })}
    </tr>
  );
});

interface CellProps {
  column: Column;
  object: ObjectType;
  record: LeadlineRecord;
}

function Cell({ column, object, record }: CellProps) {
  switch (column.kind) {
    case "created":
      return <Moment at={record.createdAt} as="day" />;
    case "updated":
      return <Moment at={record.updatedAt} as="day" />;
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
