/** Chooses a moment: from presets, in a calendar, or typed. */
import { Button, FocusTrap, TextInput, UnstyledButton } from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import "@mantine/dates/styles.layer.css";
import { t } from "i18next";
import { useState } from "react";
import { fromLocalInput, toLocalInput } from "../../ui/time";
import { presetsAt } from "./moments";
import classes from "./TimeMachine.module.css";

interface Props {
  /** RFC 3339; null is now. */
  asOf: string | null;
  onChoose: (moment: string | null) => void;
}

/** It takes the focus itself, as it may come after the panel that it stands in. */
export function MomentForm({ asOf, onChoose }: Props) {
  const [now] = useState(() => new Date());
  const [typed, setTyped] = useState(toLocalInput(asOf ?? now.getTime()));
  const moment = fromLocalInput(typed);
  const isUsable = moment !== null && Date.parse(moment) <= now.getTime();
  return (
    <FocusTrap>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isUsable) onChoose(moment);
        }}
      >
        <ul className={classes.presets} aria-label={t("time:moments")}>
          {presetsAt(now).map((preset) => (
            <li key={preset.label}>
              <UnstyledButton className={classes.preset} onClick={() => onChoose(preset.moment)}>
                {preset.label}
              </UnstyledButton>
            </li>
          ))}
        </ul>
        <div className={classes.calendar}>
          <DatePicker
            size="xs"
            hideOutsideDates
            weekendDays={[]}
            ariaLabels={{
              nextMonth: t("time:nextMonth"),
              previousMonth: t("time:previousMonth"),
            }}
            value={typed.slice(0, 10)}
            defaultDate={typed.slice(0, 10)}
            maxDate={toLocalInput(now.getTime()).slice(0, 10)}
            onChange={(day) => {
              if (day !== null) setTyped(`${day}T${typed.slice(11) || "09:00"}`);
            }}
          />
          <TextInput
            label={t("time:dayAndTime")}
            type="datetime-local"
            value={typed}
            max={toLocalInput(now.getTime())}
            error={moment !== null && !isUsable ? t("time:inFuture") : undefined}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <div className={classes.actions}>
            {asOf !== null && <Button onClick={() => onChoose(null)}>{t("time:backToNow")}</Button>}
            <Button type="submit" variant="filled" disabled={!isUsable}>
              {t("time:see")}
            </Button>
          </div>
        </div>
      </form>
    </FocusTrap>
  );
}
