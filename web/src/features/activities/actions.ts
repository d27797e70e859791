/** What is done with activities, notes and tasks in one stroke, each with the way back. */
import type { QueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { showTask, updateTask, type Task } from "../../api/activities";
import { messageOf } from "../../api/problem";
import { archiveRecord, refreshRecords, unarchiveRecord } from "../../api/records";
import { notify } from "../../ui/notices";
import type { ItemKind } from "./drafts";

/** The objects that they are records of. */
export const OBJECT_OF = {
  note: "notes",
  task: "tasks",
  call: "activities",
  email: "activities",
  meeting: "activities",
} as const satisfies Record<ItemKind, string>;

/** Runs it, shows what is there then, and says what went wrong. */
async function run(client: QueryClient, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    notify({ text: messageOf(error), tone: "bad" });
    return false;
  } finally {
    await refreshRecords(client);
  }
}

export async function tickTask(client: QueryClient, task: Task): Promise<void> {
  const done = !task.done;
  if (!(await run(client, () => updateTask(task.id, { done })))) return;
  notify({
    text: t(done ? "activities:isDone" : "activities:isOpen", { name: task.title }),
    undo: () => void run(client, () => updateTask(task.id, { done: !done })),
  });
}

/** Makes it due at another time, seen at once; `day` says when, in words. */
export async function moveTask(client: QueryClient, task: Task, dueAt: string, day: string): Promise<void> {
  await showTask(client, { ...task, dueAt });
  const move = () =>
    updateTask(task.id, { dueAt }).catch(async (error: unknown) => {
      await showTask(client, task);
      throw error;
    });
  if (!(await run(client, move))) return;
  notify({
    text: t("activities:moved", { name: task.title, day }),
    undo: () => void showTask(client, task).then(() => run(client, () => updateTask(task.id, { dueAt: task.dueAt }))),
  });
}

export async function archiveItem(client: QueryClient, object: string, id: string, name: string): Promise<void> {
  if (!(await run(client, () => archiveRecord(object, id)))) return;
  notify({
    text: t("activities:deleted", { name }),
    undo: () => void run(client, () => unarchiveRecord(object, id)),
  });
}

/** Reminds of it again later, or no more. */
export async function remindLater(client: QueryClient, task: Task, remindAt: string | null): Promise<void> {
  await run(client, () => updateTask(task.id, { remindAt }));
}
