/** What was done, written down and is to be done about records: activities, notes and tasks, and the timeline that holds them all. */
import { infiniteQueryOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import { recordKeys, type AsOf } from "./records";
import type { components } from "./schema";
import type { ChangeSet } from "./types";

type Schemas = components["schemas"];

export type Activity = Schemas["Activity"];
export type Note = Schemas["Note"];
export type Task = Schemas["Task"];
export type RecordRef = Schemas["RecordRef"];
export type ActivityBody = Schemas["ActivityBody"];
export type NoteBody = Schemas["NoteBody"];
export type TaskBody = Schemas["TaskBody"];

export type HappeningKind = "change" | "activity" | "note" | "task";

/** Something that happened to a record; exactly one of the four is there. */
export interface Happening {
  kind: HappeningKind;
  at: string;
  changeSet?: ChangeSet;
  activity?: Activity;
  note?: Note;
  task?: Task;
}

interface Page<Entry> {
  entries: Entry[];
  next: string | null;
}

/** A record's timeline, newest first; of all kinds if none is named. */
export function timelineQuery(object: string, id: string, kind: HappeningKind | null, asOf: AsOf) {
  return infiniteQueryOptions({
    queryKey: [...recordKeys.one(object, id), "timeline", kind, asOf],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }): Promise<Page<Happening>> => {
      const query = { limit: 30, kinds: kind ?? undefined, after: pageParam ?? undefined, asOf: asOf ?? undefined };
      const page = await answer(
        api.GET("/api/v1/objects/{object}/{id}/timeline", { params: { path: { object, id }, query }, signal }),
      );
      return { entries: page.results as Happening[], next: page.paging?.next.after ?? null };
    },
    getNextPageParam: (page) => page.next,
  });
}

export type Due = "overdue" | "today" | "upcoming" | "unscheduled";

export interface TaskView {
  /** Only those of who is signed in. */
  isMine: boolean;
  /** Of the open ones, when they are due; null for those that are done. */
  due: Due | null;
  asOf: AsOf;
}

export function tasksQuery({ isMine, due, asOf }: TaskView) {
  return infiniteQueryOptions({
    queryKey: [...recordKeys.lists("tasks"), { isMine, due, asOf }],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }): Promise<Page<Task>> => {
      const query = {
        assignee: isMine ? "me" : undefined,
        status: due === null ? ("done" as const) : ("open" as const),
        due: due ?? undefined,
        limit: 50,
        after: pageParam ?? undefined,
        asOf: asOf ?? undefined,
      };
      const page = await answer(api.GET("/api/v1/tasks", { params: { query }, signal }));
      return { entries: page.results, next: page.paging?.next.after ?? null };
    },
    getNextPageParam: (page) => page.next,
  });
}

export interface Agenda {
  /** Only those of who is signed in. */
  isMine: boolean;
  /** RFC 3339; [from, to). */
  from: string;
  to: string;
  asOf: AsOf;
}

const AGENDA_KEY = [...recordKeys.lists("tasks"), "agenda"] as const;

/** All tasks that are due in a stretch of time, done ones too, those due first first. */
export function agendaQuery({ isMine, from, to, asOf }: Agenda) {
  return queryOptions({
    queryKey: [...AGENDA_KEY, { isMine, from, to, asOf }],
    queryFn: async ({ signal }): Promise<Task[]> => {
      const tasks: Task[] = [];
      let after: string | undefined;
      do {
        const query = {
          assignee: isMine ? "me" : undefined,
          status: "all" as const,
          dueFrom: from,
          dueTo: to,
          limit: 1000,
          after,
          asOf: asOf ?? undefined,
        };
        const page: Schemas["Tasks"] = await answer(api.GET("/api/v1/tasks", { params: { query }, signal }));
        tasks.push(...page.results);
        after = page.paging?.next.after;
      } while (after !== undefined);
      return tasks;
    },
  });
}

/** Shows a task at once as it will be; what the server says comes after. */
export async function showTask(client: QueryClient, task: Task) {
  await client.cancelQueries({ queryKey: AGENDA_KEY });
  client.setQueriesData({ queryKey: AGENDA_KEY }, (tasks: Task[] | undefined) =>
    tasks?.map((one) => (one.id === task.id ? task : one)),
  );
}

/** How often it is looked whether there is something to remind of. */
const REMINDED_EVERY_MS = 60_000;

/** The own tasks whose time to be reminded of has come, those due first first. */
export const remindersQuery = queryOptions({
  queryKey: [...recordKeys.lists("tasks"), "reminders"],
  queryFn: async ({ signal }): Promise<Task[]> => {
    const query = { assignee: "me", remind: true, limit: 20 };
    return (await answer(api.GET("/api/v1/tasks", { params: { query }, signal }))).results;
  },
  refetchInterval: REMINDED_EVERY_MS,
});

export const createActivity = (body: ActivityBody) => answer(api.POST("/api/v1/activities", { body }));
export const createNote = (body: NoteBody) => answer(api.POST("/api/v1/notes", { body }));
export const createTask = (body: TaskBody) => answer(api.POST("/api/v1/tasks", { body }));

export const updateActivity = (id: string, body: ActivityBody) =>
  answer(api.PATCH("/api/v1/activities/{id}", { params: { path: { id } }, body }));
export const updateNote = (id: string, body: NoteBody) =>
  answer(api.PATCH("/api/v1/notes/{id}", { params: { path: { id } }, body }));
export const updateTask = (id: string, body: TaskBody) =>
  answer(api.PATCH("/api/v1/tasks/{id}", { params: { path: { id } }, body }));
