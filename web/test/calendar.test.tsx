import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import {
  firstWeekday,
  inMonth,
  readDay,
  readMonth,
  shiftMonth,
  weekOf,
  weeksOf,
} from "../src/features/activities/days";
import { civilOf, momentOf } from "../src/ui/zone";
import { type Answer, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const task = (id: string, title: string, dueAt: string, more: object = {}) => ({
  id,
  version: 1,
  createdAt: "2026-01-01T09:00:00Z",
  updatedAt: "2026-01-01T09:00:00Z",
  archived: false,
  title,
  description: null,
  dueAt,
  assignee: "u1",
  priority: "normal",
  done: false,
  doneAt: null,
  remindAt: null,
  records: [],
  createdBy: { type: "user", id: "u1" },
  ...more,
});

// It is another day already where the browser is.
const late = task("t1", "Call back", "2026-03-02T23:30:00Z", { priority: "high" });
const done = task("t2", "Send the offer", "2026-03-04T09:00:00Z", { done: true, doneAt: "2026-03-03T09:00:00Z" });
const crowd = [1, 2, 3, 4].map((hour) => task(`c${hour}`, `Visit ${hour}`, `2026-03-10T0${hour}:00:00Z`));

const counted: Answer = [200, { results: [], total: { value: 0, relation: "eq" } }];
const routes: Record<string, Answer> = {
  ...signedIn,
  "POST /api/v1/objects/leads/search": counted,
  "POST /api/v1/objects/tasks/search": counted,
  "GET /api/v1/tasks": [200, { results: [] }],
  "GET /api/v1/tasks?status=all": [200, { results: [late, done, ...crowd] }],
};
const MARCH = "/tasks?as=calendar&month=2026-03";

const cellOf = async (day: string) => {
  await screen.findByText("Call back");
  return document.querySelector<HTMLElement>(`td[data-day="${day}"]`) as HTMLElement;
};
const sentOf = (asked: { path: string; body: unknown }[], method: string) =>
  asked.filter(({ path }) => path.startsWith(method)).map(({ body }) => body);

test("tasks stand on the days on which they are due where the workspace is", async () => {
  serve(routes);
  open(MARCH);
  const monday = await cellOf("2026-03-02");
  expect(monday.textContent).toContain("Call back");
  expect(monday.textContent).toContain("High, overdue");
  expect((await cellOf("2026-03-04")).textContent).toContain("Send the offer, Done");
});

test("a day shows as many as it has room for, and all of them when it is opened", async () => {
  serve(routes);
  open(MARCH);
  const day = within(await cellOf("2026-03-10"));
  expect(day.getAllByRole("listitem")).toHaveLength(3);
  await userEvent.click(day.getByText("+1 more"));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getAllByRole("listitem")).toHaveLength(4);
});

test("keys walk the days and the months, and Enter opens a day", async () => {
  serve(routes);
  const history = open(MARCH);
  (await cellOf("2026-03-30")).focus();
  await userEvent.keyboard("{ArrowRight}");
  expect((document.activeElement as HTMLElement).dataset.day).toBe("2026-03-31");
  await userEvent.keyboard("{ArrowDown}");
  await waitFor(() => expect((document.activeElement as HTMLElement).dataset.day).toBe("2026-04-07"));
  expect(history.location.search).toContain("month=2026-04");
  await userEvent.keyboard("{PageUp}");
  await waitFor(() => expect((document.activeElement as HTMLElement).dataset.day).toBe("2026-03-07"));
  await userEvent.keyboard("{Enter}");
  expect(await screen.findByText("Nothing is due on this day.")).toBeTruthy();
});

test("a task is moved to another day by its menu, keeps its time, and can be put back", async () => {
  const asked = serve({ ...routes, "PATCH /api/v1/tasks/t1": [200, late] });
  open(MARCH);
  within(await cellOf("2026-03-02"))
    .getByTitle(/Call back/)
    .focus();
  await userEvent.keyboard("m");
  await userEvent.click(await screen.findByText("A week later"));
  await waitFor(() => expect(sentOf(asked, "PATCH")).toEqual([{ dueAt: "2026-03-09T23:30:00.000Z" }]));
  await userEvent.click(await screen.findByText("Undo"));
  await waitFor(() => expect(sentOf(asked, "PATCH").at(-1)).toEqual({ dueAt: late.dueAt }));
});

