/** Moments as people read them, in the browser's time zone; the exact one is for hovering and copying. */
import { dateFormat } from "../texts/locale";

const dayOfYear = dateFormat({ day: "numeric", month: "short" });
const day = dateFormat({ day: "numeric", month: "short", year: "numeric" });
const month = dateFormat({ month: "short", year: "numeric" });
const clock = dateFormat({ hour: "2-digit", minute: "2-digit" });
const longDay = dateFormat({ day: "numeric", month: "long", year: "numeric" });
const exact = dateFormat({
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});

/** "1 Feb 2026" */
export const formatDay = (moment: string | number) => day(new Date(moment));

/** "Feb 2026" */
export const formatMonth = (moment: string | number) => month(new Date(moment));

/** "20 Feb" this year, "20 Feb 2024" otherwise. */
export function formatShortDay(moment: string | number, now = new Date()): string {
  const date = new Date(moment);
  return date.getFullYear() === now.getFullYear() ? dayOfYear(date) : day(date);
}

/** "20 Feb, 09:12" this year, "20 Feb 2024, 09:12" otherwise. */
export function formatMoment(moment: string | number, now = new Date()): string {
  return `${formatShortDay(moment, now)}, ${clock(new Date(moment))}`;
}

/** "1 March 2026, 09:00" */
export const formatLongMoment = (moment: string | number) => `${longDay(new Date(moment))}, ${clock(new Date(moment))}`;

/** Weekday, day, time to the second and zone: what stands behind a short time. */
export const formatExact = (moment: string | number) => exact(new Date(moment));

/** Local time as `<input type="datetime-local">` takes it: "2026-03-01T09:00". */
export function toLocalInput(moment: string | number): string {
  const date = new Date(moment);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The moment that a `<input type="datetime-local">` names, as RFC 3339; null when it is not one. */
export function fromLocalInput(text: string): string | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** The local day as the API takes it: "2026-03-01". */
export function dayOf(date: Date): string {
  return toLocalInput(date.getTime()).slice(0, 10);
}
