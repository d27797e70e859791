/** Linked records, read together: all that are asked for while one page is drawn go in one request an object. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { recordKeys, type AsOf } from "./records";
import type { LeadlineRecord } from "./types";

type Waiter = (outcome: Promise<LeadlineRecord | null>) => void;

/** By object and moment, then by id. */
const waiting = new Map<string, Map<string, Waiter[]>>();

/** The record that a link points to, now or as of a moment; null when it is gone or archived away from the reader. */
export function linkedRecordQuery(object: string, id: string, asOf: AsOf = null) {
  return queryOptions({
    queryKey: [...recordKeys.one(object, id), "linked", asOf],
    queryFn: () => load(object, id, asOf),
    staleTime: 60_000,
  });
}

function load(object: string, id: string, asOf: AsOf): Promise<LeadlineRecord | null> {
  return new Promise((resolve) => {
    const place = JSON.stringify([object, asOf]);
    const byId = waiting.get(place) ?? new Map<string, Waiter[]>();
    if (byId.size === 0) {
      waiting.set(place, byId);
      // After the microtasks of this render, when every link on the page has asked.
      setTimeout(() => send(object, asOf), 0);
    }
    byId.set(id, [...(byId.get(id) ?? []), resolve]);
  });
}

function send(object: string, asOf: AsOf) {
  const place = JSON.stringify([object, asOf]);
  const byId = waiting.get(place);
  if (!byId) return;
  waiting.delete(place);
  const body = { inputs: [...byId.keys()].map((id) => ({ id })), asOf: asOf ?? undefined };
  const found = answer(api.POST("/api/v1/objects/{object}/batch/read", { params: { path: { object } }, body })).then(
    (page) => new Map((page.results as LeadlineRecord[]).map((record) => [record.id, record])),
  );
  for (const [id, waiters] of byId) {
    for (const resolve of waiters) resolve(found.then((records) => records.get(id) ?? null));
  }
}
