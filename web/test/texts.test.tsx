import { cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { formatMoney, parseDecimal } from "../src/fields/decimal";
import { de } from "../src/texts/de";
import { en } from "../src/texts/en";
import { chooseLanguage } from "../src/texts/i18n";
import { open, serve, signedIn } from "./server";

afterEach(async () => {
  // Before it, the app would speak what its person prefers.
  cleanup();
  vi.unstubAllGlobals();
  await chooseLanguage("en");
  localStorage.clear();
});

/** Every text by its path. */
function textsOf(node: object, path = ""): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (typeof value === "string") texts.set(`${path}${key}`, value);
    else if (typeof value === "object" && value !== null)
      for (const [name, text] of textsOf(value, `${path}${key}.`)) texts.set(name, text);
  }
  return texts;
}

test("both languages have the same texts with the same gaps", () => {
  const [english, german] = [textsOf(en), textsOf(de)];
  expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  const gaps = (text: string | undefined): string[] => (text?.match(/\{\{\w+\}\}/g) ?? []).sort();
  for (const [key, text] of english) {
    // The one of a plural may leave out its figure, and a language may need no name where another does.
    expect(
      gaps(german.get(key)).filter((gap) => !gaps(text).includes(gap)),
      key,
    ).toEqual([]);
  }
});

test("another language is chosen in the account menu, kept, and told to the browser", async () => {
  serve({
    ...signedIn,
    "POST /api/v1/objects/leads/search": [200, { results: [], total: { value: 0, relation: "eq" } }],
  });
  open("/objects/leads");
  await userEvent.click(await screen.findByRole("button", { name: "Account of Ann Vega" }));
  await userEvent.click(await screen.findByText("Deutsch"));
  expect((await screen.findAllByRole("button", { name: "Lead anlegen" })).length).toBeGreaterThan(0);
  expect(document.documentElement.lang).toBe("de");
  expect(localStorage.getItem("leadline-language")).toBe("de");
});

test("amounts are written and read as the language does", async () => {
  expect(formatMoney({ amount: "1250.50", currency: "EUR" })).toBe("€1,250.50");
  expect(["1,250.50", "1 250,5", "1,250", "1250.5", "x"].map(parseDecimal)).toEqual([
    "1250.50",
    "1250.5",
    "1250",
    "1250.5",
    null,
  ]);
  await chooseLanguage("de");
  expect(formatMoney({ amount: "1250.00", currency: "EUR" }, true)).toBe("1.250\u00a0€");
  expect(["1.250,50", "1.250", "12,5"].map(parseDecimal)).toEqual(["1250.50", "1250", "12.5"]);
});
