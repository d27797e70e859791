/** Where spans lie on a time axis. Pure: moments are milliseconds since 1970, positions are fractions of the width. */
import { t } from "i18next";
import { endOf, isOpen } from "../../api/spans";
import type { ValueSpan } from "../../api/types";

export interface Domain {
  start: number;
  end: number;
}

export interface Bar {
  span: ValueSpan;
  /** Of the lane's width, 0 to 1. */
  left: number;
  width: number;
  /** Holds on at the end of the time that is known. */
  isOpen: boolean;
}

export interface Period {
  key: string;
  /** Null is the whole life of the record. */
  days: number | null;
}

export const PERIODS: readonly [Period, ...Period[]] = [
  { key: "life", days: null },
  { key: "12m", days: 365 },
  { key: "3m", days: 91 },
  { key: "30d", days: 30 },
  { key: "7d", days: 7 },
  { key: "24h", days: 1 },
];

const DAY = 86_400_000;

export function periodLabel(days: number | null): string {
  if (days === null) return t("history:wholeLife");
  if (days === 1) return t("history:lastHours", { count: 24 });
  if (days <= 30) return t("history:lastDays", { count: days });
  return t("history:lastMonths", { count: Math.round(days / 30.4) });
}

export function periodOf(key: string | undefined): Period {
  return PERIODS.find((period) => period.key === key) ?? PERIODS[0];
}

/** The stretch of time that a period shows; a whole life has a little air before it. */
export function domainOf(period: Period, lanes: ValueSpan[][]): Domain {
  const spans = lanes.flat();
  if (spans.length === 0) return { start: 0, end: 1 };
  const end = Math.max(...spans.map(endOf));
  if (period.days !== null) return { start: end - period.days * DAY, end };
  const birth = Math.min(...spans.map((span) => Date.parse(span.validFrom)));
  const life = Math.max(end - birth, 1000);
  return { start: birth - life * 0.02, end: birth + life };
}

/** The bars of a lane that reach into the domain, oldest first. Empty values leave a gap. */
export function barsOf(spans: ValueSpan[], domain: Domain): Bar[] {
  const length = domain.end - domain.start;
  const bars: Bar[] = [];
  for (const span of spans) {
    const from = Date.parse(span.validFrom);
    const to = endOf(span);
    if (span.value === null || to < domain.start || from > domain.end) continue;
    const left = Math.max(0, (from - domain.start) / length);
    const right = Math.min(1, (to - domain.start) / length);
    bars.push({ span, left, width: Math.max(0, right - left), isOpen: isOpen(span) });
  }
  return bars.reverse();
}

/** Each moment at which something changed, in order, once. The text is the server's, to the microsecond. */
export function momentsOf(lanes: ValueSpan[][]): string[] {
  return [...new Set(lanes.flat().map((span) => span.validFrom))].sort((a, b) => Date.parse(a) - Date.parse(b));
}

/** The next moment of change in a direction; the one given when there is none. */
export function stepMoment(moments: string[], from: string, direction: 1 | -1): string {
  const at = Date.parse(from);
  const next =
    direction > 0
      ? moments.find((moment) => Date.parse(moment) > at)
      : moments.findLast((moment) => Date.parse(moment) < at);
  return next ?? from;
}
