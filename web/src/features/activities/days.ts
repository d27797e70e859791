/** The days of a calendar: weeks that begin as the reader's do, months of whole weeks, and how all of them are written. Pure. */
import { currentLocale, dateFormat } from "../../texts/locale";

const DAY_MS = 86_400_000;
/** The years that the calendar leafs through. */
const YEARS = { first: 1970, last: 2199 };

const dateOf = (day: string) => new Date(`${day}T12:00:00Z`);
const dayOf = (date: Date | number) => new Date(date).toISOString().slice(0, 10);

export const monthOf = (day: string): string => day.slice(0, 7);

export const shiftDay = (day: string, by: number): string => dayOf(dateOf(day).getTime() + by * DAY_MS);

export function shiftMonth(month: string, by: number): string {
  const date = dateOf(`${month}-01`);
  return monthOf(dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, 1)));
}

/** The same day of another month, or its last one. */
export function inMonth(day: string, month: string): string {
  const last = shiftDay(`${shiftMonth(month, 1)}-01`, -1);
  const wish = `${month}-${day.slice(8)}`;
  return wish < last ? wish : last;
}

/** A month as the URL keeps it, "2026-11"; null for anything else. */
export function readMonth(text: string | undefined): string | null {
  if (text === undefined || !/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return null;
  const year = Number(text.slice(0, 4));
  return year >= YEARS.first && year <= YEARS.last ? text : null;
}

/** A day as the URL keeps it; null for anything else. */
export function readDay(text: string | undefined): string | null {
  if (text === undefined || readMonth(text.slice(0, 7)) === null || !/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  // 31 April is none.
  return Number.isNaN(dateOf(text).getTime()) || dayOf(dateOf(text)) !== text ? null : text;
}

/** On which weekday a week begins where the reader lives: 1 is Monday, 7 is Sunday. */
export function firstWeekday(locale = currentLocale()): number {
  const known = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1;
}

/** The seven days of the week that a day belongs to. */
export function weekOf(day: string, first: number): string[] {
  const past = (dateOf(day).getUTCDay() - first + 7) % 7;
  return Array.from({ length: 7 }, (_, index) => shiftDay(day, index - past));
}

/** The whole weeks in which a month lies. */
export function weeksOf(month: string, first: number): string[][] {
  const end = `${shiftMonth(month, 1)}-01`;
  const weeks: string[][] = [];
  let week = weekOf(`${month}-01`, first);
  while ((week[0] ?? end) < end) {
    weeks.push(week);
    week = week.map((day) => shiftDay(day, 7));
  }
  return weeks;
}

const written = {
  weekday: dateFormat({ weekday: "short", timeZone: "UTC" }),
  longWeekday: dateFormat({ weekday: "long", timeZone: "UTC" }),
  number: dateFormat({ day: "numeric", timeZone: "UTC" }),
  short: dateFormat({ weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }),
  long: dateFormat({ weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }),
  month: dateFormat({ month: "long", year: "numeric", timeZone: "UTC" }),
  full: dateFormat({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }),
};

/** Days and months in words: `short` is "Mon 2 Mar", `long` "Monday 2 March", `month` "March 2026". */
export function writeDay(day: string, as: keyof typeof written): string {
  return written[as](dateOf(day));
}

/** "2 Mar 2026 – 8 Mar 2026" */
export const writeWeek = (week: string[]): string =>
  `${writeDay(week[0] ?? "", "full")} – ${writeDay(week.at(-1) ?? "", "full")}`;

const clocks = new Map<string, (date: Date) => string>();

/** "09:12", on the clocks of a zone. */
export function writeTime(moment: string, zone: string): string {
  const known = clocks.get(zone);
  const clock = known ?? dateFormat({ hour: "2-digit", minute: "2-digit", timeZone: zone });
  if (!known) clocks.set(zone, clock);
  return clock(new Date(moment));
}
