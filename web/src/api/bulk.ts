/** Many records at once: the ids that a view holds, and writes in batches that can be taken back. */
import { answer, api } from "./client";
import { searchRecords, type ListView, type Values } from "./records";
import type { LeadlineRecord } from "./types";

const BATCH = 250;
const READ = 1000;

export interface Progress {
  done: number;
  total: number;
}

export interface Outcome {
  changed: number;
  refused: { id: string; message: string }[];
  /** Puts back what was, and tells what was refused. */
  undo: (report: (progress: Progress) => void) => Promise<Outcome["refused"]>;
}

/** All records of the view, however many; `properties` only. */
export async function readAll(view: ListView, properties: string[], report: (progress: Progress) => void) {
  const records: LeadlineRecord[] = [];
  let after: string | undefined;
  let total = 0;
  do {
    const count = after === undefined ? "exact" : "none";
    const page = await searchRecords({ ...view, withHistory: [] }, { after, limit: READ, count, properties });
    records.push(...page.records);
    total = page.total?.value ?? total;
    report({ done: records.length, total });
    after = page.next ?? undefined;
  } while (after !== undefined);
  return records;
}

/** The records of these ids, as they are now. */
export async function readSome(object: string, ids: string[]): Promise<LeadlineRecord[]> {
  const records: LeadlineRecord[] = [];
  for (const some of batchesOf(ids, READ)) {
    const body = { inputs: some.map((id) => ({ id })) };
    const page = await answer(api.POST("/api/v1/objects/{object}/batch/read", { params: { path: { object } }, body }));
    records.push(...(page.results as LeadlineRecord[]));
  }
  return records;
}

/** Sets one property of many records. `records` are as they were, for taking it back. */
export async function updateMany(
  object: string,
  records: LeadlineRecord[],
  values: Values,
  report: (progress: Progress) => void,
): Promise<Outcome> {
  const inputs = records.map(({ id }) => ({ id, properties: values }));
  const refused = await sendUpdates(object, inputs, report);
  const isRefused = new Set(refused.map(({ id }) => id));
  const before = records
    .filter(({ id }) => !isRefused.has(id))
    .map(({ id, properties }) => ({
      id,
      properties: Object.fromEntries(Object.keys(values).map((name) => [name, properties[name] ?? null])),
    }));
  return { changed: before.length, refused, undo: (again) => sendUpdates(object, before, again) };
}

export async function archiveMany(
  object: string,
  ids: string[],
  report: (progress: Progress) => void,
): Promise<Outcome> {
  const refused = await sendIds("archive", object, ids, report);
  const isRefused = new Set(refused.map(({ id }) => id));
  const archived = ids.filter((id) => !isRefused.has(id));
  return { changed: archived.length, refused, undo: (again) => sendIds("unarchive", object, archived, again) };
}

async function sendIds(
  kind: "archive" | "unarchive",
  object: string,
  ids: string[],
  report: (progress: Progress) => void,
) {
  const refused: Outcome["refused"] = [];
  let done = 0;
  for (const some of batchesOf(ids, BATCH)) {
    const body = { inputs: some.map((id) => ({ id })) };
    const result = await answer(
      api.POST(`/api/v1/objects/{object}/batch/${kind}`, { params: { path: { object } }, body }),
    );
    refused.push(...refusalsOf(result, some));
    done += some.length;
    report({ done, total: ids.length });
  }
  return refused;
}

async function sendUpdates(
  object: string,
  inputs: { id: string; properties: Values }[],
  report: (progress: Progress) => void,
) {
  const refused: Outcome["refused"] = [];
  let done = 0;
  for (const some of batchesOf(inputs, BATCH)) {
    const result = await answer(
      api.POST("/api/v1/objects/{object}/batch/update", { params: { path: { object } }, body: { inputs: some } }),
    );
    refused.push(
      ...refusalsOf(
        result,
        some.map(({ id }) => id),
      ),
    );
    done += some.length;
    report({ done, total: inputs.length });
  }
  return refused;
}

interface BatchAnswer {
  errors: { index: number; message: string }[];
}

const refusalsOf = ({ errors }: BatchAnswer, ids: string[]) =>
  errors.map(({ index, message }) => ({ id: ids[index] ?? "", message }));

function batchesOf<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
