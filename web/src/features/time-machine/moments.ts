/** The moments that the time machine offers and reads. Pure. */
import { t } from "i18next";

export interface Preset {
  label: string;
  /** RFC 3339 */
  moment: string;
}

/** Starts of days, weeks, months, quarters and years before `now`, in local time. */
export function presetsAt(now: Date): Preset[] {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const preset = (label: string, date: Date): Preset => ({ label, moment: date.toISOString() });
  const sameTime = (days: number) => new Date(year, month, day - days, now.getHours(), now.getMinutes());
  const presets = [
    preset(t("time:startOfToday"), new Date(year, month, day)),
    preset(t("time:yesterday"), sameTime(1)),
    preset(t("time:weekAgo"), sameTime(7)),
    preset(t("time:startOfMonth"), new Date(year, month, 1)),
    preset(t("time:startOfLastMonth"), new Date(year, month - 1, 1)),
    preset(t("time:startOfQuarter"), new Date(year, month - (month % 3), 1)),
    preset(t("time:startOfYear"), new Date(year, 0, 1)),
    preset(t("time:yearAgo"), new Date(year - 1, month, day, now.getHours(), now.getMinutes())),
  ];
  return presets.filter(({ moment }) => Date.parse(moment) < now.getTime());
}

/** The stretch that the slider covers, in milliseconds: the last 24 months, or more where the moment lies before them. */
export function sliderRange(moment: number, now: Date): { min: number; max: number } {
  const usual = new Date(now.getFullYear(), now.getMonth() - 24, 1).getTime();
  const max = now.getTime();
  return { min: moment < usual ? moment - (max - moment) * 0.1 : usual, max };
}

/** A moment as it may stand in the URL: null when it is not one or not in the past. */
export function parseMoment(text: unknown, now: number): string | null {
  if (typeof text !== "string") return null;
  const moment = Date.parse(text);
  return Number.isNaN(moment) || moment > now ? null : text;
}
