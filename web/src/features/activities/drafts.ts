/** What is being typed about a note, a call, an e-mail, a meeting or a task, and the body that it becomes. */
import {
  createActivity,
  createNote,
  createTask,
  updateActivity,
  updateNote,
  updateTask,
  type Activity,
  type Happening,
  type Note,
  type RecordRef,
  type Task,
} from "../../api/activities";
import { fromLocalInput, toLocalInput } from "../../ui/time";

export const ITEM_KINDS = ["note", "call", "email", "meeting", "task"] as const;

export type ItemKind = (typeof ITEM_KINDS)[number];

/** Texts as they stand in the controls; empty is empty. */
export interface Draft {
  /** The subject of an activity, the title of a task. */
  title: string;
  body: string;
  /** When an activity happened, until when a task is to be done; local time. */
  at: string;
  minutes: string;
  outcome: string;
  direction: string;
  assignee: string;
  priority: string;
  remindAt: string;
  /** What it is about. */
  records: RecordRef[];
}

export const EMPTY: Draft = {
  title: "",
  body: "",
  at: "",
  minutes: "",
  outcome: "",
  direction: "",
  assignee: "",
  priority: "normal",
  remindAt: "",
  records: [],
};

/** When a day's work ends. */
export const LAST_HOUR = 17;

const localOf = (moment: string | null | undefined) => (moment ? toLocalInput(moment) : "");

export function draftOfActivity(activity: Activity): Draft {
  return {
    ...EMPTY,
    title: activity.subject ?? "",
    body: activity.body ?? "",
    at: localOf(activity.occurredAt),
    minutes: activity.durationMinutes === null ? "" : String(activity.durationMinutes),
    outcome: activity.outcome ?? "",
    direction: activity.direction ?? "",
    records: activity.records,
  };
}

export const draftOfNote = (note: Note): Draft => ({
  ...EMPTY,
  body: note.body ?? "",
  records: note.records,
});

export function draftOfTask(task: Task): Draft {
  return {
    ...EMPTY,
    title: task.title ?? "",
    body: task.description ?? "",
    at: localOf(task.dueAt),
    assignee: task.assignee ?? "",
    priority: task.priority ?? "normal",
    remindAt: localOf(task.remindAt),
    records: task.records,
  };
}

/** As which kind something of a timeline is edited. */
export function kindOf({ activity, task }: Happening): ItemKind {
  if (task) return "task";
  return ITEM_KINDS.find((kind) => kind === activity?.kind) ?? "note";
}

const textOf = (text: string) => (text.trim() === "" ? null : text);
/** What is no time is passed on for the server to refuse. */
const momentOf = (local: string) => (local === "" ? null : (fromLocalInput(local) ?? local));

/** Times are shown to the minute: one that was not touched keeps its seconds. */
const isTouched = (local: string, before: string | null | undefined) => local !== localOf(before);

/** Links are all stated anew: those that were not touched are left to whoever changes them meanwhile. */
const newLinks = (records: RecordRef[], before: RecordRef[]) => {
  const isSame = records.length === before.length && records.every(({ id }, index) => id === before[index]?.id);
  return isSame ? {} : { records };
};

export async function saveItem(kind: ItemKind, draft: Draft): Promise<unknown> {
  const { records } = draft;
  if (kind === "note") return createNote({ body: textOf(draft.body), records });
  if (kind === "task") return createTask({ ...taskBody(draft), dueAt: momentOf(draft.at), records });
  const at = momentOf(draft.at);
  return createActivity({ ...activityBody(draft), kind, ...(at !== null && { occurredAt: at }), records });
}

export async function changeItem(
  kind: ItemKind,
  item: { activity?: Activity; note?: Note; task?: Task },
  draft: Draft,
): Promise<unknown> {
  if (item.note)
    return updateNote(item.note.id, { body: textOf(draft.body), ...newLinks(draft.records, item.note.records) });
  if (item.task) {
    const { remindAt, ...body } = taskBody(draft);
    return updateTask(item.task.id, {
      ...body,
      ...(isTouched(draft.at, item.task.dueAt) && { dueAt: momentOf(draft.at) }),
      ...(isTouched(draft.remindAt, item.task.remindAt) && { remindAt }),
      ...newLinks(draft.records, item.task.records),
    });
  }
  const id = item.activity?.id ?? "";
  const links = newLinks(draft.records, item.activity?.records ?? []);
  const at = isTouched(draft.at, item.activity?.occurredAt) ? { occurredAt: momentOf(draft.at) } : {};
  return updateActivity(id, { ...activityBody(draft), kind, ...at, ...links });
}

function taskBody(draft: Draft) {
  return {
    title: textOf(draft.title),
    description: textOf(draft.body),
    assignee: textOf(draft.assignee),
    priority: draft.priority,
    remindAt: momentOf(draft.remindAt),
  };
}

function activityBody(draft: Draft) {
  return {
    subject: textOf(draft.title),
    body: textOf(draft.body),
    // What is no number becomes one that the server refuses.
    durationMinutes: draft.minutes.trim() === "" ? null : Number(draft.minutes) || 0,
    outcome: textOf(draft.outcome),
    direction: textOf(draft.direction),
  };
}
