/** Days on which nobody works. */
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import { CloseIcon, PlusIcon } from "../../ui/icons";
import { formatDay } from "../../ui/time";
import classes from "./Workspace.module.css";

interface Props {
  /** "2026-12-25" */
  days: string[];
  isReadOnly: boolean;
  onChange: (days: string[]) => void;
}

export function Holidays({ days, isReadOnly, onChange }: Props) {
  const [day, setDay] = useState("");
  const isNew = /^\d{4}-\d{2}-\d{2}$/.test(day) && !days.includes(day);
  const add = () => {
    if (!isNew) return;
    onChange([...days, day].sort());
    setDay("");
  };
  return (
    <>
      {days.length > 0 && (
        <ul className={classes.holidays}>
          {days.map((one) => {
            const shown = formatDay(`${one}T12:00`);
            return (
              <li key={one} className={classes.holiday}>
                {shown}
                {!isReadOnly && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size={24}
                    aria-label={t("workspace:removeHoliday", { day: shown })}
                    onClick={() => onChange(days.filter((other) => other !== one))}
                  >
                    <CloseIcon size={12} />
                  </ActionIcon>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {days.length === 0 && isReadOnly && <p>{t("workspace:noHolidays")}</p>}
      {!isReadOnly && (
        <div className={classes.addDay}>
          <TextInput
            type="date"
            aria-label={t("workspace:holiday")}
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              add();
            }}
          />
          <Button leftSection={<PlusIcon size={12} />} disabled={!isNew} onClick={add}>
            {t("workspace:addHoliday")}
          </Button>
        </div>
      )}
    </>
  );
}
