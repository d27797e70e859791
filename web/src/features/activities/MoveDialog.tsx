/** Asks for the day to which a task is moved. */
import { Button, TextInput } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import type { Task } from "../../api/activities";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { readDay } from "./days";

interface Props {
  task: Task;
  /** The day on which it is due. */
  day: string;
  onMove: (day: string) => void;
  onClose: () => void;
}

export function MoveDialog({ task, day, onMove, onClose }: Props) {
  const [typed, setTyped] = useState(day);
  const chosen = readDay(typed);
  return (
    <Dialog title={t("activities:move", { name: task.title })} opened onClose={onClose} size={340}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen === null) return;
          onClose();
          if (chosen !== day) onMove(chosen);
        }}
      >
        <TextInput
          type="date"
          label={t("activities:due")}
          value={typed}
          data-autofocus
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" variant="filled" disabled={chosen === null}>
            {t("activities:moveIt")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
