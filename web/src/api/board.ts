/** A board: what its columns amount to, a column's cards, and the spans that tell of all its columns at any moment. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { asJson, narrowed, type Filter } from "./filters";
import { recordKeys, searchRecords, type ListPage, type ListView } from "./records";
import type { LeadlineRecord, Money } from "./types";

const CARDS = 40;

/** Of more records than this, no history is read to draw with. */
const MOST = 3000;

export const columnFilter = (property: string, value: string | null): Filter =>
  value === null ? { property, operator: "NOT_HAS_PROPERTY" } : { property, operator: "IN", values: [value] };

export const columnKey = (view: ListView, property: string, value: string | null) =>
  [...recordKeys.lists(view.object), "column", view, property, value] as const;

export function columnQuery(view: ListView, property: string, value: string | null) {
  const own = {
    ...view,
    filterGroups: narrowed(view.filterGroups, columnFilter(property, value)),
    withHistory: [property],
  };
  return infiniteQueryOptions({
    queryKey: columnKey(view, property, value),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }): Promise<ListPage> =>
      searchRecords(own, { after: pageParam ?? undefined, limit: CARDS }, signal),
    getNextPageParam: (page) => page.next,
  });
}

export interface ColumnFigures {
  value: string | number | boolean | null;
  count: number;
  /** By property and currency. */
  sums: Record<string, Money[] | undefined>;
  medianAgeSeconds?: number | null;
}

/** Of each value that records hold: how many, what they add up to, and how long they have been there. */
export function boardQuery(view: ListView, property: string) {
  return queryOptions({
    queryKey: [...recordKeys.lists(view.object), "board", view, property],
    queryFn: async ({ signal }): Promise<ColumnFigures[]> => {
      const body = {
        property,
        query: view.query || undefined,
        filterGroups: asJson(view.filterGroups),
        asOf: view.asOf ?? undefined,
        limit: 0,
      };
      const board = await answer(
        api.POST("/api/v1/objects/{object}/board", { params: { path: { object: view.object } }, body, signal }),
      );
      return board.columns as ColumnFigures[];
    },
  });
}

/** Every record of the view with the spans of one property; null when they are too many. */
export function boardSpansQuery(view: ListView, property: string, properties: string[]) {
  return queryOptions({
    queryKey: [...recordKeys.lists(view.object), "spans", view, property, properties],
    queryFn: async ({ signal }): Promise<LeadlineRecord[] | null> => {
      const own = { ...view, withHistory: [property] };
      const records: LeadlineRecord[] = [];
      let after: string | undefined;
      do {
        const page = await searchRecords(
          own,
          { after, limit: 1000, properties, count: after === undefined ? "exact" : "none" },
          signal,
        );
        if ((page.total?.value ?? 0) > MOST) return null;
        records.push(...page.records);
        after = page.next ?? undefined;
      } while (after !== undefined);
      return records;
    },
    staleTime: 60_000,
  });
}
