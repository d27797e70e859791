/** What a lifecycle's definition becomes, and which records a change of it touches. Pure. */
import type { Transition } from "../../api/definitions";
import type { FilterGroup } from "../../api/filters";
import type { Flow } from "../../api/reports";
import type { Property } from "../../api/types";
import type { OptionDraft } from "./drafts";

/** Any move, or only these. */
export type Transitions = "any" | Transition[];

export const transitionsOf = ({ transitions }: Property): Transitions =>
  Array.isArray(transitions) ? transitions.map(({ from = null, to }) => ({ from, to })) : "any";

export const allows = (transitions: Transitions, from: string | null, to: string): boolean =>
  transitions === "any" || transitions.some((one) => one.from === from && one.to === to);

export const allowed = (transitions: Transition[], from: string | null, to: string): Transition[] =>
  allows(transitions, from, to) ? transitions : [...transitions, { from, to }];

export const forbidden = (transitions: Transition[], from: string | null, to: string): Transition[] =>
  transitions.filter((one) => one.from !== from || one.to !== to);

export const toggled = (transitions: Transition[], from: string | null, to: string): Transition[] =>
  allows(transitions, from, to) ? forbidden(transitions, from, to) : allowed(transitions, from, to);

/** As the server has it: a lifecycle that names no entry can be entered anywhere. */
export const isEntryFree = (transitions: Transitions): boolean =>
  transitions === "any" || transitions.every(({ from }) => from !== null);

/** Every move between stages, and every entry: what "any" means, written out to be narrowed. */
export function everyMove(stages: string[]): Transition[] {
  const froms = [null, ...stages];
  return froms.flatMap((from) => stages.filter((to) => to !== from).map((to) => ({ from, to })));
}

/** A stage that is saved. Moves name stages by their values, which new ones do not have yet. */
export type SavedStage = OptionDraft & { value: string };

export const isSaved = (option: OptionDraft): option is SavedStage => option.value !== null;

/** A move between two stages, or into the first one: whether it is allowed, and how many records made it lately. */
export interface Move {
  from: string | null;
  to: string;
  isAllowed: boolean;
  records: number;
}

/** What is drawn of a lifecycle: what it allows, and what happened, allowed or not. Where any move is allowed, only what happened. */
export function movesOf(transitions: Transitions, stages: SavedStage[], flows: Flow[]): Move[] {
  const froms = [null, ...stages.map(({ value }) => value)];
  return froms.flatMap((from) =>
    stages.flatMap(({ value: to }) => {
      const records = flows.find((flow) => flow.from === from && flow.to === to)?.records ?? 0;
      const isNamed = transitions !== "any" && allows(transitions, from, to);
      if (from === to || (records === 0 && !isNamed)) return [];
      return [
        {
          from,
          to,
          records,
          isAllowed: isNamed || transitions === "any" || (from === null && isEntryFree(transitions)),
        },
      ];
    }),
  );
}

/** Only the moves that were made. */
export const madeMoves = (stages: SavedStage[], flows: Flow[]): Transition[] =>
  movesOf("any", stages, flows).map(({ from, to }) => ({ from, to }));

/** A change that touches records: which they are, to be counted. */
export type Effect =
  | { kind: "archived"; stage: string; groups: FilterGroup[] }
  | { kind: "required"; stage: string; property: string; groups: FilterGroup[] }
  | { kind: "stuck"; stage: string; groups: FilterGroup[] }
  | { kind: "late"; stage: string; groups: FilterGroup[] };

/** What a draft changes for records that are there; `label` says what a property is called. */
export function effectsOf(
  before: Property,
  options: OptionDraft[],
  transitions: Transitions,
  label: (property: string) => string,
): Effect[] {
  const only = (...filters: FilterGroup["filters"]): FilterGroup[] => [{ filters }];
  const used = options.filter(({ archived, value }) => !archived && value !== null);
  return options.flatMap((option): Effect[] => {
    const old = before.options.find(({ value }) => value === option.value);
    if (!old || option.value === null) return [];
    const stage = option.label;
    const isHere = { property: before.name, operator: "EQ", value: option.value };
    if (option.archived) return old.archived ? [] : [{ kind: "archived", stage, groups: only(isHere) }];
    const added = (option.requiredProperties ?? []).filter((name) => !old.requiredProperties?.includes(name));
    const leaves = (after: Transitions) =>
      used.some(({ value }) => value !== null && allows(after, option.value, value));
    const isStuck = leaves(transitionsOf(before)) && !leaves(transitions);
    const isLate = option.maxDuration !== old.maxDuration && Boolean(option.maxDuration);
    const stay = {
      property: before.name,
      operator: "TIME_IN_VALUE",
      value: option.value,
      gte: option.maxDuration ?? "",
    };
    return [
      ...added.map((name): Effect => ({
        kind: "required",
        stage,
        property: label(name),
        groups: only(isHere, { property: name, operator: "NOT_HAS_PROPERTY" }),
      })),
      ...(isStuck ? [{ kind: "stuck" as const, stage, groups: only(isHere) }] : []),
      ...(isLate ? [{ kind: "late" as const, stage, groups: only(stay) }] : []),
    ];
  });
}
