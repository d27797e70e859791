/** A task on its day of the calendar: it is dragged to another day, or moved by its menu. */
import { draggable } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { t } from "i18next";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Task } from "../../api/activities";
import classes from "./Calendar.module.css";
import { isLate, type Days } from "./DayTasks";
import { writeTime } from "./days";
import { MoveMenu } from "./MoveMenu";
import { priorityText } from "./words";

interface Props {
  task: Task;
  day: string;
  days: Days;
  /** Whether the tab key comes here: to those of one day at a time. */
  isReachable: boolean;
}

export function TaskChip({ task, day, days, isReachable }: Props) {
  const ref = useRef<HTMLLIElement>(null);
  const [isDragged, setDragged] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const { onMove, onTick, onAskWhere } = days;
  const canMove = onMove !== undefined;

  useEffect(() => {
    const element = ref.current;
    if (!element || !canMove) return;
    return draggable({
      element,
      getInitialData: () => ({ taskId: task.id, from: day }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [task.id, day, canMove]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !isWithin(event)) return;
    if (event.key === "m" && canMove) setMenuOpen(true);
    else if (event.key === "x" && onTick) onTick(task);
    else return;
    event.preventDefault();
  };

  const late = isLate(task, days.now);
  const priority = task.priority === "high" || task.priority === "low" ? priorityText(task.priority) : null;
  const facts = [priority, late && t("activities:late"), task.done && t("activities:done")].filter(Boolean);
  return (
    <li
      ref={ref}
      className={classes.chip}
      data-task={task.id}
      data-done={task.done || undefined}
      data-late={late || undefined}
      data-priority={task.priority}
      data-dragged={isDragged || undefined}
      onKeyDown={onKeyDown}
    >
      <button
        type="button"
        className={classes.what}
        tabIndex={isReachable ? 0 : -1}
        title={[task.title, ...facts].join(" · ")}
        onClick={() => days.onOpenTask(task, day)}
      >
        {task.priority === "high" && <span className={classes.high} data-color="orange" aria-hidden />}
        {task.dueAt && <span className={classes.time}>{writeTime(task.dueAt, days.zone)}</span>}
        <span className={classes.name}>{task.title}</span>
        {facts.length > 0 && <span className="hidden-text">, {facts.join(", ")}</span>}
      </button>
      {onMove && (
        <MoveMenu
          task={task}
          day={day}
          today={days.today}
          opened={isMenuOpen}
          onOpened={setMenuOpen}
          isReachable={isReachable}
          onMove={(to) => onMove(task, to)}
          onAsk={() => onAskWhere?.(task, day)}
        />
      )}
    </li>
  );
}

/** Not in the menu, which is drawn elsewhere in the document. */
const isWithin = ({ currentTarget, target }: KeyboardEvent) => target instanceof Node && currentTarget.contains(target);
