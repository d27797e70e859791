/** The shifts of a week: each day has none, one, or several with breaks between. */
import { ActionIcon, Button, Checkbox, TextInput } from "@mantine/core";
import { t } from "i18next";
import { numberFormat } from "../../texts/locale";
import { CloseIcon, PlusIcon } from "../../ui/icons";
import { anotherOf, DAYS, dayName, minutesOf, type Hours, type Week } from "./hours";
import classes from "./Workspace.module.css";

interface Props {
  week: Week;
  isReadOnly: boolean;
  onChange: (week: Week) => void;
}

export function WeekEditor({ week, isReadOnly, onChange }: Props) {
  return (
    <>
      <ul className={classes.week}>
        {DAYS.map((day) => (
          <Day
            key={day}
            name={dayName(day)}
            hours={week[day]}
            isReadOnly={isReadOnly}
            onChange={(hours) => onChange({ ...week, [day]: hours })}
          />
        ))}
      </ul>
      <p className="quiet">{t("workspace:weekly", { hours: hoursText(minutesOf(week)) })}</p>
    </>
  );
}

/** "38.5 hours" */
const hoursText = (minutes: number): string =>
  numberFormat({ style: "unit", unit: "hour", unitDisplay: "long", maximumFractionDigits: 1 }).format(minutes / 60);

interface DayProps {
  name: string;
  hours: Hours[];
  isReadOnly: boolean;
  onChange: (hours: Hours[]) => void;
}

function Day({ name, hours, isReadOnly, onChange }: DayProps) {
  return (
    <li className={classes.day}>
      <Checkbox
        size="sm"
        label={name}
        checked={hours.length > 0}
        disabled={isReadOnly}
        onChange={(event) => onChange(event.currentTarget.checked ? [anotherOf([])] : [])}
      />
      <div className={classes.shifts}>
        {hours.length === 0 && <span className="quiet">{t("workspace:free")}</span>}
        {hours.map((shift, index) => (
          <span key={index} className={classes.shift}>
            <TextInput
              type="time"
              aria-label={t("workspace:fromOf", { day: name, place: index + 1 })}
              value={shift.from}
              disabled={isReadOnly}
              onChange={(event) => onChange(hours.with(index, { ...shift, from: event.currentTarget.value }))}
            />
            <span aria-hidden>–</span>
            <TextInput
              type="time"
              aria-label={t("workspace:toOf", { day: name, place: index + 1 })}
              value={shift.to}
              disabled={isReadOnly}
              onChange={(event) => onChange(hours.with(index, { ...shift, to: event.currentTarget.value }))}
            />
            {hours.length > 1 && !isReadOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={24}
                aria-label={t("workspace:removeShift", { day: name, place: index + 1 })}
                onClick={() => onChange(hours.toSpliced(index, 1))}
              >
                <CloseIcon size={12} />
              </ActionIcon>
            )}
          </span>
        ))}
        {hours.length > 0 && hours.length < 4 && !isReadOnly && (
          <Button
            variant="subtle"
            leftSection={<PlusIcon size={12} />}
            aria-label={t("workspace:addShiftTo", { day: name })}
            onClick={() => onChange([...hours, anotherOf(hours)])}
          >
            {t("workspace:addShift")}
          </Button>
        )}
      </div>
    </li>
  );
}
