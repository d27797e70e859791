/** What a report asks whenever it is looked at, saved or on a dashboard: its period goes with the present. */
import { daysOf, PERIODS, type Days, type Period } from "../ui/periods";
import { meaningful, type FilterGroup } from "./filters";
import type { AsOf } from "./records";
import type { ReportKind, ReportRequest } from "./reports";
import type { components } from "./schema";

export type LastingReport = Partial<Omit<components["schemas"]["LastingReport"], "object" | "filterGroups">> & {
  object: string;
  filterGroups: FilterGroup[];
};

/** A report as the URL keeps it. */
export interface ReportSearch {
  object?: string;
  property?: string;
  filter?: FilterGroup[];
  /** A named stretch, or `own` with `from` and `to`. */
  period?: string;
  from?: string;
  to?: string;
  interval?: string;
  basis?: string;
  clock?: string;
  groupBy?: string;
  zone?: string;
  /** Sources that do not count, separated by commas. */
  without?: string;
  /** Steps, separated by commas. */
  stages?: string;
  skipped?: string;
  /** Properties to add up, separated by commas. */
  sums?: string;
}

export const asPeriod = (text: string | null | undefined): Period | undefined => PERIODS.find((one) => one === text);

/** The days that it asks about; the last 12 months if it does not say. */
export function stretchOf({ period, from, to }: LastingReport, now: Date): Days {
  if (from && to) return { from, to };
  return daysOf(asPeriod(period) ?? "12m", now);
}

export function requestOf(kind: ReportKind, report: LastingReport, asOf: AsOf, now: Date): ReportRequest {
  const { object, property, filterGroups, groupBy, excludeSources, basis, clock, interval, timeZone } = report;
  const days = stretchOf(report, now);
  const end = new Date(`${days.to}T00:00`);
  // What has not ended yet cannot be counted at its end.
  const to = (kind === "trend" || kind === "diff") && end > now ? now.toISOString() : days.to;
  return {
    object,
    property: property ?? "",
    filterGroups,
    asOf: asOf ?? undefined,
    ...(kind === "snapshot" ? {} : { from: days.from, to, timeZone: timeZone ?? undefined }),
    groupBy: groupBy ?? undefined,
    excludeSources: excludeSources && excludeSources.length > 0 ? excludeSources : undefined,
    basis: basis ?? undefined,
    clock: clock ?? undefined,
    interval: interval ?? (kind === "trend" || kind === "cohort" ? "month" : undefined),
    stages: report.stages ?? undefined,
    skipped: report.skipped ?? undefined,
    sums: report.sums ?? undefined,
  };
}

/** The page of the report, as its URL says it. */
export function searchOf(report: LastingReport): ReportSearch {
  const isOwn = Boolean(report.from && report.to);
  const groups = meaningful(report.filterGroups);
  return {
    object: report.object,
    property: report.property ?? undefined,
    filter: groups.length > 0 ? groups : undefined,
    period: isOwn ? "own" : (report.period ?? undefined),
    from: isOwn ? (report.from ?? undefined) : undefined,
    to: isOwn ? (report.to ?? undefined) : undefined,
    interval: report.interval ?? undefined,
    basis: report.basis ?? undefined,
    clock: report.clock ?? undefined,
    groupBy: report.groupBy ?? undefined,
    zone: report.timeZone ?? undefined,
    without: report.excludeSources?.join(",") || undefined,
    stages: report.stages?.join(",") || undefined,
    skipped: report.skipped ?? undefined,
    sums: report.sums?.join(",") || undefined,
  };
}
