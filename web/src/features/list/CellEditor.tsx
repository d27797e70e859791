/** A cell while it is edited: the control of its type. Enter or leaving saves, Escape does not. */
import { useState, type FocusEvent } from "react";
import type { Property, Value } from "../../api/types";
import { fieldOf, isSameValue } from "../../fields/fields";
import classes from "./RecordTable.module.css";

interface Props {
  property: Property;
  value: Value | null;
  /** What the server said of the value that stands in the control. */
  error: string | undefined;
  onSave: (value: Value | null) => void;
  onClose: () => void;
}

export function CellEditor({ property, value, error, onSave, onClose }: Props) {
  const [draft, setDraft] = useState(value);
  const { Edit } = fieldOf(property);
  return (
    <div
      className={classes.editor}
      data-error={error !== undefined || undefined}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") onClose();
      }}
      onBlur={(event: FocusEvent<HTMLDivElement>) => {
        const isInside = event.currentTarget.contains(event.relatedTarget);
        if (!isInside && isSameValue(draft, value)) onClose();
      }}
    >
      <Edit
        value={draft}
        property={property}
        onChange={setDraft}
        onCommit={(next) => {
          if (isSameValue(next, value) && error === undefined) onClose();
          else if (error === undefined || !isSameValue(next, value)) onSave(next);
        }}
        input={{ "aria-label": property.label, autoFocus: true, error }}
      />
    </div>
  );
}
