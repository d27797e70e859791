/** Days and times of day in a time zone that need not be the browser's. Pure. */

/** What clocks on the wall show at a moment. */
export interface Civil {
  /** As the API writes days: "2026-03-01". */
  day: string;
  /** Milliseconds since midnight, as the clock counts them. */
  time: number;
}

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The zone, or the browser's own where the browser does not know it. */
export function knownZone(zone: string): string {
  try {
    formatOf(zone);
    return zone;
  } catch {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}

export function civilOf(moment: string | number, zone: string): Civil {
  const wall = wallOf(new Date(moment).getTime(), zone);
  const time = ((wall % DAY_MS) + DAY_MS) % DAY_MS;
  return { day: new Date(wall).toISOString().slice(0, 10), time };
}

/** The moment at which clocks show this; one that they leave out in spring is as much later as they are put forward. */
export function momentOf({ day, time }: Civil, zone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + time;
  const near = wall - offsetAt(wall, zone);
  return wall - offsetAt(near, zone);
}

/** When a day begins. */
export const startOf = (day: string, zone: string): number => momentOf({ day, time: 0 }, zone);

const offsetAt = (moment: number, zone: string): number => wallOf(moment, zone) - moment;

/** What the clocks show, as if it were UTC. */
function wallOf(moment: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const second = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return second + (((moment % 1000) + 1000) % 1000);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  return format;
}
