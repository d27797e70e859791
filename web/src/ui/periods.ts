/** Stretches of time with a name, which go with the present. */
import { t } from "i18next";
import { dayOf } from "./time";

/** Named stretches of whole days; `[from, to)`. */
export const PERIODS = [
  "7d",
  "30d",
  "90d",
  "month",
  "quarter",
  "year",
  "6m",
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
    case "7d":
      return days(new Date(year, month, day - 6));
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
    case "6m":
      return days(new Date(year, month - 5, 1));
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
