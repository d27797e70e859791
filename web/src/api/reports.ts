/** Reports over the history of a property. Every figure comes with the filter that finds its records. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { asJson, type FilterGroup } from "./filters";
import { shownProperties } from "./objects";
import { recordKeys, type AsOf } from "./records";
import type { Money, ObjectType, Property } from "./types";

interface SnapshotAnswer {
  values: SnapshotValue[];
}

export interface SnapshotValue {
  value: string | number | boolean | null;
  count: number;
  sums: Record<string, Money[] | undefined>;
  filterGroups: FilterGroup[];
}

export interface Sum {
  property: Property;
  total: Money;
}

/** By each value of a property: how many records hold it, and what their amounts add up to. */
export function snapshotQuery(object: string, property: string, filterGroups: FilterGroup[], asOf: AsOf) {
  return queryOptions({
    queryKey: [...recordKeys.lists(object), "snapshot", property, filterGroups, asOf],
    queryFn: async ({ signal }): Promise<SnapshotValue[]> => {
      const body = { object, property, filterGroups: asJson(filterGroups), asOf: asOf ?? undefined };
      const report = await answer(api.POST("/api/v1/reports/snapshot", { body, signal }));
      return (report as unknown as SnapshotAnswer).values;
    },
  });
}

/** What the amounts of all records that match add up to, by property and currency. */
export function sumsQuery(object: ObjectType, filterGroups: FilterGroup[], asOf: AsOf, isWanted: boolean) {
  const amounts = shownProperties(object).filter(({ type }) => type === "money");
  const by = shownProperties(object).find(({ type }) => type === "stage" || type === "select" || type === "boolean");
  return queryOptions({
    ...snapshotQuery(object.name, by?.name ?? "", filterGroups, asOf),
    enabled: isWanted && amounts.length > 0 && by !== undefined,
    select: (values: SnapshotValue[]): Sum[] =>
      amounts.flatMap((property) =>
        addMoney(values.flatMap(({ sums }) => sums[property.name] ?? [])).map((total) => ({ property, total })),
      ),
  });
}

/** By currency, exactly. */
export function addMoney(amounts: Money[]): Money[] {
  const totals = new Map<string, bigint>();
  for (const { amount, currency } of amounts)
    totals.set(currency, (totals.get(currency) ?? 0n) + tenThousandths(amount));
  return [...totals].map(([currency, total]) => ({ amount: fromTenThousandths(total), currency }));
}

const DIGITS = 4;

function tenThousandths(amount: string): bigint {
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  const units = BigInt(whole + fraction.slice(0, DIGITS).padEnd(DIGITS, "0"));
  return amount.startsWith("-") ? -units : units;
}

function fromTenThousandths(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(DIGITS + 1, "0");
  const fraction = digits.slice(-DIGITS).replace(/0{1,2}$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -DIGITS)}.${fraction}`;
}

export const KINDS = ["funnel", "time-in-value", "flow", "cohort", "trend", "snapshot", "diff"] as const;

export type ReportKind = (typeof KINDS)[number];

export interface ReportRequest {
  object: string;
  property: string;
  filterGroups: FilterGroup[];
  /** Days; only `snapshot` does without. */
  from?: string;
  to?: string;
  timeZone?: string;
  groupBy?: string;
  excludeSources?: string[];
  asOf?: string;
  basis?: string;
  clock?: string;
  interval?: string;
  stages?: string[];
  skipped?: string;
  sums?: string[];
}

type Key = string | number | boolean | null;

export interface Step {
  value: Key;
  reached: number;
  converted?: number | null;
  rate: number | null;
  medianSeconds: number | null;
  filterGroups: FilterGroup[];
  convertedFilterGroups?: FilterGroup[];
}

export interface Visit {
  value: Key;
  visits: number;
  records: number;
  openVisits: number;
  meanSeconds: number | null;
  medianSeconds: number | null;
  p75Seconds: number | null;
  p90Seconds: number | null;
  filterGroups: FilterGroup[];
  openFilterGroups?: FilterGroup[];
}

export interface Flow {
  from: Key;
  to: Key;
  count: number;
  records: number;
  medianSeconds: number | null;
  filterGroups?: FilterGroup[];
}

export interface Cohort {
  start: string;
  size: number;
  values: Step[];
}

export interface Interval {
  end: string;
  counts: Record<string, number | undefined>;
  cells: Record<string, { filterGroups: FilterGroup[]; asOf?: string } | undefined>;
}

/** What any report may answer: each kind fills in its own. */
export interface Report {
  steps?: Step[];
  values?: (Visit & SnapshotValue)[];
  flows?: Flow[];
  cohorts?: Cohort[];
  intervals?: Interval[];
  entered?: number;
  left?: number;
  moved?: number;
  enteredRecords?: { filterGroups: FilterGroup[]; asOf?: string };
  leftRecords?: { filterGroups: FilterGroup[]; asOf?: string };
  movedRecords?: { filterGroups: FilterGroup[]; asOf?: string };
  moves?: Flow[];
  groups?: (Report & { group: Key })[];
}

export function reportQuery(kind: ReportKind, request: ReportRequest) {
  return queryOptions({
    queryKey: [...recordKeys.lists(request.object), "report", kind, request],
    queryFn: async ({ signal }): Promise<Report> => {
      const body = { ...request, filterGroups: asJson(request.filterGroups) };
      return answer(api.POST(`/api/v1/reports/${kind}`, { body, signal }));
    },
    staleTime: 30_000,
  });
}
