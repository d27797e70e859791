/** What a lifecycle's definition becomes, and which records a change of it touches. Pure. */
import type { Transition } from "../../api/definitions";
import type { FilterGroup } from "../../api/filters";
import type { Property } from "../../api/types";
import type { OptionDraft } from "./drafts";

/** Any move, or only these. */
export type Transitions = "any" | Transition[];

export const transitionsOf = ({ transitions }: Property): Transitions =>
  Array.isArray(transitions) ? transitions.map(({ from = null, to }) => ({ from, to })) : "any";

export const allows = (transitions: Transitions, from: string | null, to: string): boolean =>
  transitions === "any" || transitions.some((one) => one.from === from && one.to === to);

export function toggled(transitions: Transition[], from: string | null, to: string): Transition[] {
  const without = transitions.filter((one) => one.from !== from || one.to !== to);
  return without.length < transitions.length ? without : [...transitions, { from, to }];
}

/** Every move between stages, and every entry: what "any" means, written out to be narrowed. */
export function everyMove(stages: string[]): Transition[] {
  const froms = [null, ...stages];
  return froms.flatMap((from) => stages.filter((to) => to !== from).map((to) => ({ from, to })));
}

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
