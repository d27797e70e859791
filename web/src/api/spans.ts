/** Reading value spans. Pure; spans come newest first, as the server gives them. */
import type { Value, ValueSpan } from "./types";

export function isOpen(span: ValueSpan): boolean {
  return !span.validTo;
}

/** When a span ended, or how far it was measured when it is open: by the server's clock, not this one's. */
export function endOf(span: ValueSpan): number {
  const { validTo } = span;
  return validTo ? Date.parse(validTo) : Date.parse(span.validFrom) + span.durationSeconds * 1000;
}

/** The latest moment that the spans are known up to, in RFC 3339: what "now" was when they were read. */
export function knownUntil(lanes: ValueSpan[][]): string {
  const ends = lanes.flat().map(endOf);
  return new Date(ends.length > 0 ? Math.max(...ends) : Date.now()).toISOString();
}

/** The span that holds at a moment: [validFrom, validTo). Spans come newest first, so a tie's later one wins. */
export function spanAt(spans: ValueSpan[], moment: number): ValueSpan | undefined {
  return spans.find((span) => Date.parse(span.validFrom) <= moment && (isOpen(span) || moment < endOf(span)));
}

/** Whether the value at a moment is not the present one. */
export function hasChangedSince(spans: ValueSpan[], moment: number): boolean {
  return JSON.stringify(spanAt(spans, moment)?.value ?? null) !== JSON.stringify(spans[0]?.value ?? null);
}

export interface Visits {
  count: number;
  seconds: number;
  /** Since when, if it is the value now. */
  since: string | null;
}

/** For each value, how often and how long it was held. */
export function visitsOf(spans: ValueSpan[]): Map<Value, Visits> {
  const visits = new Map<Value, Visits>();
  for (const span of spans) {
    if (span.value === null) continue;
    const known = visits.get(span.value) ?? { count: 0, seconds: 0, since: null };
    visits.set(span.value, {
      count: known.count + 1,
      seconds: known.seconds + span.durationSeconds,
      since: isOpen(span) ? span.validFrom : known.since,
    });
  }
  return visits;
}
