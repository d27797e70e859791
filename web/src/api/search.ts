/** Words across all objects, while they are typed. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { recordKeys, type AsOf } from "./records";
import type { LeadlineRecord } from "./types";

export interface Found {
  object: string;
  total: number;
  records: LeadlineRecord[];
}

export function everywhereQuery(words: string, asOf: AsOf) {
  return queryOptions({
    queryKey: [...recordKeys.all, "everywhere", words, asOf],
    queryFn: async ({ signal }): Promise<Found[]> => {
      const query = { q: words, asOf: asOf ?? undefined };
      const page = await answer(api.GET("/api/v1/search", { params: { query }, signal }));
      return page.results.map(({ object, total, records }) => ({
        object,
        total: total.value,
        records: records as LeadlineRecord[],
      }));
    },
    enabled: words !== "",
    placeholderData: keepPreviousData,
  });
}
