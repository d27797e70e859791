/** Stretches of time with a name, as people ask for them: "last quarter". Pure; local time. */
import { t } from "i18next";
import { formatDay, formatMoment } from "../../ui/time";

export interface Range {
  key: string;
  label: string;
  /** RFC 3339; [from, to). */
  from: string;
  /** Absent: up to now. */
  to?: string;
}

export function rangesAt(now: Date): Range[] {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const quarter = month - (month % 3);
  const range = (key: string, label: string, from: Date, to?: Date): Range => ({
    key,
    label,
    from: from.toISOString(),
    ...(to ? { to: to.toISOString() } : {}),
  });
  const monday = day - ((now.getDay() + 6) % 7);
  return [
    range("7d", t("filter:range.days", { count: 7 }), new Date(year, month, day - 7)),
    range("30d", t("filter:range.days", { count: 30 }), new Date(year, month, day - 30)),
    range("90d", t("filter:range.days", { count: 90 }), new Date(year, month, day - 90)),
    range("week", t("filter:range.week"), new Date(year, month, monday)),
    range("month", t("filter:range.month"), new Date(year, month, 1)),
    range("quarter", t("filter:range.quarter"), new Date(year, quarter, 1)),
    range("year", t("filter:range.year"), new Date(year, 0, 1)),
    range("lastWeek", t("filter:range.lastWeek"), new Date(year, month, monday - 7), new Date(year, month, monday)),
    range("lastMonth", t("filter:range.lastMonth"), new Date(year, month - 1, 1), new Date(year, month, 1)),
    range("lastQuarter", t("filter:range.lastQuarter"), new Date(year, quarter - 3, 1), new Date(year, quarter, 1)),
    range("lastYear", t("filter:range.lastYear"), new Date(year - 1, 0, 1), new Date(year, 0, 1)),
  ];
}

/** The named range that a filter's is. */
export function rangeOf(from: unknown, to: unknown, now: Date): Range | undefined {
  const same = (left: unknown, right: string | undefined) =>
    right === undefined ? left === undefined : typeof left === "string" && Date.parse(left) === Date.parse(right);
  return rangesAt(now).find((range) => same(from, range.from) && same(to, range.to));
}

/** " last quarter", " between 1 Feb and 3 Feb", or nothing where any time will do. Begins with a space. */
export function rangeText(from: unknown, to: unknown, now: Date): string {
  const named = rangeOf(from, to, now);
  if (named) return ` ${named.label}`;
  const [start, end] = [momentText(from), momentText(to)];
  if (start !== null && end !== null) return ` ${t("filter:between", { from: start, to: end })}`;
  if (start !== null) return ` ${t("filter:since", { from: start })}`;
  return end === null ? "" : ` ${t("filter:before", { to: end })}`;
}

/** A day where it begins at midnight, else to the minute. */
export function momentText(moment: unknown): string | null {
  if (typeof moment !== "string") return null;
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return null;
  const isDay = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  return isDay ? formatDay(moment) : formatMoment(moment);
}
