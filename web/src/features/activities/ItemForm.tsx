/** The fields of a note, a call, an e-mail, a meeting or a task; what was typed stays when it is refused. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import type { ReactNode } from "react";
import type { RecordRef } from "../../api/activities";
import { membersQuery } from "../../api/objects";
import { messagesByName } from "../../api/problem";
import { refreshRecords } from "../../api/records";
import { Refusal } from "../../ui/Message";
import { AboutInput } from "./AboutInput";
import type { Draft, ItemKind } from "./drafts";
import classes from "./ItemForm.module.css";
import { MarkedInput } from "./MarkedInput";
import { directionText, outcomeText, priorityText } from "./words";

interface Props {
  kind: ItemKind;
  /** The record on whose page it is written: the link with it stays. */
  about?: RecordRef;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onSave: (draft: Draft) => Promise<unknown>;
  onSaved: () => void;
  onCancel: () => void;
  saveLabel: string;
  /** Beside the buttons. */
  aside?: ReactNode;
}

export function ItemForm({ kind, about, draft, onDraft, onSave, onSaved, onCancel, saveLabel, aside }: Props) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => onSave(draft),
    onSuccess: async () => {
      await refreshRecords(client);
      onSaved();
    },
  });
  const errors = messagesByName(save.error);
  const isShownInPlace = NAMES.some((name) => name in errors);
  const set = (part: Partial<Draft>) => onDraft({ ...draft, ...part });
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending) save.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      {kind !== "note" && (
        <TextInput
          label={kind === "task" ? t("activities:title") : t("activities:subject")}
          value={draft.title}
          error={errors.title ?? errors.subject}
          autoFocus
          data-autofocus
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
      )}
      <MarkedInput
        label={bodyLabel(kind)}
        hasLabel={kind !== "note"}
        placeholder={kind === "note" ? t("activities:notePlaceholder") : undefined}
        value={draft.body}
        error={errors.body ?? errors.description}
        minRows={kind === "note" ? 3 : 2}
        autoFocus={kind === "note"}
        onChange={(body) => set({ body })}
      />
      {kind !== "note" && (
        <div className={classes.grid}>
          <TextInput
            type="datetime-local"
            label={kind === "task" ? t("activities:due") : t("activities:when")}
            value={draft.at}
            error={errors.dueAt ?? errors.occurredAt}
            onChange={(event) => set({ at: event.currentTarget.value })}
          />
          {kind === "task" ? (
            <TaskFields draft={draft} errors={errors} set={set} />
          ) : (
            <ActivityFields kind={kind} draft={draft} errors={errors} set={set} />
          )}
        </div>
      )}
      <AboutInput
        records={draft.records}
        fixed={about}
        error={errors.records}
        onChange={(records) => set({ records })}
      />
      {!isShownInPlace && <Refusal error={save.error} />}
      <div className={classes.actions}>
        {aside}
        <span className={classes.space} />
        <Button onClick={onCancel}>{t("ui:cancel")}</Button>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {saveLabel}
        </Button>
      </div>
    </form>
  );
}

/** The fields beside which a refusal can stand. */
const NAMES = [
  "title",
  "subject",
  "body",
  "description",
  "dueAt",
  "occurredAt",
  "remindAt",
  "assignee",
  "durationMinutes",
  "records",
];

function bodyLabel(kind: ItemKind): string {
  if (kind === "note") return t("activities:kind.note");
  return kind === "task" ? t("activities:description") : t("activities:body");
}

interface FieldsProps {
  draft: Draft;
  errors: Record<string, string>;
  set: (part: Partial<Draft>) => void;
}

function TaskFields({ draft, errors, set }: FieldsProps) {
  const { data: members = [] } = useQuery(membersQuery);
  return (
    <>
      <NativeSelect
        label={t("activities:assignee")}
        value={draft.assignee}
        error={errors.assignee}
        data={[
          { value: "", label: t("activities:nobody") },
          ...members.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(event) => set({ assignee: event.currentTarget.value })}
      />
      <NativeSelect
        label={t("activities:priorityLabel")}
        value={draft.priority}
        data={["low", "normal", "high"].map((value) => ({ value, label: priorityText(value) }))}
        onChange={(event) => set({ priority: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label={t("activities:remindAt")}
        value={draft.remindAt}
        error={errors.remindAt}
        onChange={(event) => set({ remindAt: event.currentTarget.value })}
      />
    </>
  );
}

function ActivityFields({ kind, draft, errors, set }: FieldsProps & { kind: ItemKind }) {
  const nothing = { value: "", label: t("activities:notSaid") };
  return (
    <>
      {kind !== "email" && (
        <TextInput
          inputMode="numeric"
          label={t("activities:minutes")}
          value={draft.minutes}
          error={errors.durationMinutes}
          onChange={(event) => set({ minutes: event.currentTarget.value })}
        />
      )}
      {kind === "call" && (
        <NativeSelect
          label={t("activities:outcomeLabel")}
          value={draft.outcome}
          data={[
            nothing,
            ...["connected", "left_message", "no_answer"].map((value) => ({ value, label: outcomeText(value) })),
          ]}
          onChange={(event) => set({ outcome: event.currentTarget.value })}
        />
      )}
      {kind !== "meeting" && (
        <NativeSelect
          label={t("activities:directionLabel")}
          value={draft.direction}
          data={[nothing, ...["outbound", "inbound"].map((value) => ({ value, label: directionText(value) }))]}
          onChange={(event) => set({ direction: event.currentTarget.value })}
        />
      )}
    </>
  );
}
