/** What the report of the page asks: what the URL says, or else what the saved report keeps that it names. */
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { searchOf } from "../api/lastingReports";
import { KINDS } from "../api/reports";
import { savedReportsQuery } from "../api/savedReports";
import type { ObjectType } from "../api/types";
import { isChanged, lastingOf, subjectOf, subjectOfSaved } from "../features/reports/question";

export function useAsked(objects: ObjectType[]) {
  const { kind: named } = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const { data: all = [], isPending, isSuccess } = useQuery(savedReportsQuery);
  const open = all.find(({ id }) => id === search.saved);
  // Whoever changes something says all of it.
  const isAsSaved = open !== undefined && search.object === undefined;
  const kind = KINDS.find((one) => one === named) ?? open?.kind ?? "funnel";
  const asked = isAsSaved
    ? {
        ...searchOf(open.report),
        shows: open.shows === "table" ? open.shows : undefined,
        saved: open.id,
        asOf: search.asOf,
      }
    : search;
  const subject = isAsSaved ? subjectOfSaved(open, objects) : subjectOf(search, objects);
  const lasting = subject && lastingOf(kind, asked, subject);
  const shows: "chart" | "table" = asked.shows ?? "chart";
  return {
    all,
    open,
    kind,
    asked,
    subject,
    lasting,
    shows,
    isChanged:
      open !== undefined && lasting !== undefined && (shows !== open.shows || isChanged(open, kind, lasting, objects)),
    /** The saved report that the URL names is not known yet. */
    isWaiting: search.saved !== undefined && isPending,
    isGone: search.saved !== undefined && isSuccess && !open,
  };
}
