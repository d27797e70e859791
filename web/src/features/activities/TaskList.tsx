/** Tasks by when they are due: overdue, today, upcoming, at no time that was said; walked and ticked by keys. */
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { tasksQuery, type Due, type Task } from "../../api/activities";
import type { AsOf } from "../../api/records";
import type { Me } from "../../api/types";
import { Empty, Failure } from "../../ui/Message";
import { onDemand } from "../../ui/onDemand";
import { archiveItem, tickTask } from "./actions";
import { QuickAdd } from "./QuickAdd";
import { TaskRow } from "./TaskRow";
import classes from "./Tasks.module.css";

const TaskDialog = onDemand(() => import("./TaskDialog").then((module) => module.TaskDialog));

interface Props {
  me: Me;
  asOf: AsOf;
  isReadOnly: boolean;
  isMine: boolean;
  isDone: boolean;
}

const DUES = ["overdue", "today", "upcoming", "unscheduled"] as const;

export function TaskList({ me, asOf, isReadOnly, isMine, isDone }: Props) {
  const client = useQueryClient();
  const [edited, setEdited] = useState<Task | null>(null);
  const [openedAt] = useState(() => Date.now());
  const groups: (Due | null)[] = isDone ? [null] : [...DUES];
  const queries = useGroups(groups, isMine, asOf);
  const isLoading = queries.some(({ query }) => query.isPending);
  const failed = queries.find(({ query }) => query.isError && !query.data);
  const isEmpty = !isLoading && !failed && queries.every(({ tasks }) => tasks.length === 0);
  const now = asOf === null ? openedAt : Date.parse(asOf);

  // The keys find the tasks from wherever the page was entered.
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.defaultPrevented;
      if (!isPlain || event.target !== document.body || !["j", "k", "ArrowDown"].includes(event.key)) return;
      if (page.current) walk(page.current, null, 1);
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [role=dialog]")) return;
    const row = event.target.closest<HTMLElement>("[data-task]");
    const task = queries.flatMap(({ tasks }) => tasks).find(({ id }) => id === row?.dataset.task);
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step !== undefined) walk(event.currentTarget, row, step);
    else if (!task || !row) return;
    else if (event.key === "x" && !isReadOnly) {
      walk(event.currentTarget, row, 1);
      void tickTask(client, task);
    } else if ((event.key === "e" || (event.key === "Enter" && event.target === row)) && !isReadOnly) setEdited(task);
    else return;
    event.preventDefault();
  };

  return (
    <div ref={page} className={classes.list} onKeyDown={onKeyDown}>
      {!isReadOnly && !isDone && <QuickAdd me={me} />}
      {failed && (
        <Failure
          error={failed.query.error}
          title={t("activities:tasksNotLoaded")}
          onRetry={() => void failed.query.refetch()}
        />
      )}
      {isLoading && !failed && <TasksLoading />}
      {isEmpty && (
        <Empty title={isDone ? t("activities:noneDone") : t("activities:noneOpen")}>
          {!isReadOnly && !isDone && t("activities:noneHint")}
        </Empty>
      )}
      {!isLoading &&
        queries.map(({ due, tasks, query }) => {
          if (tasks.length === 0) return null;
          const title = due === null ? t("activities:done") : t(`activities:dues.${due}`);
          return (
            <section key={due ?? "done"} className={classes.group} aria-label={title}>
              <h2 className={classes.title} data-late={due === "overdue" || undefined}>
                {title}
              </h2>
              <ul>
                {tasks.map((task) => (
                  <TaskRow
                    key={task.id}
                    task={task}
                    now={now}
                    showsAssignee={!isMine}
                    onTick={isReadOnly ? undefined : () => void tickTask(client, task)}
                    onEdit={isReadOnly ? undefined : () => setEdited(task)}
                  />
                ))}
              </ul>
              {query.hasNextPage && (
                <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t("activities:more")}
                </Button>
              )}
            </section>
          );
        })}
      {edited !== null && (
        <TaskDialog
          task={edited}
          onClose={() => setEdited(null)}
          onArchive={() => {
            setEdited(null);
            void archiveItem(client, "tasks", edited.id, edited.title ?? "");
          }}
        />
      )}
    </div>
  );
}

/** One list for each time at which tasks are due; those that are not shown are not asked for. */
function useGroups(groups: (Due | null)[], isMine: boolean, asOf: AsOf) {
  const overdue = useTasks(groups, "overdue", isMine, asOf);
  const today = useTasks(groups, "today", isMine, asOf);
  const upcoming = useTasks(groups, "upcoming", isMine, asOf);
  const unscheduled = useTasks(groups, "unscheduled", isMine, asOf);
  const done = useTasks(groups, null, isMine, asOf);
  return [overdue, today, upcoming, unscheduled, done].filter(({ due }) => groups.includes(due));
}

function useTasks(groups: (Due | null)[], due: Due | null, isMine: boolean, asOf: AsOf) {
  const query = useInfiniteQuery({ ...tasksQuery({ isMine, due, asOf }), enabled: groups.includes(due) });
  return { due, query, tasks: query.data?.pages.flatMap((page) => page.entries) ?? [] };
}

/** The focus goes to the next task, or to the first one where none has it. */
function walk(page: HTMLElement, from: HTMLElement | null, step: number) {
  const rows = [...page.querySelectorAll<HTMLElement>("[data-task]")];
  const next = from === null ? rows[0] : rows[rows.indexOf(from) + step];
  next?.focus();
}

function TasksLoading() {
  return (
    <div className={classes.loading} role="status" aria-busy="true" aria-label={t("activities:loadingTasks")}>
      {[60, 72, 48, 66].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} />
      ))}
    </div>
  );
}
