/** Lengths of time as people say them: "9 d", "4 h", "2 y 3 mo". */
import { t } from "i18next";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Two figures of accuracy at most: seconds to minutes to hours to days; days go on to two years, as ages in stages do. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 0) return `−${formatDuration(-seconds)}`;
  if (seconds < MINUTE) return t("ui:short.s", { n: Math.floor(seconds) });
  if (seconds < HOUR) return t("ui:short.min", { n: Math.floor(seconds / MINUTE) });
  if (seconds < DAY) return t("ui:short.h", { n: Math.floor(seconds / HOUR) });
  const days = Math.floor(seconds / DAY);
  if (days < 730) return t("ui:short.d", { n: days });
  const years = Math.floor(days / 365.25);
  const months = Math.floor((days - years * 365.25) / 30.44);
  return months > 0 ? t("ui:short.yMo", { y: years, mo: months }) : t("ui:short.y", { n: years });
}

/** The same in whole words: "9 days", "1 hour". */
export function spellDuration(seconds: number): string {
  const units = [
    [DAY, "days"],
    [HOUR, "hours"],
    [MINUTE, "minutes"],
    [1, "seconds"],
  ] as const;
  const length = Math.max(0, seconds);
  const [size, name] = units.find(([unit]) => length >= unit) ?? [1, "seconds"];
  const count = Math.floor(length / size);
  return spellCount(name, count);
}

export type LengthUnit = "seconds" | "minutes" | "hours" | "days" | "weeks";

/** "1 day", "14 days". */
export function spellCount(unit: LengthUnit, count: number): string {
  switch (unit) {
    case "seconds":
      return t("ui:seconds", { count });
    case "minutes":
      return t("ui:minutes", { count });
    case "hours":
      return t("ui:hours", { count });
    case "days":
      return t("ui:days", { count });
    case "weeks":
      return t("ui:weeks", { count });
  }
}

const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Seconds in an ISO 8601 duration of weeks, days, hours, minutes and seconds; null for anything else. */
export function parseIsoDuration(text: string | null | undefined): number | null {
  const parts = ISO.exec(text ?? "");
  if (!parts || text === "P" || text?.endsWith("T")) return null;
  const sizes = [7 * DAY, DAY, HOUR, MINUTE, 1];
  return sizes.reduce((seconds, size, index) => seconds + size * Number(parts[index + 1] ?? 0), 0);
}

/** "14 days" of "P14D", in the unit in which it was written; the text itself where it is no duration. */
export function spellIsoDuration(text: string): string {
  const parts = partsOfIso(text);
  return parts ? spellCount(parts.unit, parts.count) : text;
}

/** The figure and the unit of a duration of one unit; of others, whole days. */
export function partsOfIso(text: string | null | undefined): { count: number; unit: LengthUnit } | null {
  const single = /^P(?:(\d+)(W)|(\d+)(D)|T(\d+)([HM]))$/.exec(text ?? "");
  const units: Record<string, LengthUnit> = { W: "weeks", D: "days", H: "hours", M: "minutes" };
  const unit = units[single?.[2] ?? single?.[4] ?? single?.[6] ?? ""];
  if (single && unit) return { count: Number(single[1] ?? single[3] ?? single[5]), unit };
  const seconds = parseIsoDuration(text);
  return seconds === null ? null : { count: Math.round(seconds / DAY), unit: "days" };
}

export function isoDuration(count: number, unit: LengthUnit): string {
  switch (unit) {
    case "weeks":
      return `P${count}W`;
    case "days":
      return `P${count}D`;
    case "hours":
      return `PT${count}H`;
    case "minutes":
      return `PT${count}M`;
    case "seconds":
      return `PT${count}S`;
  }
}
