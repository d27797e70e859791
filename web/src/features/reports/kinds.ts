/** The reports: what each asks to be given beside property and filters. */
import type { ReportKind } from "../../api/reports";

export interface Takes {
  period: boolean;
  interval: "none" | "optional" | "required";
  basis?: readonly [string, string];
  clock?: boolean;
  groupBy: boolean;
  sources: boolean;
  /** Values in an order. */
  steps?: boolean;
  sums?: boolean;
}

export const TAKES: Record<ReportKind, Takes> = {
  funnel: { period: true, interval: "none", basis: ["cohort", "period"], groupBy: true, sources: true, steps: true },
  "time-in-value": {
    period: true,
    interval: "none",
    basis: ["closed", "all"],
    clock: true,
    groupBy: true,
    sources: true,
  },
  flow: { period: true, interval: "none", groupBy: true, sources: true },
  cohort: { period: true, interval: "required", groupBy: true, sources: true, steps: true },
  trend: { period: true, interval: "required", groupBy: true, sources: false },
  snapshot: { period: false, interval: "none", groupBy: true, sources: false, sums: true },
  diff: { period: true, interval: "none", groupBy: false, sources: false },
};

export const INTERVALS = ["day", "week", "month", "quarter", "year"] as const;
export type Interval = (typeof INTERVALS)[number];
