/** The products of a deal, with their totals. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { recordKeys, unarchiveRecord, type AsOf } from "./records";
import type { components } from "./schema";
import type { Money } from "./types";

/** The object whose records have line items. */
export const DEALS = "deals";

export type LineItem = Omit<components["schemas"]["LineItem"], "unitPrice" | "total" | "discount"> & {
  unitPrice: Money | null;
  discount: number | null;
  total: Money | null;
};

export interface LineItems {
  items: LineItem[];
  /** Of each currency. */
  totals: Money[];
}

export function lineItemsQuery(id: string, asOf: AsOf) {
  return queryOptions({
    queryKey: [...recordKeys.one(DEALS, id), "line-items", asOf],
    queryFn: async ({ signal }): Promise<LineItems> => {
      const params = { path: { object: DEALS, id }, query: { asOf: asOf ?? undefined, limit: 1000 } };
      const page = await answer(api.GET("/api/v1/objects/{object}/{id}/line-items", { params, signal }));
      return { items: page.results as LineItem[], totals: page.totals as unknown as Money[] };
    },
  });
}

export interface LineItemChange {
  product?: string;
  quantity?: number;
  unitPrice?: Money | null;
  /** Percent. */
  discount?: number | null;
}

/** What cannot be read as a value is sent as it was typed, for the server to refuse. */
type Body = components["schemas"]["LineItemRequest"];

export const addLineItem = (id: string, change: LineItemChange) =>
  answer(
    api.POST("/api/v1/objects/{object}/{id}/line-items", {
      params: { path: { object: DEALS, id } },
      body: change as Body,
    }),
  );

export const changeLineItem = (id: string, itemId: string, change: LineItemChange) =>
  answer(
    api.PATCH("/api/v1/objects/{object}/{id}/line-items/{itemId}", {
      params: { path: { object: DEALS, id, itemId } },
      body: change as Body,
    }),
  );

export const removeLineItem = (id: string, itemId: string) =>
  answer(
    api.DELETE("/api/v1/objects/{object}/{id}/line-items/{itemId}", {
      params: { path: { object: DEALS, id, itemId } },
    }),
  );

export const restoreLineItem = (itemId: string) => unarchiveRecord("line_items", itemId);
