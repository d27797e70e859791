/** A month on a phone: a strip of its days, and below it those on which something is due. */
import { ActionIcon } from "@mantine/core";
import { t } from "i18next";
import { useEffect, useRef, useState } from "react";
import { PlusIcon } from "../../ui/icons";
import classes from "./Calendar.module.css";
import { DayTasks, isLate, type Days } from "./DayTasks";
import { monthOf, writeDay } from "./days";

interface Props {
  label: string;
  weeks: string[][];
  month: string;
  days: Days;
  isLoading: boolean;
}

export function CalendarAgenda({ label, weeks, month, days, isLoading }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<{ day: string } | null>(null);
  const all = weeks.flat();
  const own = all.filter((day) => monthOf(day) === month);
  const shown = own.filter((day) => days.tasks.has(day) || day === days.today || day === chosen?.day);

  useEffect(() => {
    if (!chosen) return;
    const section = list.current?.querySelector<HTMLElement>(`section[data-day="${chosen.day}"]`);
    section?.scrollIntoView({ block: "start" });
    section?.focus({ preventScroll: true });
  }, [chosen]);

  return (
    <>
      <div className={classes.strip} role="group" aria-label={label} aria-busy={isLoading || undefined}>
        {weeks[0]?.map((day) => (
          <span key={day} className={classes.weekday} aria-hidden>
            {writeDay(day, "weekday")}
          </span>
        ))}
        {all.map((day) => {
          if (monthOf(day) !== month) return <span key={day} />;
          const tasks = days.tasks.get(day) ?? [];
          return (
            <button
              key={day}
              type="button"
              className={classes.stripDay}
              data-today={day === days.today || undefined}
              data-open={tasks.some(({ done }) => !done) || undefined}
              data-late={tasks.some((task) => isLate(task, days.now)) || undefined}
              aria-current={day === days.today ? "date" : undefined}
              aria-label={t("activities:dayTasks", { day: writeDay(day, "long"), count: tasks.length })}
              onClick={() => setChosen({ day })}
            >
              {writeDay(day, "number")}
            </button>
          );
        })}
      </div>
      <div ref={list} className={classes.agenda}>
        {!isLoading && shown.length === 0 && <p className="quiet">{t("activities:nothingIn", { month: label })}</p>}
        {!isLoading &&
          shown.map((day) => (
            <section key={day} data-day={day} tabIndex={-1} aria-label={writeDay(day, "long")}>
              <header className={classes.agendaHead}>
                <h3 data-today={day === days.today || undefined}>{writeDay(day, "long")}</h3>
                {days.onAdd && (
                  <ActionIcon
                    variant="subtle"
                    size={30}
                    aria-label={t("activities:addOn", { day: writeDay(day, "long") })}
                    onClick={() => days.onAdd?.(day)}
                  >
                    <PlusIcon size={14} />
                  </ActionIcon>
                )}
              </header>
              <DayTasks day={day} days={days} />
            </section>
          ))}
      </div>
    </>
  );
}
