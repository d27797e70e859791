/** A figure of a line item that becomes its control when it is clicked. Enter or leaving saves, Escape does not. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useEffect, useRef, useState } from "react";
import { messageOf, messagesByName } from "../../api/problem";
import { refreshRecords } from "../../api/records";
import type { Property, Value } from "../../api/types";
import { fieldOf, isSameValue } from "../../fields/fields";
import classes from "./LineItems.module.css";

interface Props {
  property: Property;
  /** Of the line item. */
  name: string;
  value: Value | null;
  text: string;
  isReadOnly: boolean;
  onSave: (value: Value | null) => Promise<unknown>;
}

export function LineItemCell(props: Props) {
  const { property, name, text, isReadOnly } = props;
  const [isEditing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const returnsFocus = useRef(false);
  useEffect(() => {
    if (!isEditing && returnsFocus.current) button.current?.focus();
    returnsFocus.current = false;
  }, [isEditing]);

  if (isReadOnly) return <span className={classes.figure}>{text}</span>;
  if (isEditing) {
    return (
      <Editor
        {...props}
        onClose={(byKeyboard) => {
          returnsFocus.current = byKeyboard;
          setEditing(false);
        }}
      />
    );
  }
  return (
    <button
      ref={button}
      type="button"
      className={classes.figure}
      aria-label={`${t("lineItems:edit", { column: property.label, name })}: ${text}`}
      onClick={() => setEditing(true)}
    >
      {text}
    </button>
  );
}

interface EditorProps extends Props {
  onClose: (byKeyboard: boolean) => void;
}

function Editor({ property, value, onSave, onClose }: EditorProps) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(value);
  const { Edit } = fieldOf(property);
  const save = useMutation({
    mutationFn: onSave,
    onSuccess: async () => {
      await refreshRecords(client);
      onClose(true);
    },
  });
  const isSaving = save.isPending || save.isSuccess;
  const commit = (next: Value | null) => {
    if (isSaving) return;
    if (isSameValue(next, value)) onClose(false);
    // A refused value is not sent again until it changes, else leaving the control would repeat the refusal.
    else if (!save.isError || !isSameValue(next, save.variables)) save.mutate(next);
  };
  return (
    <div
      className={classes.editor}
      data-saving={isSaving || undefined}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          onClose(true);
        }
      }}
    >
      <Edit
        value={draft}
        property={property}
        onChange={setDraft}
        onCommit={commit}
        input={{
          "aria-label": property.label,
          autoFocus: true,
          error: save.isError ? (Object.values(messagesByName(save.error))[0] ?? messageOf(save.error)) : undefined,
        }}
      />
    </div>
  );
}
