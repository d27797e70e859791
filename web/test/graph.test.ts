import { expect, test } from "vitest";
import { boundsOf, NODE, placesOf, revealed, routeOf, viewportOf } from "../src/features/settings/graph";
import {
  allowed,
  everyMove,
  forbidden,
  isEntryFree,
  madeMoves,
  movesOf,
  type SavedStage,
} from "../src/features/settings/lifecycle";

const stage = (value: string, category = "open"): SavedStage => ({
  key: value,
  value,
  label: value,
  color: "blue",
  archived: false,
  category,
});

const flow = (from: string | null, to: string, records: number) => ({
  from,
  to,
  records,
  count: records + 1,
  medianSeconds: null,
});

const LEADS = [
  stage("new"),
  stage("converted", "won"),
  stage("contacted"),
  stage("qualified"),
  stage("disqualified", "lost"),
];

const spots = (stages: SavedStage[]) => [...placesOf(stages)].map(([value, { x, y }]) => ({ value, x, y }));

/** Where the label of the move stands. */
function labelOf(from: string | null, to: string) {
  const places = placesOf(LEADS);
  const [start, end] = [places.get(from), places.get(to)];
  if (!start || !end) throw new Error("no such stage");
  return routeOf(start, end, 2).label;
}

test("stages stand left to right in their order, with what is won above what is lost at the right", () => {
  const places = spots(LEADS);
  expect(places.map(({ value }) => value)).toEqual([
    null,
    "new",
    "contacted",
    "qualified",
    "converted",
    "disqualified",
  ]);
  const [start, first, second, third, won, lost] = places;
  expect([start?.y, first?.y, second?.y, third?.y]).toEqual([0, 0, 0, 0]);
  expect(new Set(places.map(({ x }) => x)).size).toBe(5);
  expect(won?.x).toBe(lost?.x);
  expect(won?.y).toBeLessThan(lost?.y ?? 0);
  expect(spots(LEADS)).toEqual(places);
});

test("no two stages cover each other, however many ends there are", () => {
  const many = [
    stage("a"),
    ...["w1", "w2"].map((one) => stage(one, "won")),
    ...["l1", "l2"].map((one) => stage(one, "lost")),
  ];
  const places = spots(many);
  for (const [index, one] of places.entries())
    for (const other of places.slice(index + 1))
      expect(Math.abs(one.x - other.x) >= NODE.width || Math.abs(one.y - other.y) >= NODE.height).toBe(true);
});

test("a move and the one back are two arrows apart from each other", () => {
  const [there, back] = [labelOf("new", "contacted"), labelOf("contacted", "new")];
  expect(Math.abs(there[1] - back[1])).toBeGreaterThan(20);
  const [lost, found] = [labelOf("contacted", "disqualified"), labelOf("disqualified", "contacted")];
  expect(Math.abs(lost[1] - found[1])).toBeGreaterThan(17);
});

test("what skips a stage runs above it, what leads back below, and what ends in the lowest end below too", () => {
  expect(labelOf("new", "qualified")[1]).toBeLessThan(0);
  expect(labelOf("qualified", "new")[1]).toBeGreaterThan(NODE.height);
  expect(labelOf("new", "converted")[1]).toBeLessThan(0);
  expect(labelOf("new", "disqualified")[1]).toBeGreaterThan(NODE.height);
  expect(labelOf("converted", "contacted")[1]).toBeLessThan(0);
});

test("every move of many stages has a way of its own", () => {
  const many = [...LEADS, stage("partner", "won"), stage("gone", "lost")];
  const places = placesOf(many);
  const paths = everyMove(many.map(({ value }) => value)).map(({ from, to }) => {
    const [start, end] = [places.get(from), places.get(to)];
    return start && end ? routeOf(start, end, 3).path : "";
  });
  expect(paths.every((path) => /^M[-\d., C]+$/.test(path))).toBe(true);
  expect(new Set(paths).size).toBe(many.length * many.length);
});

test("a graph that fits stands in the middle, and one that is too wide begins at the left", () => {
  const bounds = boundsOf(placesOf(LEADS).values(), []);
  const wide = viewportOf(bounds, 2000, 400);
  expect(wide.zoom).toBe(1);
  expect(wide.x + bounds.right + wide.x).toBeCloseTo(2000);
  const narrow = viewportOf(bounds, 320, 300);
  expect(narrow.zoom).toBeLessThan(1);
  expect(narrow.x).toBeGreaterThan(0);
  expect(bounds.right * narrow.zoom + narrow.x).toBeGreaterThan(320);
});

test("what is focused out of sight comes into it, and what is in sight stays", () => {
  const view = { x: 0, y: 0, zoom: 1 };
  expect(revealed({ x: 10, y: 10, width: 100, height: 40 }, view, 300, 200)).toEqual(view);
  const after = revealed({ x: 500, y: 10, width: 100, height: 40 }, view, 300, 200);
  expect(after.x + 600).toBeLessThanOrEqual(300);
  expect(after.y).toBe(0);
});

test("moves are allowed and forbidden in the draft, once each", () => {
  const draft = [{ from: null, to: "new" }];
  const more = allowed(draft, "new", "contacted");
  expect(more).toEqual([...draft, { from: "new", to: "contacted" }]);
  expect(allowed(more, "new", "contacted")).toBe(more);
  expect(forbidden(more, "new", "contacted")).toEqual(draft);
  expect(isEntryFree(forbidden(draft, null, "new"))).toBe(true);
});

test("what was made and is not allowed is drawn as such, and what nobody made is drawn when it is allowed", () => {
  const flows = [flow(null, "new", 9), flow("new", "contacted", 7), flow("new", "gone", 3)];
  const moves = movesOf(
    [
      { from: null, to: "new" },
      { from: "contacted", to: "qualified" },
    ],
    LEADS,
    flows,
  );
  expect(moves).toEqual([
    { from: null, to: "new", records: 9, isAllowed: true },
    { from: "new", to: "contacted", records: 7, isAllowed: false },
    { from: "contacted", to: "qualified", records: 0, isAllowed: true },
  ]);
});

test("a lifecycle without restrictions begins with what happened", () => {
  const flows = [flow(null, "new", 9), flow("new", "contacted", 7), flow("new", "gone", 3)];
  expect(movesOf("any", LEADS, flows).map(({ isAllowed }) => isAllowed)).toEqual([true, true]);
  expect(madeMoves(LEADS, flows)).toEqual([
    { from: null, to: "new" },
    { from: "new", to: "contacted" },
  ]);
});
