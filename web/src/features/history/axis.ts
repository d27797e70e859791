/** The marks of a time axis: at round local times, as many as have room. */
import { dateFormat } from "../../texts/locale";
import type { Domain } from "./lanes";

export interface Tick {
  /** 0 to 1. */
  at: number;
  label: string;
}

type Unit = "second" | "minute" | "hour" | "day" | "month" | "year";

const MILLIS: Record<Unit, number> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  month: 2_629_800_000,
  year: 31_557_600_000,
};

const STEPS: [number, Unit][] = [
  [1, "second"],
  [5, "second"],
  [15, "second"],
  [1, "minute"],
  [5, "minute"],
  [15, "minute"],
  [1, "hour"],
  [3, "hour"],
  [6, "hour"],
  [12, "hour"],
  [1, "day"],
  [2, "day"],
  [7, "day"],
  [14, "day"],
  [1, "month"],
  [2, "month"],
  [3, "month"],
  [6, "month"],
  [1, "year"],
  [2, "year"],
  [5, "year"],
];

/** A label needs this much, its air included. */
const LABEL_WIDTH_PX = 68;

export function ticksOf(domain: Domain, widthPx: number): Tick[] {
  const length = domain.end - domain.start;
  const room = Math.max(1, Math.floor(widthPx / LABEL_WIDTH_PX));
  const [count, unit] = STEPS.find(([size, name]) => size * MILLIS[name] * room >= length) ?? [10, "year"];
  const ticks: Tick[] = [];
  let date = floor(new Date(domain.start), count, unit);
  while (date.getTime() <= domain.end) {
    const at = (date.getTime() - domain.start) / length;
    if (at >= 0) ticks.push({ at, label: labelOf(date, unit) });
    date = next(date, count, unit);
  }
  return ticks;
}

function floor(date: Date, count: number, unit: Unit): Date {
  const [year, month, day, hour] = [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours()];
  const down = (value: number) => Math.floor(value / count) * count;
  switch (unit) {
    case "year":
      return new Date(down(year), 0);
    case "month":
      return new Date(year, down(month));
    case "day":
      // Weeks begin on Monday.
      return count % 7 === 0 ? new Date(year, month, day - ((date.getDay() + 6) % 7)) : new Date(year, month, day);
    case "hour":
      return new Date(year, month, day, down(hour));
    case "minute":
      return new Date(year, month, day, hour, down(date.getMinutes()));
    case "second":
      return new Date(year, month, day, hour, date.getMinutes(), down(date.getSeconds()));
  }
}

/** By the calendar, so that days of 23 hours and months of 28 days stay aligned. */
function next(date: Date, count: number, unit: Unit): Date {
  const later = new Date(date);
  if (unit === "year") later.setFullYear(date.getFullYear() + count);
  else if (unit === "month") later.setMonth(date.getMonth() + count);
  else if (unit === "day") later.setDate(date.getDate() + count);
  else later.setTime(date.getTime() + count * MILLIS[unit]);
  return later;
}

const monthName = dateFormat({ month: "short" });
const dayName = dateFormat({ day: "numeric", month: "short" });
const clock = dateFormat({ hour: "2-digit", minute: "2-digit" });
const fineClock = dateFormat({ hour: "2-digit", minute: "2-digit", second: "2-digit" });

function labelOf(date: Date, unit: Unit): string {
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  switch (unit) {
    case "year":
      return String(date.getFullYear());
    case "month":
      return date.getMonth() === 0 ? `${monthName(date)} ${date.getFullYear()}` : monthName(date);
    case "day":
      return dayName(date);
    case "hour":
      return isMidnight ? dayName(date) : clock(date);
    case "minute":
      return clock(date);
    case "second":
      return fineClock(date);
  }
}
