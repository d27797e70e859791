/** Linked records, read together: all that are asked for while one page is drawn go in one request an object. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { recordKeys } from "./records";
import type { LeadlineRecord } from "./types";

type Waiter = (outcome: Promise<LeadlineRecord | null>) => void;

const waiting = new Map<string, Map<string, Waiter[]>>();

/** The record that a link points to, as it is now; null when it is gone or archived away from the reader. */
export function linkedRecordQuery(object: string, id: string) {
  return queryOptions({
    queryKey: [...recordKeys.one(object, id), "linked"],
    queryFn: () => load(object, id),
    staleTime: 60_000,
  });
}

function load(object: string, id: string): Promise<LeadlineRecord | null> {
  return new Promise((resolve) => {
    const byId = waiting.get(object) ?? new Map<string, Waiter[]>();
    if (byId.size === 0) {
      waiting.set(object, byId);
      // After the microtasks of this render, when every link on the page has asked.
      setTimeout(() => send(object), 0);
    }
    byId.set(id, [...(byId.get(id) ?? []), resolve]);
  });
}

function send(object: string) {
  const byId = waiting.get(object);
  if (!byId) return;
  waiting.delete(object);
  const body = { inputs: [...byId.keys()].map((id) => ({ id })) };
  const found = answer(api.POST("/api/v1/objects/{object}/batch/read", { params: { path: { object } }, body })).then(
    (page) => new Map((page.results as LeadlineRecord[]).map((record) => [record.id, record])),
  );
  for (const [id, waiters] of byId) {
    for (const resolve of waiters) resolve(found.then((records) => records.get(id) ?? null));
  }
}
