/** A new task that is due on a day that was chosen. */
import { t } from "i18next";
import { useState } from "react";
import type { Me } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { toLocalInput } from "../../ui/time";
import { EMPTY, saveItem, type Draft } from "./drafts";
import { ItemForm } from "./ItemForm";

interface Props {
  me: Me;
  dueAt: number;
  onClose: () => void;
}

export function NewTaskDialog({ me, dueAt, onClose }: Props) {
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, at: toLocalInput(dueAt), assignee: me.user.id });
  return (
    <Dialog title={t("activities:newTask")} opened onClose={onClose}>
      <ItemForm
        kind="task"
        draft={draft}
        onDraft={setDraft}
        onSave={(typed) => saveItem("task", typed)}
        onSaved={onClose}
        onCancel={onClose}
        saveLabel={t("activities:save.task")}
      />
    </Dialog>
  );
}
