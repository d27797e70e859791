/** A value that becomes its own control when it is clicked. Enter or leaving saves, Escape does not. */
import { ActionIcon } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useEffect, useRef, useState, type FocusEvent } from "react";
import { refreshRecords, updateRecord } from "../../api/records";
import { messageOf, messagesByName } from "../../api/problem";
import type { LeadlineRecord, Property, Value } from "../../api/types";
import { fieldOf, isSameValue } from "../../fields/fields";
import { Shown } from "../../fields/Shown";
import { PencilIcon } from "../../ui/icons";
import classes from "./InlineValue.module.css";

interface Props {
  record: LeadlineRecord;
  property: Property;
  isReadOnly: boolean;
}

export function InlineValue({ record, property, isReadOnly }: Props) {
  const value = record.properties[property.name] ?? null;
  const [isEditing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const returnsFocus = useRef(false);

  useEffect(() => {
    if (!isEditing && returnsFocus.current) button.current?.focus();
    returnsFocus.current = false;
  }, [isEditing]);

  if (isReadOnly) {
    return (
      <div className={classes.value}>
        <div className={classes.text}>
          <Shown value={value} property={property} />
        </div>
      </div>
    );
  }
  if (isEditing) {
    return (
      <Editor
        record={record}
        property={property}
        value={value}
        onClose={(byKeyboard) => {
          returnsFocus.current = byKeyboard;
          setEditing(false);
        }}
      />
    );
  }
  return (
    <div className={classes.value}>
      <div
        className={classes.text}
        onClick={(event) => {
          // A link in the value leads where it leads.
          if (!(event.target instanceof Element && event.target.closest("a"))) setEditing(true);
        }}
      >
        <Shown value={value} property={property} />
      </div>
      <ActionIcon
        ref={button}
        className={classes.edit}
        variant="subtle"
        color="gray"
        size={24}
        aria-label={t("record:edit", { property: property.label })}
        onClick={() => setEditing(true)}
      >
        <PencilIcon size={14} />
      </ActionIcon>
    </div>
  );
}

interface EditorProps {
  record: LeadlineRecord;
  property: Property;
  value: Value | null;
  onClose: (byKeyboard: boolean) => void;
}

function Editor({ record, property, value, onClose }: EditorProps) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(value);
  const { Edit } = fieldOf(property);
  const save = useMutation({
    mutationFn: (next: Value | null) => updateRecord(record.object, record.id, { [property.name]: next }),
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
      onBlur={(event: FocusEvent<HTMLDivElement>) => {
        const isInside = event.currentTarget.contains(event.relatedTarget);
        if (!isInside && isSameValue(draft, value) && !isSaving) onClose(false);
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
          error: save.isError ? (messagesByName(save.error)[property.name] ?? messageOf(save.error)) : undefined,
        }}
      />
    </div>
  );
}
