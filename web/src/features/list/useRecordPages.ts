/** The records of a list around what is in sight: pages come by their cursors, one after the other, and are kept for a while. */
import { useQueries, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { PAGE, pageQuery, recordKeys, type ListPage, type ListView } from "../../api/records";
import type { LeadlineRecord } from "../../api/types";
import type { VisibleRows } from "../../ui/useVisibleRows";

/** The next page is asked for this many rows before it comes into sight. */
const AHEAD = 60;

/** Of each page that is known, the cursor it begins with. */
type Chain = (string | null)[];

export interface RecordPages {
  /** How many rows can be scrolled to now. */
  count: number;
  total: ListPage["total"];
  recordAt: (index: number) => LeadlineRecord | undefined;
  first: ListPage | undefined;
  isPending: boolean;
  isReading: boolean;
  error: Error | null;
  retry: () => void;
}

export function useRecordPages(view: ListView, rows: VisibleRows): RecordPages {
  const client = useQueryClient();
  const key = JSON.stringify(view);
  const [known, setKnown] = useState(() => ({ key, chain: chainInCache(client, view) }));
  const chain = known.key === key ? known.chain : chainInCache(client, view);

  const last = Math.min(Math.floor((rows.last + AHEAD) / PAGE), chain.length - 1);
  const from = Math.min(Math.floor(rows.first / PAGE), last);
  // The first page brings the count.
  const wanted = [...new Set([0, ...Array.from({ length: last - from + 1 }, (_, index) => from + index)])];
  const queries = useQueries({ queries: wanted.map((page) => pageQuery(view, chain[page] ?? null)) });

  const pages = new Map(wanted.map((page, index) => [page, queries[index]?.data]));
  const grown = grow(chain, pages);
  if (known.key !== key || grown !== known.chain) setKnown({ key, chain: grown });

  const first = pages.get(0);
  const failed = queries.find((query) => query.isError && query.data === undefined);
  return {
    count: countOf(grown, pages, first),
    total: first?.total ?? null,
    first,
    recordAt: (index) => {
      const page = Math.floor(index / PAGE);
      const records = pages.has(page) ? pages.get(page)?.records : inCache(client, view, grown[page])?.records;
      return records?.[index % PAGE];
    },
    isPending: first === undefined && failed === undefined,
    isReading: queries.some((query) => query.isFetching),
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
  };
}

/** The pages that were read before, as when one comes back to a list. */
function chainInCache(client: QueryClient, view: ListView): Chain {
  const chain: Chain = [null];
  for (;;) {
    const next = inCache(client, view, chain.at(-1))?.next;
    if (!next) return chain;
    chain.push(next);
  }
}

const inCache = (client: QueryClient, view: ListView, cursor: string | null | undefined) =>
  cursor === undefined ? undefined : client.getQueryData<ListPage>(recordKeys.page(view, cursor));

/** Follows what the pages say comes after them: more, other cursors than before, or an end. */
function grow(chain: Chain, pages: Map<number, ListPage | undefined>): Chain {
  let grown = chain;
  for (const [page, data] of pages) {
    if (!data || page >= grown.length) continue;
    if (data.next === null) grown = grown.length > page + 1 ? grown.slice(0, page + 1) : grown;
    else if (grown[page + 1] !== data.next) grown = [...grown.slice(0, page + 1), data.next];
  }
  return grown;
}

function countOf(chain: Chain, pages: Map<number, ListPage | undefined>, first: ListPage | undefined): number {
  const last = pages.get(chain.length - 1);
  const before = (chain.length - 1) * PAGE;
  if (last) return before + last.records.length;
  const total = first?.total?.relation === "eq" ? first.total.value : Infinity;
  return Math.max(before, Math.min(before + PAGE, total));
}
