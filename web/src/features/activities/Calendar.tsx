/** Tasks by the days on which they are due, in the workspace's time zone: a month, a week, or on a phone a list by day. */
import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useCallback, useState } from "react";
import { agendaQuery, type Task } from "../../api/activities";
import type { AsOf } from "../../api/records";
import type { Me } from "../../api/types";
import { ChevronIcon } from "../../ui/icons";
import { Failure } from "../../ui/Message";
import { useIsNarrow } from "../../ui/useIsNarrow";
import { civilOf, knownZone, momentOf, startOf } from "../../ui/zone";
import { archiveItem, moveTask, tickTask } from "./actions";
import classes from "./Calendar.module.css";
import { CalendarAgenda } from "./CalendarAgenda";
import { CalendarGrid } from "./CalendarGrid";
import { DayDialog } from "./DayDialog";
import type { Days } from "./DayTasks";
import {
  firstWeekday,
  monthOf,
  readDay,
  readMonth,
  shiftDay,
  shiftMonth,
  weekOf,
  weeksOf,
  writeDay,
  writeWeek,
} from "./days";
import { LAST_HOUR } from "./drafts";
import { MoveDialog } from "./MoveDialog";
import { NewTaskDialog } from "./NewTaskDialog";
import { TaskDialog } from "./TaskDialog";

/** Which stretch is shown; the present month if neither is said. */
export interface Stretch {
  /** "2026-11" */
  month?: string;
  /** Any day of a week. */
  week?: string;
}

interface Props {
  me: Me;
  asOf: AsOf;
  isReadOnly: boolean;
  isMine: boolean;
  stretch: Stretch;
  onStretch: (stretch: Stretch) => void;
}

type Open = { is: "day" | "new"; day: string } | { is: "task" | "move"; task: Task; day: string };

const HOUR_MS = 3_600_000;

export function Calendar({ me, asOf, isReadOnly, isMine, stretch, onStretch }: Props) {
  const client = useQueryClient();
  const isNarrow = useIsNarrow();
  const [openedAt] = useState(() => Date.now());
  const [open, setOpen] = useState<Open | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const onFocused = useCallback(() => setWanted(null), []);

  const zone = knownZone(me.workspace.timeZone);
  const now = asOf === null ? openedAt : Date.parse(asOf);
  const today = civilOf(now, zone).day;
  const asked = readDay(stretch.week);
  const week = isNarrow || asked === null ? null : weekOf(asked, firstWeekday());
  const month = readMonth(stretch.month) ?? monthOf(asked ?? today);
  const weeks = week ? [week] : weeksOf(month, firstWeekday());
  const label = week ? writeWeek(week) : writeDay(`${month}-01`, "month");

  const [first = today, last = today] = [weeks[0]?.[0], weeks.at(-1)?.at(-1)];
  const moment = (day: string) => new Date(startOf(day, zone)).toISOString();
  const agenda = useQuery(agendaQuery({ isMine, from: moment(first), to: moment(shiftDay(last, 1)), asOf }));

  const show = (day: string) => onStretch(week ? { week: day } : { month: monthOf(day) });
  const leaf = (by: number) => show(week ? shiftDay(first, 7 * by) : `${shiftMonth(month, by)}-01`);
  const close = (day: string) => {
    setOpen(null);
    if (!isNarrow) setWanted(day);
  };
  const move = (task: Task, to: string) => {
    if (!task.dueAt) return;
    const { time } = civilOf(task.dueAt, zone);
    const dueAt = new Date(momentOf({ day: to, time }, zone)).toISOString();
    void moveTask(client, task, dueAt, writeDay(to, "short"));
  };
  const days: Days = {
    zone,
    now,
    today,
    tasks: byDay(agenda.data ?? [], zone),
    showsAssignee: !isMine,
    onOpen: (day) => setOpen({ is: "day", day }),
    onOpenTask: (task, day) => setOpen(isReadOnly ? { is: "day", day } : { is: "task", task, day }),
    ...(!isReadOnly && {
      onAdd: (day: string) => setOpen({ is: "new", day }),
      onTick: (task: Task) => void tickTask(client, task),
      onMove: move,
      onAskWhere: (task: Task, day: string) => setOpen({ is: "move", task, day }),
    }),
  };
  const shared = { label, weeks, days, isLoading: agenda.isPending };

  return (
    <>
      <div className={classes.head}>
        <h2 className={classes.stretch} aria-live="polite">
          {label}
        </h2>
        <ActionIcon
          className={classes.back}
          variant="default"
          size={30}
          aria-label={week ? t("activities:previousWeek") : t("time:previousMonth")}
          onClick={() => leaf(-1)}
        >
          <ChevronIcon />
        </ActionIcon>
        <ActionIcon
          className={classes.on}
          variant="default"
          size={30}
          aria-label={week ? t("activities:nextWeek") : t("time:nextMonth")}
          onClick={() => leaf(1)}
        >
          <ChevronIcon />
        </ActionIcon>
        <Button onClick={() => onStretch(week ? { week: today } : {})}>{t("activities:in.today")}</Button>
        <span className={classes.space} />
        {!isNarrow && (
          <SegmentedControl
            aria-label={t("activities:stretch")}
            value={week ? "week" : "month"}
            data={[
              { value: "month", label: t("activities:month") },
              { value: "week", label: t("activities:week") },
            ]}
            onChange={(next) => {
              const near = monthOf(today) === month ? today : `${month}-01`;
              onStretch(next === "week" ? { week: near } : { month: monthOf(first) });
            }}
          />
        )}
      </div>
      {agenda.isError && !agenda.data ? (
        <Failure error={agenda.error} title={t("activities:tasksNotLoaded")} onRetry={() => void agenda.refetch()} />
      ) : isNarrow ? (
        <CalendarAgenda key={month} month={month} {...shared} />
      ) : (
        <CalendarGrid
          month={week ? null : month}
          wanted={wanted}
          onFocused={onFocused}
          onLeave={(day) => {
            setWanted(day);
            show(day);
          }}
          {...shared}
        />
      )}
      {open?.is === "day" && <DayDialog day={open.day} days={days} onClose={() => close(open.day)} />}
      {open?.is === "new" && (
        <NewTaskDialog
          me={me}
          dueAt={momentOf({ day: open.day, time: LAST_HOUR * HOUR_MS }, zone)}
          onClose={() => close(open.day)}
        />
      )}
      {open?.is === "task" && (
        <TaskDialog
          task={open.task}
          onClose={() => close(open.day)}
          onArchive={() => {
            close(open.day);
            void archiveItem(client, "tasks", open.task.id, open.task.title ?? "");
          }}
        />
      )}
      {open?.is === "move" && (
        <MoveDialog
          task={open.task}
          day={open.day}
          onMove={(to) => move(open.task, to)}
          onClose={() => close(open.day)}
        />
      )}
    </>
  );
}

/** By the day on which they are due; those due first come first, as they came. */
function byDay(tasks: Task[], zone: string): Map<string, Task[]> {
  const days = new Map<string, Task[]>();
  const inOrder = [...tasks].sort((left, right) => Date.parse(left.dueAt ?? "") - Date.parse(right.dueAt ?? ""));
  for (const task of inOrder) {
    if (!task.dueAt) continue;
    const { day } = civilOf(task.dueAt, zone);
    days.set(day, [...(days.get(day) ?? []), task]);
  }
  return days;
}
