/** A month or a week as a grid of days, walked with the arrow keys. */
import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { t } from "i18next";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import classes from "./Calendar.module.css";
import { CalendarDay } from "./CalendarDay";
import type { Days } from "./DayTasks";
import { inMonth, monthOf, shiftDay, shiftMonth, writeDay } from "./days";

interface Props {
  label: string;
  weeks: string[][];
  /** Absent where a week is shown. */
  month: string | null;
  days: Days;
  isLoading: boolean;
  /** The day that the keys begin at, and that has the focus next. */
  wanted: string | null;
  /** Keys have left the stretch that is shown. */
  onLeave: (day: string) => void;
  onFocused: () => void;
}

/** Tasks of a day for which a month has room. */
const ROOM = 3;

export function CalendarGrid({ label, weeks, month, days, isLoading, wanted, onLeave, onFocused }: Props) {
  const grid = useRef<HTMLTableElement>(null);
  const [reached, setReached] = useState<string | null>(null);
  const all = weeks.flat();
  const isShown = (day: string | null) => day !== null && all.includes(day);
  const start = month === null ? all[0] : `${month}-01`;
  const reachable = [reached, days.today].find(isShown) ?? start;

  useEffect(() => {
    const cell = wanted === null ? null : cellOf(grid.current, wanted);
    if (!cell) return;
    // What was opened from within has given the focus back already.
    if (!cell.contains(document.activeElement)) cell.focus();
    onFocused();
  }, [wanted, start, onFocused]);

  // The keys find the days from wherever the page was entered.
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.defaultPrevented;
      if (!isPlain || event.target !== document.body || !event.key.startsWith("Arrow")) return;
      grid.current?.querySelector<HTMLElement>('[data-day][tabindex="0"]')?.focus();
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const latest = useRef(days);
  useEffect(() => {
    latest.current = days;
  });
  useEffect(
    () =>
      monitorForElements({
        onDrop: ({ source, location }) => {
          const { taskId, from } = source.data;
          const to = location.current.dropTargets[0]?.data.day;
          const task = latest.current.tasks.get(String(from))?.find(({ id }) => id === taskId);
          if (task && typeof to === "string" && to !== from) latest.current.onMove?.(task, to);
        },
      }),
    [],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { target, currentTarget } = event;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (!(target instanceof HTMLElement) || !currentTarget.contains(target)) return;
    const cell = target.closest<HTMLElement>("[data-day]");
    const day = cell?.dataset.day;
    if (!cell || day === undefined) return;
    const next = stepped(event.key, day, weeks, month);
    if (next !== null) {
      const there = cellOf(grid.current, next);
      if (there) there.focus();
      else onLeave(next);
    } else if (event.key === "Enter" && target === cell) days.onOpen(day);
    else if (event.key === "Escape" && target !== cell) cell.focus();
    else if (event.key === "n" && days.onAdd) days.onAdd(day);
    else return;
    event.preventDefault();
  };

  return (
    <table
      ref={grid}
      role="grid"
      className={classes.grid}
      data-week={month === null || undefined}
      aria-label={label}
      aria-busy={isLoading || undefined}
      onKeyDown={onKeyDown}
    >
      <caption className={classes.keys}>{days.onAdd ? t("activities:calendarKeys") : t("activities:walkKeys")}</caption>
      <thead>
        <tr>
          {weeks[0]?.map((day) => (
            <th key={day} scope="col" abbr={writeDay(day, "longWeekday")}>
              {writeDay(day, "weekday")}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((day) => (
              <CalendarDay
                key={day}
                day={day}
                days={days}
                most={month === null ? Infinity : ROOM}
                isLoading={isLoading}
                isOutside={month !== null && monthOf(day) !== month}
                isReachable={day === reachable}
                onReach={setReached}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const cellOf = (grid: HTMLElement | null, day: string) => grid?.querySelector<HTMLElement>(`[data-day="${day}"]`);

/** The day that a key leads to; null for keys that lead nowhere. */
function stepped(key: string, day: string, weeks: string[][], month: string | null): string | null {
  const week = weeks.find((one) => one.includes(day)) ?? [];
  const pages = (by: number) => (month === null ? shiftDay(day, 7 * by) : inMonth(day, shiftMonth(monthOf(day), by)));
  switch (key) {
    case "ArrowLeft":
      return shiftDay(day, -1);
    case "ArrowRight":
      return shiftDay(day, 1);
    case "ArrowUp":
      return shiftDay(day, -7);
    case "ArrowDown":
      return shiftDay(day, 7);
    case "Home":
      return week[0] ?? null;
    case "End":
      return week.at(-1) ?? null;
    case "PageUp":
      return pages(-1);
    case "PageDown":
      return pages(1);
    default:
      return null;
  }
}