test("a move that is refused says why, and the task stays", async () => {
  serve({ ...routes, "PATCH /api/v1/tasks/t1": problem(409, "ARCHIVED", "the task is archived") });
  open(MARCH);
  await userEvent.click(within(await cellOf("2026-03-02")).getByRole("button", { name: "Move Call back" }));
  await userEvent.click(await screen.findByText("Another day…"));
  const dialog = within(await screen.findByRole("dialog"));
  const day = dialog.getByLabelText("Due");
  await userEvent.clear(day);
  await userEvent.type(day, "2026-03-20");
  await userEvent.click(dialog.getByRole("button", { name: "Move" }));
  expect(await screen.findByText("The task is archived.")).toBeTruthy();
  expect((await cellOf("2026-03-02")).textContent).toContain("Call back");
});

test("a click on a day makes a task that is due then", async () => {
  const asked = serve({ ...routes, "POST /api/v1/tasks": [201, task("t9", "Ask Ada", "2026-03-12T17:00:00Z")] });
  open(MARCH);
  await userEvent.click(await cellOf("2026-03-12"));
  const form = within(await screen.findByRole("dialog"));
  await userEvent.type(form.getByLabelText("Title"), "Ask Ada");
  await userEvent.click(form.getByRole("button", { name: "Create the task" }));
  await waitFor(() =>
    expect(sentOf(asked, "POST /api/v1/tasks")).toContainEqual(
      expect.objectContaining({ title: "Ask Ada", assignee: "u1", dueAt: "2026-03-12T17:00:00.000Z" }),
    ),
  );
});

test("a week is shown whole, and the address says which", async () => {
  serve(routes);
  const history = open("/tasks?as=calendar&week=2026-03-10");
  await screen.findByText("Visit 4");
  await userEvent.click(screen.getByRole("button", { name: "Next week" }));
  await waitFor(() => expect(history.location.search).toMatch(/week=2026-03-1[56]/));
});

test("in the past nothing is moved or made", async () => {
  serve(routes);
  open(`${MARCH}&asOf=2026-03-05T00:00:00Z`);
  const monday = await cellOf("2026-03-02");
  expect(within(monday).queryByRole("button", { name: "Move Call back" })).toBeNull();
  await userEvent.click(within(monday).getByTitle(/Call back/));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.queryByRole("button", { name: "New task" })).toBeNull();
  expect(dialog.getByRole<HTMLInputElement>("checkbox").disabled).toBe(true);
});

test("days keep their length where clocks are put forward and back", () => {
  const zone = "Europe/Amsterdam";
  const nine = 9 * 3_600_000;
  expect(civilOf("2026-03-28T08:00:00Z", zone)).toEqual({ day: "2026-03-28", time: nine });
  expect(new Date(momentOf({ day: "2026-03-29", time: nine }, zone)).toISOString()).toBe("2026-03-29T07:00:00.000Z");
  expect(new Date(momentOf({ day: "2026-10-25", time: nine }, zone)).toISOString()).toBe("2026-10-25T08:00:00.000Z");
  // An hour that clocks leave out.
  const lost = momentOf({ day: "2026-03-29", time: 2.5 * 3_600_000 }, zone);
  expect(civilOf(lost, zone)).toEqual({ day: "2026-03-29", time: 3.5 * 3_600_000 });
  expect(civilOf("2026-03-02T23:30:00.250Z", "America/New_York")).toEqual({
    day: "2026-03-02",
    time: 18.5 * 3_600_000 + 250,
  });
});

test("weeks begin as they do where the reader lives, and months are whole weeks", () => {
  expect([firstWeekday("en-GB"), firstWeekday("en-US"), firstWeekday("de-DE")]).toEqual([1, 7, 1]);
  expect(weekOf("2026-03-01", 1)[0]).toBe("2026-02-23");
  expect(weekOf("2026-03-01", 7)[0]).toBe("2026-03-01");
  const february = weeksOf("2026-02", 7);
  expect([february.length, february.at(-1)?.at(-1)]).toEqual([4, "2026-02-28"]);
  expect(shiftMonth("2026-01", -1)).toBe("2025-12");
  expect(inMonth("2026-01-31", "2026-02")).toBe("2026-02-28");
  expect([readMonth("2026-13"), readMonth("2026-11"), readMonth("x")]).toEqual([null, "2026-11", null]);
  expect([readDay("2026-02-30"), readDay("2026-02-28"), readDay("20260228")]).toEqual([null, "2026-02-28", null]);
});
