/** A day of the calendar: its tasks as far as there is room, and a place to drop others on. */
import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { Skeleton } from "@mantine/core";
import { t } from "i18next";
import { useEffect, useRef, useState } from "react";
import classes from "./Calendar.module.css";
import type { Days } from "./DayTasks";
import { writeDay } from "./days";
import { TaskChip } from "./TaskChip";

interface Props {
  day: string;
  days: Days;
  /** Most tasks to show. */
  most: number;
  isLoading: boolean;
  /** Of the month before or after. */
  isOutside: boolean;
  /** The one day that the tab key comes to. */
  isReachable: boolean;
  onReach: (day: string) => void;
}

export function CalendarDay({ day, days, most, isLoading, isOutside, isReachable, onReach }: Props) {
  const ref = useRef<HTMLTableCellElement>(null);
  const [isOver, setOver] = useState(false);
  const tasks = days.tasks.get(day) ?? [];
  const canDrop = days.onMove !== undefined;

  useEffect(() => {
    const element = ref.current;
    if (!element || !canDrop) return;
    return dropTargetForElements({
      element,
      getData: () => ({ day }),
      canDrop: ({ source }) => source.data.taskId !== undefined && source.data.from !== day,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [day, canDrop]);

  const shown = tasks.slice(0, most);
  const isToday = day === days.today;
  return (
    <td
      ref={ref}
      role="gridcell"
      className={classes.day}
      data-day={day}
      data-over={isOver || undefined}
      data-outside={isOutside || undefined}
      data-today={isToday || undefined}
      data-open={days.onAdd !== undefined || undefined}
      tabIndex={isReachable ? 0 : -1}
      aria-current={isToday ? "date" : undefined}
      onFocus={() => onReach(day)}
      onClick={({ target }) => {
        if (target instanceof Element && ref.current?.contains(target) && !target.closest("button, li"))
          days.onAdd?.(day);
      }}
    >
      <button
        type="button"
        className={classes.number}
        tabIndex={-1}
        aria-label={t("activities:openDay", { day: writeDay(day, "long") })}
        onClick={() => days.onOpen(day)}
      >
        {writeDay(day, "number")}
      </button>
      {isLoading && !isOutside && <Skeleton className={classes.skeleton} height={12} width="70%" />}
      <ul className={classes.chips}>
        {shown.map((task) => (
          <TaskChip key={task.id} task={task} day={day} days={days} isReachable={isReachable} />
        ))}
      </ul>
      {tasks.length > shown.length && (
        <button type="button" className={classes.more} tabIndex={isReachable ? 0 : -1} onClick={() => days.onOpen(day)}>
          {t("activities:moreTasks", { count: tasks.length - shown.length })}
        </button>
      )}
    </td>
  );
}
