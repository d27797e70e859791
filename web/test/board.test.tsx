import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { LeadlineRecord } from "../src/api/types";
import { figuresAt, livesOf, placesAt } from "../src/features/board/columns";
import { type Answer, open, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const DAY = 86_400_000;

function lead(id: string, amount: string, stages: [value: string, validFrom: string][]) {
  return {
    id,
    object: "leads",
    version: 1,
    createdAt: stages[0]?.[1],
    updatedAt: stages[0]?.[1],
    archived: false,
    properties: { name: id, stage: stages.at(-1)?.[0], amount: { amount, currency: "EUR" } },
    propertiesWithHistory: {
      stage: stages
        .map(([value, validFrom], index) => ({ value, validFrom, validTo: stages[index + 1]?.[1] ?? null }))
        .reverse(),
    },
  } as unknown as LeadlineRecord;
}

const kestrel = lead("Kestrel", "10.00", [
  ["new", "2026-01-01T00:00:00Z"],
  ["contacted", "2026-03-01T00:00:00Z"],
]);
const merlin = lead("Merlin", "2.50", [["new", "2026-01-03T00:00:00Z"]]);

test("where records were is told from their spans: how many, how much, how long", () => {
  const lives = livesOf([kestrel, merlin], "stage", "amount");
  const figures = (moment: string) => new Map(figuresAt(placesAt(lives, Date.parse(moment))));
  expect(figures("2025-12-31T00:00:00Z")).toEqual(new Map());
  expect(figures("2026-01-05T00:00:00Z")).toEqual(
    new Map([["new", { count: 2, sums: [{ amount: "12.50", currency: "EUR" }], medianSeconds: (3 * DAY) / 1000 }]]),
  );
  const later = [...figures("2026-03-02T00:00:00Z")].map(([value, { count }]) => [value, count]);
  expect(later.sort()).toEqual([
    ["contacted", 1],
    ["new", 1],
  ]);
});

test("cards follow the slider while it is dragged, and stay where it is let go", async () => {
  const page: Answer = [200, { results: [kestrel, merlin], total: { value: 2, relation: "eq" } }];
  const columns = [{ value: "new", count: 2, sums: {}, medianAgeSeconds: 60 }];
  serve({
    ...signedIn,
    "POST /api/v1/objects/leads/search": page,
    "POST /api/v1/objects/leads/board": [200, { columns }],
  });
  const history = open("/objects/leads?as=board&asOf=2026-02-01T00:00:00Z");
  const slider = await screen.findByRole<HTMLInputElement>("slider");
  const cards = async () => {
    const column = await screen.findByRole("region", { name: "Contacted" });
    return within(column)
      .queryAllByRole("link")
      .map(({ textContent }) => textContent);
  };
  await waitFor(async () => expect(await cards()).toEqual(["Kestrel", "Merlin"]));
  const moment = Date.parse("2026-03-05T00:00:00Z");
  fireEvent.change(slider, { target: { value: String(moment) } });
  await waitFor(async () => expect(await cards()).toEqual(["Kestrel"]));

  fireEvent.pointerUp(slider);
  await waitFor(() => expect(history.location.search).toContain("2026-03-05"));
  expect(Math.abs(Number(slider.value) - moment)).toBeLessThan(3_600_000);
});
