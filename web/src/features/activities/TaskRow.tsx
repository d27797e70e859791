/** A task in a list: the tick, what is to be done and about what, by when, and by whom. */
import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import type { ReactNode } from "react";
import type { Task } from "../../api/activities";
import { membersQuery } from "../../api/objects";
import { Avatar } from "../../ui/Avatar";
import { Moment } from "../../ui/Moment";
import { Tag } from "../../ui/Tag";
import { AboutLinks } from "./AboutLinks";
import classes from "./TaskRow.module.css";
import { priorityText } from "./words";

interface Props {
  task: Task;
  now: number;
  showsAssignee: boolean;
  onTick?: () => void;
  onEdit?: () => void;
  /** At the end of the row. */
  aside?: ReactNode;
}

export function TaskRow({ task, now, showsAssignee, onTick, onEdit, aside }: Props) {
  const { data: members = [] } = useQuery(membersQuery);
  const assignee = members.find(({ id }) => id === task.assignee);
  const isLate = !task.done && task.dueAt ? Date.parse(task.dueAt) < now : false;
  const name = task.title ?? "";
  return (
    <li className={classes.row} data-task={task.id} tabIndex={-1} aria-label={name}>
      <Checkbox
        size="xs"
        className={classes.tick}
        checked={task.done}
        disabled={!onTick}
        aria-label={t("activities:tick", { name })}
        onChange={() => onTick?.()}
      />
      <div className={classes.what}>
        {onEdit ? (
          <button type="button" className={classes.title} data-done={task.done || undefined} onClick={onEdit}>
            {name}
          </button>
        ) : (
          <span className={classes.title} data-done={task.done || undefined}>
            {name}
          </span>
        )}
        <AboutLinks records={task.records} />
      </div>
      <div className={classes.facts}>
        {task.priority === "high" && <Tag color="orange">{priorityText("high")}</Tag>}
        {task.priority === "low" && <span className="quiet">{priorityText("low")}</span>}
        {task.done && task.doneAt ? (
          <span className="quiet">
            <Moment at={task.doneAt} />
          </span>
        ) : (
          task.dueAt && (
            <span className={classes.due} data-late={isLate || undefined}>
              <Moment at={task.dueAt} />
            </span>
          )
        )}
        {showsAssignee && assignee && (
          <span className={classes.who} title={assignee.name}>
            <Avatar name={assignee.name} of={assignee.id} />
            <span className="hidden-text">{assignee.name}</span>
          </span>
        )}
        {aside}
      </div>
    </li>
  );
}
