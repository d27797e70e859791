import { expect, test } from "vitest";
import type { ValueSpan } from "../src/api/types";
import { barsOf, domainOf, momentsOf, periodOf, stepMoment } from "../src/features/history/lanes";
import { formatDuration, parseIsoDuration, spellDuration } from "../src/ui/duration";

function span(value: string | null, validFrom: string, validTo: string | null, durationSeconds: number): ValueSpan {
  return {
    value,
    validFrom,
    validTo,
    durationSeconds,
    recordedAt: validFrom,
    actor: { type: "user", id: null },
    source: "user",
    changeSet: "00000000-0000-7000-8000-000000000000",
  };
}

const DAY = 86_400;
const stages = [
  span("qualified", "2026-01-11T00:00:00Z", null, 10 * DAY),
  span(null, "2026-01-06T00:00:00Z", "2026-01-11T00:00:00Z", 5 * DAY),
  span("new", "2026-01-01T00:00:00Z", "2026-01-06T00:00:00Z", 5 * DAY),
];

test("bars lie where their spans lie, oldest first, and emptiness is a gap", () => {
  const domain = { start: Date.parse("2026-01-01T00:00:00Z"), end: Date.parse("2026-01-21T00:00:00Z") };
  const bars = barsOf(stages, domain);
  expect(bars.map((bar) => [bar.span.value, bar.left, bar.width, bar.isOpen])).toEqual([
    ["new", 0, 0.25, false],
    ["qualified", 0.5, 0.5, true],
  ]);
});

test("a bar that begins before the domain is cut at its edge", () => {
  const domain = { start: Date.parse("2026-01-03T12:00:00Z"), end: Date.parse("2026-01-06T00:00:00Z") };
  expect(barsOf(stages, domain)[0]).toMatchObject({ left: 0, width: 1 });
});

test("a period ends at the last known moment and a whole life begins before its first change", () => {
  const week = domainOf(periodOf("7d"), [stages]);
  expect([new Date(week.start).toISOString(), new Date(week.end).toISOString()]).toEqual([
    "2026-01-14T00:00:00.000Z",
    "2026-01-21T00:00:00.000Z",
  ]);
  expect(domainOf(periodOf(undefined), [stages]).start).toBeLessThan(Date.parse("2026-01-01T00:00:00Z"));
});

test("the cursor steps from change to change and stays at the ends", () => {
  const moments = momentsOf([stages]);
  expect(stepMoment(moments, "2026-01-07T00:00:00Z", 1)).toBe("2026-01-11T00:00:00Z");
  expect(stepMoment(moments, "2026-01-07T00:00:00Z", -1)).toBe("2026-01-06T00:00:00Z");
  expect(stepMoment(moments, "2026-01-11T00:00:00Z", 1)).toBe("2026-01-11T00:00:00Z");
});

test("durations are short in the page and spelled out elsewhere", () => {
  expect([59, 3600, 9 * DAY, 800 * DAY].map(formatDuration)).toEqual(["59 s", "1 h", "9 d", "2 y 2 mo"]);
  expect([1, 3 * DAY].map(spellDuration)).toEqual(["1 second", "3 days"]);
  expect(["P14D", "PT36H", "P1M", ""].map(parseIsoDuration)).toEqual([14 * DAY, 36 * 3600, null, null]);
});
