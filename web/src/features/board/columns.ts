/** What the columns of a board say, counted from spans. Pure. */
import type { ColumnFigures } from "../../api/board";
import { addMoney } from "../../api/reports";
import type { LeadlineRecord, Money, Option, Property } from "../../api/types";
import { isMoney } from "../../fields/decimal";
import { parseIsoDuration } from "../../ui/duration";

export interface Column {
  /** Null: the property is empty. */
  value: string | null;
  option: Option | null;
}

export interface Figures {
  count: number;
  sums: Money[];
  medianSeconds: number | null;
}

/** One for each option, archived ones only where they still hold records, and one for none. */
export function columnsOf(property: Property, counts: Map<string | null, number>): Column[] {
  const columns: Column[] = property.options
    .filter((option) => !option.archived || (counts.get(option.value) ?? 0) > 0)
    .map((option) => ({ value: option.value, option }));
  return (counts.get(null) ?? 0) > 0 ? [{ value: null, option: null }, ...columns] : columns;
}

/** As the server counts them. */
export function figuresOf(columns: ColumnFigures[], amount: string | undefined) {
  const figures = new Map<string | null, Figures>();
  for (const { value, count, sums, medianAgeSeconds } of columns) {
    const total = amount === undefined ? [] : (sums[amount] ?? []);
    const key = value === null ? null : String(value);
    figures.set(key, { count, sums: total, medianSeconds: medianAgeSeconds ?? null });
  }
  return figures;
}

export interface Placed {
  record: LeadlineRecord;
  amount: Money | null;
  /** How long it had been there. */
  seconds: number;
}

/** A record with the beginnings of its values, newest first: read once, asked at every step of the slider. */
export interface Life {
  record: LeadlineRecord;
  /** That of now. */
  amount: Money | null;
  begins: number[];
  values: (string | null)[];
}

export function livesOf(records: LeadlineRecord[], property: string, amount: string | undefined): Life[] {
  return records.map((record) => {
    const spans = record.propertiesWithHistory?.[property] ?? [];
    const value = record.properties[amount ?? ""];
    return {
      record,
      amount: isMoney(value) ? value : null,
      begins: spans.map(({ validFrom }) => Date.parse(validFrom)),
      values: spans.map(({ value }) => (typeof value === "string" ? value : null)),
    };
  });
}

/** Where each record was at a moment, the latest to come first. */
export function placesAt(lives: Life[], moment: number): Map<string, Placed[]> {
  const places = new Map<string, Placed[]>();
  for (const { record, amount, begins, values } of lives) {
    const index = begins.findIndex((begin) => begin <= moment);
    const value = values[index];
    if (typeof value !== "string") continue;
    const placed = { record, amount, seconds: (moment - (begins[index] ?? moment)) / 1000 };
    const known = places.get(value);
    if (known) known.push(placed);
    else places.set(value, [placed]);
  }
  for (const column of places.values()) column.sort((left, right) => left.seconds - right.seconds);
  return places;
}

/** The same figures as the server's, from where the records were. Amounts are those of now. */
export function figuresAt(places: Map<string, Placed[]>): Map<string | null, Figures> {
  const figures = new Map<string | null, Figures>();
  for (const [value, placed] of places) {
    figures.set(value, {
      count: placed.length,
      sums: addMoney(placed.flatMap(({ amount }) => amount ?? [])),
      medianSeconds: medianOf(placed),
    });
  }
  return figures;
}

/** Of what stands in order. */
function medianOf(placed: Placed[]): number | null {
  const middle = (placed.length - 1) / 2;
  const [lower, upper] = [placed[Math.floor(middle)], placed[Math.ceil(middle)]];
  return lower && upper ? (lower.seconds + upper.seconds) / 2 : null;
}

export type Lateness = "in-time" | "soon" | "late";

/** From this share of the limit on, it is soon. */
const SOON = 0.75;

export function latenessOf(seconds: number, option: Option | null): Lateness {
  const limit = parseIsoDuration(option?.maxDuration);
  if (limit === null || seconds < limit * SOON) return "in-time";
  return seconds > limit ? "late" : "soon";
}

/** Where the lifecycle lets a record go from here; archived options are no place to go. */
export function targetsOf(property: Property, from: string | null): Option[] {
  const { transitions } = property;
  return property.options.filter((option) => {
    if (option.archived || option.value === from) return false;
    if (property.type !== "stage" || !Array.isArray(transitions)) return true;
    return transitions.some((move) => (move.from ?? null) === from && move.to === option.value);
  });
}
