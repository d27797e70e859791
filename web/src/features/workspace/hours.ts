/** Working hours while they are being changed: the shifts of each day, in order. Pure. */
import type { Shift, Weekday } from "../../api/workspace";
import { dateFormat } from "../../texts/locale";

export const DAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const satisfies readonly Weekday[];

export interface Hours {
  from: string;
  to: string;
}

export type Week = Record<Weekday, Hours[]>;

/** The end of a day, which a control for times shows as the beginning of the next. */
const MIDNIGHT = "24:00";
const SHOWN_MIDNIGHT = "00:00";

export function weekOf(shifts: Shift[]): Week {
  const of = (day: Weekday): Hours[] =>
    shifts
      .filter((shift) => shift.day === day)
      .map(({ from, to }) => ({ from, to: to === MIDNIGHT ? SHOWN_MIDNIGHT : to }));
  return {
    monday: of("monday"),
    tuesday: of("tuesday"),
    wednesday: of("wednesday"),
    thursday: of("thursday"),
    friday: of("friday"),
    saturday: of("saturday"),
    sunday: of("sunday"),
  };
}

/** As the API takes them, with the place of each: its errors name shifts by their index. */
export function shiftsOf(week: Week): Shift[] {
  return DAYS.flatMap((day) =>
    week[day].map(({ from, to }) => ({ day, from, to: to === SHOWN_MIDNIGHT ? MIDNIGHT : to })),
  );
}

/** Another stretch of a day: an hour after the last one, as long as there is room. */
export function anotherOf(hours: Hours[]): Hours {
  const last = hours.at(-1);
  if (!last) return { from: "09:00", to: "17:00" };
  const hour = Number(last.to.slice(0, 2));
  const at = (plus: number) => `${String(Math.min(hour + plus, 23)).padStart(2, "0")}:00`;
  return { from: at(1), to: hour + 2 > 23 ? SHOWN_MIDNIGHT : at(4) };
}

const weekday = dateFormat({ weekday: "long", timeZone: "UTC" });

/** "Monday": 5 January 1970 was one. */
export const dayName = (day: Weekday): string => weekday(Date.UTC(1970, 0, 5 + DAYS.indexOf(day)));

/** How much of a week is worked. */
export function minutesOf(week: Week): number {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return shiftsOf(week).reduce((sum, { from, to }) => sum + Math.max(0, minutes(to) - minutes(from)), 0);
}
