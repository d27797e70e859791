/** A task with all that can be said of it. */
import { Button } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import type { Task } from "../../api/activities";
import { Dialog } from "../../ui/Dialog";
import { changeItem, draftOfTask } from "./drafts";
import { ItemForm } from "./ItemForm";

interface Props {
  task: Task;
  onClose: () => void;
  onArchive: () => void;
}

export function TaskDialog({ task, onClose, onArchive }: Props) {
  const [draft, setDraft] = useState(() => draftOfTask(task));
  return (
    <Dialog title={t("activities:kind.task")} opened onClose={onClose}>
      <ItemForm
        kind="task"
        draft={draft}
        onDraft={setDraft}
        onSave={(typed) => changeItem("task", { task }, typed)}
        onSaved={onClose}
        onCancel={onClose}
        saveLabel={t("ui:save")}
        aside={<Button onClick={onArchive}>{t("activities:archive")}</Button>}
      />
    </Dialog>
  );
}
