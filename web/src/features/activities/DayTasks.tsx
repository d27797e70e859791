/** The tasks of a day as rows, and what can be done with the tasks of any day. */
import { t } from "i18next";
import type { Task } from "../../api/activities";
import { MoveMenu } from "./MoveMenu";
import { TaskRow } from "./TaskRow";

/** What a calendar shows, and what can be done in it; what is absent cannot be done. */
export interface Days {
  /** Of the workspace: its days are the calendar's. */
  zone: string;
  /** When it is looked at: now, or the moment in the past that is shown. */
  now: number;
  today: string;
  tasks: Map<string, Task[]>;
  showsAssignee: boolean;
  onOpen: (day: string) => void;
  onOpenTask: (task: Task, day: string) => void;
  onAdd?: (day: string) => void;
  onTick?: (task: Task) => void;
  onMove?: (task: Task, to: string) => void;
  /** Asks for the day to move to. */
  onAskWhere?: (task: Task, day: string) => void;
}

export const isLate = (task: Task, now: number): boolean =>
  !task.done && task.dueAt !== null && task.dueAt !== undefined && Date.parse(task.dueAt) < now;

export function DayTasks({ day, days }: { day: string; days: Days }) {
  const { onTick, onMove, onAskWhere } = days;
  const tasks = days.tasks.get(day) ?? [];
  if (tasks.length === 0) return <p className="quiet">{t("activities:nothingDue")}</p>;
  return (
    <ul>
      {tasks.map((task) => (
        <TaskRow
          key={task.id}
          task={task}
          now={days.now}
          showsAssignee={days.showsAssignee}
          onTick={onTick && (() => onTick(task))}
          onEdit={onTick && (() => days.onOpenTask(task, day))}
          aside={
            onMove && (
              <MoveMenu
                task={task}
                day={day}
                today={days.today}
                onMove={(to) => onMove(task, to)}
                onAsk={() => onAskWhere?.(task, day)}
              />
            )
          }
        />
      ))}
    </ul>
  );
}
