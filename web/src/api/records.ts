/** Records: reading one or many as of a moment, and the writes. Every write ends in `refreshRecords`. */
import { infiniteQueryOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { LeadlineRecord, Value } from "./types";

/** A moment as RFC 3339 text; null is now. */
export type AsOf = string | null;

export interface Sort {
  property: string;
  direction: "ascending" | "descending";
}

export interface ListView {
  object: string;
  query: string;
  sort: Sort | null;
  asOf: AsOf;
  /** Properties whose spans come with each record. */
  withHistory: string[];
}

export interface ListPage {
  records: LeadlineRecord[];
  total: { value: number; relation: string } | null;
  next: string | null;
  /** From asking to having the answer, the network included. */
  elapsedMs: number;
}

export const recordKeys = {
  all: ["records"] as const,
  lists: (object: string) => ["records", object, "list"] as const,
  one: (object: string, id: string) => ["records", object, "one", id] as const,
};

const PAGE = 100;

export function listQuery(view: ListView) {
  return infiniteQueryOptions({
    queryKey: [...recordKeys.lists(view.object), view],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }): Promise<ListPage> => {
      const started = performance.now();
      const body = {
        query: view.query || undefined,
        sorts: view.sort ? [view.sort] : undefined,
        asOf: view.asOf ?? undefined,
        after: pageParam ?? undefined,
        limit: PAGE,
        propertiesWithHistory: view.withHistory,
        count: pageParam === null ? ("exact" as const) : ("none" as const),
      };
      const page = await answer(
        api.POST("/api/v1/objects/{object}/search", { params: { path: { object: view.object } }, body, signal }),
      );
      return {
        records: page.results as LeadlineRecord[],
        total: page.total ?? null,
        next: page.paging?.next.after ?? null,
        elapsedMs: performance.now() - started,
      };
    },
    getNextPageParam: (page) => page.next,
  });
}

/** How many records there are, archived ones left out. */
export function countQuery(object: string, asOf: AsOf) {
  return queryOptions({
    queryKey: [...recordKeys.lists(object), "count", asOf],
    queryFn: async ({ signal }): Promise<number> => {
      const body = { limit: 1, count: "exact" as const, asOf: asOf ?? undefined };
      const page = await answer(
        api.POST("/api/v1/objects/{object}/search", { params: { path: { object } }, body, signal }),
      );
      return page.total?.value ?? page.results.length;
    },
  });
}

/** Up to eight records whose text has the words, for choosing one. */
export function suggestionsQuery(object: string, query: string) {
  return queryOptions({
    queryKey: [...recordKeys.lists(object), "suggestions", query],
    queryFn: async ({ signal }): Promise<LeadlineRecord[]> => {
      const body = { limit: 8, query: query || undefined };
      const page = await answer(
        api.POST("/api/v1/objects/{object}/search", { params: { path: { object } }, body, signal }),
      );
      return page.results as LeadlineRecord[];
    },
    enabled: object !== "",
  });
}

export interface RecordView {
  object: string;
  id: string;
  asOf: AsOf;
  recordedAsOf?: AsOf;
  withHistory?: string[];
}

export function recordQuery({ object, id, asOf, recordedAsOf = null, withHistory = [] }: RecordView) {
  return queryOptions({
    queryKey: [...recordKeys.one(object, id), { asOf, recordedAsOf, withHistory }],
    queryFn: async ({ signal }): Promise<LeadlineRecord> => {
      const query = {
        asOf: asOf ?? undefined,
        recordedAsOf: recordedAsOf ?? undefined,
        propertiesWithHistory: withHistory.length > 0 ? withHistory.join(",") : undefined,
      };
      const record = await answer(
        api.GET("/api/v1/objects/{object}/{id}", { params: { path: { object, id }, query }, signal }),
      );
      return record as LeadlineRecord;
    },
  });
}

export type Values = Record<string, Value | null>;

export async function createRecord(object: string, properties: Values): Promise<LeadlineRecord> {
  const record = await answer(
    api.POST("/api/v1/objects/{object}", { params: { path: { object } }, body: { properties } }),
  );
  return record as LeadlineRecord;
}

export function updateRecord(object: string, id: string, properties: Values) {
  return answer(api.PATCH("/api/v1/objects/{object}/{id}", { params: { path: { object, id } }, body: { properties } }));
}

export function archiveRecord(object: string, id: string) {
  return answer(api.DELETE("/api/v1/objects/{object}/{id}", { params: { path: { object, id } } }));
}

export function unarchiveRecord(object: string, id: string) {
  return answer(api.POST("/api/v1/objects/{object}/{id}/unarchive", { params: { path: { object, id } } }));
}

/** Reads again whatever is on the screen and may have changed with a record. */
export function refreshRecords(client: QueryClient) {
  return client.invalidateQueries({ queryKey: recordKeys.all });
}
