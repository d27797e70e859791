/** The reports: what each asks to be given beside property and filters. */
import { t } from "i18next";
import type { ReportKind } from "../../api/reports";
import { dayOf } from "../../ui/time";

export interface Takes {
  period: boolean;
  interval: "none" | "optional" | "required";
  basis?: readonly [string, string];
  clock?: boolean;
  groupBy: boolean;
  sources: boolean;
}

export const TAKES: Record<ReportKind, Takes> = {
  funnel: { period: true, interval: "none", basis: ["cohort", "period"], groupBy: true, sources: true },
  "time-in-value": {
    period: true,
    interval: "none",
    basis: ["closed", "all"],
    clock: true,
    groupBy: true,
    sources: true,
  },
  flow: { period: true, interval: "none", groupBy: true, sources: true },
  cohort: { period: true, interval: "required", groupBy: true, sources: true },
  trend: { period: true, interval: "required", groupBy: true, sources: false },
  snapshot: { period: false, interval: "none", groupBy: true, sources: false },
  diff: { period: true, interval: "none", groupBy: false, sources: false },
};

export const INTERVALS = ["day", "week", "month", "quarter", "year"] as const;
export type Interval = (typeof INTERVALS)[number];

/** Named stretches of whole days; `[from, to)`. */
export const PERIODS = [
  "30d",
  "90d",
  "month",
  "quarter",
  "year",
  "12m",
  "lastMonth",
  "lastQuarter",
  "lastYear",
] as const;
export type Period = (typeof PERIODS)[number];

export interface Days {
  from: string;
  to: string;
}

/** Up to and with today, where it goes on. */
export function daysOf(period: Period, now: Date): Days {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const quarter = month - (month % 3);
  const days = (from: Date, to: Date = new Date(year, month, day + 1)): Days => ({ from: dayOf(from), to: dayOf(to) });
  switch (period) {
    case "30d":
      return days(new Date(year, month, day - 29));
    case "90d":
      return days(new Date(year, month, day - 89));
    case "month":
      return days(new Date(year, month, 1));
    case "quarter":
      return days(new Date(year, quarter, 1));
    case "year":
      return days(new Date(year, 0, 1));
    case "12m":
      return days(new Date(year, month - 11, 1));
    case "lastMonth":
      return days(new Date(year, month - 1, 1), new Date(year, month, 1));
    case "lastQuarter":
      return days(new Date(year, quarter - 3, 1), new Date(year, quarter, 1));
    case "lastYear":
      return days(new Date(year - 1, 0, 1), new Date(year, 0, 1));
  }
}

export const periodName = (period: Period): string => t(`reports:period.${period}`);
