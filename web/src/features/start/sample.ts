/** Leads to try things with: a year of made-up history as a file, so that it comes and goes as any import does. Pure. */
import type { ImportOptions } from "../../api/imports";

export const SAMPLE_FILE = "sample-leads.csv";

const LEADS = 90;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const FIRST = ["Ada", "Bo", "Clara", "Dev", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jun", "Kai", "Lena", "Mo"];
const LAST = ["Alvarez", "Brandt", "Cole", "Diaz", "Eriksen", "Fischer", "Gupta", "Haas", "Ito", "Jensen", "Kowal"];
const COMPANIES = ["Northlight", "Bluefin", "Cedar & Co", "Datawell", "Everbright", "Fjord Foods", "Greystone"];
const SOURCES = ["Website", "Referral", "Event", "Outbound", "Partner"];

/** The stages that every workspace begins with. */
export const SAMPLE_STAGES = ["new", "contacted", "qualified", "converted", "disqualified"];

export const SAMPLE_OPTIONS: ImportOptions = {
  object: "leads",
  kind: "history",
  mapping: [
    { column: "lead", property: "@key" },
    { column: "property", property: "@property" },
    { column: "value", property: "@value" },
    { column: "time", property: "@time" },
  ],
  delimiter: ",",
  dryRun: false,
};

/** One value at one time a line, as histories are imported. */
export function sampleHistory(now: number): string {
  const dice = diceOf(7);
  const lines = ["lead,property,value,time"];
  for (let index = 0; index < LEADS; index += 1) {
    // More of them came lately.
    const ageDays = 2 + 340 * dice() ** 1.4;
    let at = now - ageDays * DAY_MS;
    const say = (property: string, value: string) => lines.push(`${index + 1},${property},${value},${iso(at)}`);
    const pick = (from: string[]) => from[Math.floor(dice() * from.length)] ?? "";
    say("name", `${pick(FIRST)} ${pick(LAST)}`);
    say("company", pick(COMPANIES));
    say("source", pick(SOURCES));
    say("stage", "new");
    say("amount", String(500 * (2 + Math.floor(dice() * 40))));
    for (const stage of pathOf(dice)) {
      at += (8 + dice() ** 2 * 500) * HOUR_MS;
      if (at >= now - HOUR_MS) break;
      say("stage", stage);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Through which stages a lead goes on, if it has the time to. */
function pathOf(dice: () => number): string[] {
  const chance = dice();
  if (chance < 0.12) return [];
  if (chance < 0.3) return ["contacted"];
  if (chance < 0.5) return ["contacted", "disqualified"];
  if (chance < 0.68) return ["contacted", "qualified"];
  // Some are thought of better, and asked again.
  if (chance < 0.76) return ["contacted", "qualified", "contacted", "qualified"];
  return ["contacted", "qualified", "converted"];
}

const iso = (at: number) => new Date(at).toISOString();

/** From 0 to 1, the same each time (mulberry32). */
function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
