import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { type Answer, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const task = (id: string, title: string, more: object = {}) => ({
  id,
  version: 1,
  createdAt: "2026-01-01T09:00:00Z",
  updatedAt: "2026-01-01T09:00:00Z",
  archived: false,
  title,
  description: null,
  dueAt: "2026-01-02T09:00:00Z",
  assignee: "u1",
  priority: "normal",
  done: false,
  doneAt: null,
  remindAt: null,
  records: [],
  createdBy: { type: "user", id: "u1" },
  ...more,
});

const counted: Answer = [200, { results: [], total: { value: 0, relation: "eq" } }];

const answers: Record<string, Answer> = {
  ...signedIn,
  "POST /api/v1/objects/leads/search": counted,
  "POST /api/v1/objects/tasks/search": counted,
  "GET /api/v1/tasks": [200, { results: [] }],
  "GET /api/v1/tasks?due=overdue": [200, { results: [task("t1", "Call back"), task("t2", "Send the offer")] }],
  "GET /api/v1/tasks?due=today": [200, { results: [task("t3", "Prepare")] }],
};

const rowOf = async (title: string) => (await screen.findByText(title)).closest("li") as HTMLElement;

test("tasks stand under when they are due", async () => {
  serve(answers);
  open("/tasks");
  const overdue = within(await screen.findByRole("region", { name: "Overdue" }));
  expect(overdue.getAllByRole("listitem").map((row) => row.getAttribute("aria-label"))).toEqual([
    "Call back",
    "Send the offer",
  ]);
  expect(within(screen.getByRole("region", { name: "Today" })).getByText("Prepare")).toBeTruthy();
  expect(screen.queryByRole("region", { name: "Upcoming" })).toBeNull();
});

test("keys walk the tasks, tick one, and the tick can be taken back", async () => {
  const asked = serve({ ...answers, "PATCH /api/v1/tasks/t2": [200, task("t2", "Send the offer", { done: true })] });
  open("/tasks");
  (await rowOf("Call back")).focus();
  await userEvent.keyboard("j");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Send the offer");
  await userEvent.keyboard("x");
  await userEvent.click(await screen.findByText("Undo"));
  const sent = () => asked.filter(({ path }) => path.startsWith("PATCH")).map(({ body }) => body);
  await waitFor(() => expect(sent()).toEqual([{ done: true }, { done: false }]));
});

test("a task is added in one line for who writes it", async () => {
  const asked = serve({ ...answers, "POST /api/v1/tasks": [201, task("t4", "Ask Ada")] });
  open("/tasks");
  await userEvent.selectOptions(await screen.findByLabelText("Due"), "No due date");
  const line = screen.getByLabelText<HTMLInputElement>("New task");
  await userEvent.type(line, "Ask Ada{Enter}");
  await waitFor(() => expect(line.value).toBe(""));
  expect(asked.find(({ path }) => path === "POST /api/v1/tasks")?.body).toEqual({
    title: "Ask Ada",
    assignee: "u1",
    dueAt: null,
  });
});

test("a refused task keeps what was typed and says why", async () => {
  serve({ ...answers, "POST /api/v1/tasks": problem(422, "TOO_LONG", "the title is too long") });
  open("/tasks");
  const line = await screen.findByLabelText<HTMLInputElement>("New task");
  await userEvent.type(line, "Ask Ada{Enter}");
  expect(await screen.findByText(/the title is too long/i)).toBeTruthy();
  expect(line.value).toBe("Ask Ada");
});

test("a task is edited by the key e, and only what was changed of its times is sent", async () => {
  const asked = serve({ ...answers, "PATCH /api/v1/tasks/t1": [200, task("t1", "Call Ada")] });
  open("/tasks");
  (await rowOf("Call back")).focus();
  await userEvent.keyboard("e");
  const form = within(await screen.findByRole("dialog"));
  const title = await form.findByLabelText("Title");
  await userEvent.clear(title);
  await userEvent.type(title, "Call Ada");
  await userEvent.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(asked.find(({ path }) => path.startsWith("PATCH"))?.body).toEqual({
    title: "Call Ada",
    description: null,
    assignee: "u1",
    priority: "normal",
  });
});

test("in the past, tasks are shown and cannot be changed", async () => {
  serve(answers);
  open("/tasks?asOf=2026-01-02T00:00:00Z");
  const row = within(await rowOf("Call back"));
  expect(row.getByRole<HTMLInputElement>("checkbox").disabled).toBe(true);
  expect(screen.queryByLabelText("New task")).toBeNull();
});

test("nothing to do is said in a sentence", async () => {
  serve({ ...answers, "GET /api/v1/tasks?due=overdue": counted, "GET /api/v1/tasks?due=today": counted });
  open("/tasks");
  expect(await screen.findByText("Nothing is to be done.")).toBeTruthy();
});

test("a reminder is put off, or done", async () => {
  const asked = serve({
    ...answers,
    "GET /api/v1/tasks?remind=true": [200, { results: [task("t9", "Call Ada back"), task("t8", "Other")] }],
    "PATCH /api/v1/tasks/t9": [200, task("t9", "Call Ada back")],
  });
  open("/tasks");
  const reminder = within(await screen.findByRole("complementary", { name: "Reminder" }));
  expect(reminder.getByText("Call Ada back")).toBeTruthy();
  expect(reminder.getByText("1 more")).toBeTruthy();
  await userEvent.click(reminder.getByRole("button", { name: "Later" }));
  await userEvent.click(await screen.findByText("Remind me no more"));
  await waitFor(() => expect(asked.find(({ path }) => path.startsWith("PATCH"))?.body).toEqual({ remindAt: null }));
  await userEvent.click(reminder.getByRole("button", { name: "Done" }));
  await waitFor(() => expect(asked.findLast(({ path }) => path.startsWith("PATCH"))?.body).toEqual({ done: true }));
});
