/** The control that is always there: now, or a moment in the past for everything on the screen. */
import { Button, Popover, TextInput, UnstyledButton } from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import { t } from "i18next";
import { useState } from "react";
import { ClockIcon, CloseIcon } from "../../ui/icons";
import { formatLongMoment, fromLocalInput, toLocalInput } from "../../ui/time";
import { presetsAt } from "./moments";
import classes from "./TimeMachine.module.css";

interface Props {
  /** RFC 3339; null is now. */
  asOf: string | null;
  onChange: (asOf: string | null) => void;
}

export function TimeMachine({ asOf, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const choose = (moment: string | null) => {
    setOpened(false);
    onChange(moment);
  };
  return (
    <div className={classes.control} data-past={asOf !== null || undefined}>
      <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton className={classes.pill} aria-expanded={opened} onClick={() => setOpened(!opened)}>
            <ClockIcon size={15} />
            <span className="hidden-text">{t("time:machine")}</span>
            <b>{asOf === null ? t("time:now") : formatLongMoment(asOf)}</b>
            {asOf !== null && <span className={classes.note}>{t("time:asOfThen")}</span>}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown}>
          <MomentForm asOf={asOf} onChoose={choose} />
        </Popover.Dropdown>
      </Popover>
      {asOf !== null && (
        <UnstyledButton className={classes.back} aria-label={t("time:backToNow")} onClick={() => choose(null)}>
          <CloseIcon size={14} />
        </UnstyledButton>
      )}
    </div>
  );
}

function MomentForm({ asOf, onChoose }: { asOf: string | null; onChoose: (moment: string | null) => void }) {
  const [now] = useState(() => new Date());
  const [typed, setTyped] = useState(toLocalInput(asOf ?? now.getTime()));
  const moment = fromLocalInput(typed);
  const isUsable = moment !== null && Date.parse(moment) <= now.getTime();
  return (
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
  );
}
