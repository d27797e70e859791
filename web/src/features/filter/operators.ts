/** Which questions a type of property answers. Pure. */
import type { Filter, Operator } from "../../api/filters";
import type { Property, PropertyType } from "../../api/types";
import type { Subject } from "./subjects";

const IS_SET: Operator[] = ["HAS_PROPERTY", "NOT_HAS_PROPERTY"];
const TEXT: Operator[] = ["CONTAINS", "EQ", "NEQ", "STARTS_WITH", ...IS_SET];
const ORDERED: Operator[] = ["EQ", "NEQ", "GTE", "LTE", "GT", "LT", "BETWEEN", ...IS_SET];
const CHOICE: Operator[] = ["IN", "NOT_IN", ...IS_SET];

const PRESENT: Record<PropertyType, Operator[]> = {
  text: TEXT,
  long_text: ["CONTAINS", ...IS_SET],
  email: TEXT,
  phone: TEXT,
  url: TEXT,
  number: ORDERED,
  money: ORDERED,
  date: ORDERED,
  datetime: ["GTE", "LT", "BETWEEN", ...IS_SET],
  boolean: ["EQ", ...IS_SET],
  select: CHOICE,
  stage: CHOICE,
  user: CHOICE,
  multi_select: ["CONTAINS", ...IS_SET],
  record: ["EQ", "NEQ", ...IS_SET],
};

const HISTORY: Operator[] = [
  "TIME_IN_VALUE",
  "TOTAL_TIME_IN_VALUE",
  "UNCHANGED_FOR",
  "WAS",
  "EVER",
  "NEVER",
  "ENTERED",
  "LEFT",
  "CHANGED",
  "CHANGE_COUNT",
];

/** Of long texts and lists, no single value is asked for. */
const WITHOUT_VALUE: Operator[] = ["UNCHANGED_FOR", "CHANGED", "CHANGE_COUNT"];

export const presentOperators = (property: Property): Operator[] => PRESENT[property.type];

export function historyOperators({ property, hasHistory }: Subject): Operator[] {
  if (!hasHistory) return [];
  const hasNoSingle = property.type === "long_text" || property.type === "multi_select";
  return hasNoSingle ? WITHOUT_VALUE : HISTORY;
}

/** What the operator asks to be filled in. */
export interface Needs {
  value?: "one" | "many";
  /** One operand may be left out. */
  moves?: boolean;
  moment?: boolean;
  /** From and to, both of the property's own type. */
  between?: boolean;
  range?: "required" | "optional";
  duration?: boolean;
  atLeastAtMost?: "duration" | "count";
}

const NEEDS: Record<Operator, Needs> = {
  EQ: { value: "one" },
  NEQ: { value: "one" },
  LT: { value: "one" },
  LTE: { value: "one" },
  GT: { value: "one" },
  GTE: { value: "one" },
  BETWEEN: { between: true },
  IN: { value: "many" },
  NOT_IN: { value: "many" },
  HAS_PROPERTY: {},
  NOT_HAS_PROPERTY: {},
  CONTAINS: { value: "one" },
  STARTS_WITH: { value: "one" },
  WAS: { value: "one", moment: true },
  EVER: { value: "one" },
  NEVER: { value: "one" },
  ENTERED: { value: "one", range: "optional" },
  LEFT: { value: "one", range: "optional" },
  CHANGED: { moves: true, range: "optional" },
  CHANGE_COUNT: { atLeastAtMost: "count", range: "optional" },
  TIME_IN_VALUE: { value: "one", atLeastAtMost: "duration" },
  TOTAL_TIME_IN_VALUE: { value: "one", atLeastAtMost: "duration" },
  UNCHANGED_FOR: { duration: true },
};

export const needsOf = (operator: Operator): Needs => NEEDS[operator];

/** Whether the app can edit the filter, or only show and remove it. */
export function isEditable(filter: Filter, subject: Subject): boolean {
  const { operator, property, exact, excludeSources } = filter;
  if (property === "id" || property === "archived" || exact !== undefined || excludeSources !== undefined) return false;
  return [...presentOperators(subject.property), ...historyOperators(subject)].some((one) => one === operator);
}

/** Keeps of a filter what the operator takes. */
export function withOperator(filter: Filter, operator: Operator): Filter {
  const needs = needsOf(operator);
  const next: Filter = { property: filter.property, operator };
  if (needs.value === "many") {
    const values = filter.values ?? (filter.value === undefined || filter.value === null ? [] : [filter.value]);
    next.values = values;
  }
  if (needs.value === "one") next.value = filter.value ?? filter.values?.[0];
  if (needs.range === "optional") Object.assign(next, { from: filter.from, to: filter.to });
  if (needs.moment) next.at = filter.at;
  if (needs.atLeastAtMost === "duration") next.gte = typeof filter.gte === "string" ? filter.gte : filter.duration;
  if (needs.duration) next.duration = filter.duration ?? (typeof filter.gte === "string" ? filter.gte : undefined);
  return next;
}

/** Whether everything that the operator cannot do without is filled in. */
export function isComplete(filter: Filter): boolean {
  const needs = needsOf(filter.operator as Operator);
  const has = (value: unknown) => value !== undefined && value !== null && value !== "";
  if (needs.value === "one" && !has(filter.value)) return false;
  if (needs.value === "many" && (filter.values ?? []).length === 0) return false;
  if (needs.between && !(has(filter.from) && has(filter.to))) return false;
  if (needs.moment && !has(filter.at)) return false;
  if (needs.duration && !has(filter.duration)) return false;
  if (needs.atLeastAtMost === "count" && !has(filter.gte) && !has(filter.lte)) return false;
  return true;
}

/** Without what is empty, as the API takes it. */
export function tidy(filter: Filter): Filter {
  const kept = Object.entries(filter).filter(([, value]) => value !== undefined && value !== "");
  return { ...Object.fromEntries(kept), property: filter.property, operator: filter.operator };
}
