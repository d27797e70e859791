/** A record's change sets, its difference between two moments, and the writes that concern the past. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { recordKeys, type AsOf } from "./records";
import type { Change, ChangeSet, CorrectedSpan } from "./types";

export interface ChangePage {
  changeSets: ChangeSet[];
  next: string | null;
}

export function changesQuery(object: string, id: string, asOf: AsOf) {
  return infiniteQueryOptions({
    queryKey: [...recordKeys.one(object, id), "history", asOf],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }): Promise<ChangePage> => {
      const query = { limit: 50, after: pageParam ?? undefined, asOf: asOf ?? undefined };
      const page = await answer(
        api.GET("/api/v1/objects/{object}/{id}/history", { params: { path: { object, id }, query }, signal }),
      );
      return { changeSets: page.results as ChangeSet[], next: page.paging?.next.after ?? null };
    },
    getNextPageParam: (page) => page.next,
  });
}

/** The properties that differ between two moments, with both values. */
export function diffQuery(object: string, id: string, from: string, to: string) {
  return queryOptions({
    queryKey: [...recordKeys.one(object, id), "diff", from, to],
    queryFn: async ({ signal }): Promise<Change[]> => {
      const params = { path: { object, id }, query: { from, to } };
      const diff = await answer(api.GET("/api/v1/objects/{object}/{id}/diff", { params, signal }));
      return diff.changes as Change[];
    },
  });
}

export interface Correction {
  property: string;
  set: CorrectedSpan[];
  reason?: string;
}

export function correctRecord(object: string, id: string, body: Correction) {
  return answer(api.POST("/api/v1/objects/{object}/{id}/corrections", { params: { path: { object, id } }, body }));
}

/** Sets the properties to what they held at the moment, as a new change. */
export function restoreRecord(object: string, id: string, asOf: string, properties: string[]) {
  return answer(
    api.POST("/api/v1/objects/{object}/{id}/restore", { params: { path: { object, id } }, body: { asOf, properties } }),
  );
}
