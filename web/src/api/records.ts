/** Records: reading one or many as of a moment, and the writes. Every write ends in `refreshRecords`. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { FilterGroup } from "./filters";
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
  filterGroups: FilterGroup[];
  sorts: Sort[];
  asOf: AsOf;
  /** Properties whose spans come with each record. */
  withHistory: string[];
}

export interface ListPage {
  records: LeadlineRecord[];
  total: { value: number; relation: string } | null;
  /** The cursor of the page after; null on the last one. */
  next: string | null;
  /** From asking to having the answer, the network included. */
  elapsedMs: number;
}

export const recordKeys = {
  all: ["records"] as const,
  lists: (object: string) => ["records", object, "list"] as const,
  page: (view: ListView, cursor: string | null) => ["records", view.object, "list", "page", view, cursor] as const,
  one: (object: string, id: string) => ["records", object, "one", id] as const,
};

/** Records of a page. */
export const PAGE = 100;

/** A page by its cursor, so that a list of any length is read, kept and forgotten page by page. */
export function pageQuery(view: ListView, cursor: string | null) {
  return queryOptions({
    queryKey: recordKeys.page(view, cursor),
    queryFn: ({ signal }) =>
      searchRecords(
        view,
        { after: cursor ?? undefined, limit: PAGE, count: cursor === null ? "exact" : "none" },
        signal,
      ),
  });
}

interface Extent {
  after?: string;
  limit: number;
  count?: "none" | "exact";
  /** Names of properties; all in use if left out. */
  properties?: string[];
}

export async function searchRecords(view: ListView, extent: Extent, signal?: AbortSignal): Promise<ListPage> {
  const started = performance.now();
  const body = {
    query: view.query || undefined,
    filterGroups: view.filterGroups.length > 0 ? view.filterGroups : undefined,
    sorts: view.sorts.length > 0 ? view.sorts : undefined,
    asOf: view.asOf ?? undefined,
    propertiesWithHistory: view.withHistory,
    ...extent,
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

/** How many records match. */
export function countOfQuery(object: string, filterGroups: FilterGroup[], asOf: AsOf) {
  return queryOptions({
    queryKey: [...recordKeys.lists(object), "count", filterGroups, asOf],
    queryFn: async ({ signal }): Promise<number> => {
      const view = { object, query: "", filterGroups, sorts: [], asOf, withHistory: [] };
      const page = await searchRecords(view, { limit: 1, count: "exact", properties: [] }, signal);
      return page.total?.value ?? page.records.length;
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

/** Shows new values at once wherever the record is on the screen; what the server says comes after. */
export function showValues(client: QueryClient, object: string, id: string, properties: Values) {
  const changed = (record: LeadlineRecord): LeadlineRecord =>
    record.id === id ? { ...record, properties: { ...record.properties, ...properties } } : record;
  client.setQueriesData({ queryKey: [...recordKeys.lists(object), "page"] }, (page: ListPage | undefined) =>
    page?.records.some((record) => record.id === id) ? { ...page, records: page.records.map(changed) } : page,
  );
  client.setQueriesData({ queryKey: [...recordKeys.lists(object), "column"] }, (page: ListPage | undefined) =>
    page?.records.some((record) => record.id === id) ? { ...page, records: page.records.map(changed) } : page,
  );
  client.setQueriesData({ queryKey: recordKeys.one(object, id) }, (record: LeadlineRecord | undefined) =>
    record?.id === id ? changed(record) : record,
  );
}

/** Reads again whatever is on the screen and may have changed with a record. */
export function refreshRecords(client: QueryClient) {
  return client.invalidateQueries({ queryKey: recordKeys.all });
}
