/** Lengths of time as people say them: "9 d", "4 h", "2 y 3 mo". */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Two figures of accuracy at most: seconds to minutes to hours to days; days go on to two years, as ages in stages do. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 0) return `−${formatDuration(-seconds)}`;
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h`;
  const days = Math.floor(seconds / DAY);
  if (days < 730) return `${days} d`;
  const years = Math.floor(days / 365.25);
  const months = Math.floor((days - years * 365.25) / 30.44);
  return months > 0 ? `${years} y ${months} mo` : `${years} y`;
}

/** The same in whole words: "9 days", "1 hour". */
export function spellDuration(seconds: number): string {
  const units = [
    [DAY, "day"],
    [HOUR, "hour"],
    [MINUTE, "minute"],
    [1, "second"],
  ] as const;
  const length = Math.max(0, seconds);
  const [size, name] = units.find(([unit]) => length >= unit) ?? [1, "second"];
  const count = Math.floor(length / size);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Seconds in an ISO 8601 duration of weeks, days, hours, minutes and seconds; null for anything else. */
export function parseIsoDuration(text: string | null | undefined): number | null {
  const parts = ISO.exec(text ?? "");
  if (!parts || text === "P" || text?.endsWith("T")) return null;
  const sizes = [7 * DAY, DAY, HOUR, MINUTE, 1];
  return sizes.reduce((seconds, size, index) => seconds + size * Number(parts[index + 1] ?? 0), 0);
}
