/** All that is due on a day. */
import { Button } from "@mantine/core";
import { t } from "i18next";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { PlusIcon } from "../../ui/icons";
import { DayTasks, type Days } from "./DayTasks";
import { writeDay } from "./days";

interface Props {
  day: string;
  days: Days;
  onClose: () => void;
}

export function DayDialog({ day, days, onClose }: Props) {
  const { onAdd } = days;
  return (
    <Dialog title={writeDay(day, "long")} opened onClose={onClose} size={560}>
      <DayTasks day={day} days={days} />
      {onAdd && (
        <DialogActions>
          <Button leftSection={<PlusIcon size={12} />} onClick={() => onAdd(day)}>
            {t("activities:newTask")}
          </Button>
        </DialogActions>
      )}
    </Dialog>
  );
}
