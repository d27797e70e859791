/** Filters as the API takes them and the URL keeps them: an OR of groups, each an AND of filters. */
import type { Value } from "./types";

/** What the app can ask; answers of reports bring others, which are kept as they are. */
export const OPERATORS = [
  "EQ",
  "NEQ",
  "LT",
  "LTE",
  "GT",
  "GTE",
  "BETWEEN",
  "IN",
  "NOT_IN",
  "HAS_PROPERTY",
  "NOT_HAS_PROPERTY",
  "CONTAINS",
  "STARTS_WITH",
  "WAS",
  "EVER",
  "NEVER",
  "ENTERED",
  "LEFT",
  "CHANGED",
  "CHANGE_COUNT",
  "TIME_IN_VALUE",
  "TOTAL_TIME_IN_VALUE",
  "UNCHANGED_FOR",
] as const;

export type Operator = (typeof OPERATORS)[number];

const HISTORY = new Set<string>([
  "WAS",
  "EVER",
  "NEVER",
  "ENTERED",
  "LEFT",
  "CHANGED",
  "CHANGE_COUNT",
  "TIME_IN_VALUE",
  "TOTAL_TIME_IN_VALUE",
  "UNCHANGED_FOR",
  "REACHED",
]);

/** A type, not an interface, so that it fits where any JSON object does. */
export type Filter = {
  property: string;
  /** One of `OPERATORS`, or one that only reports write. */
  operator: string;
  value?: Value | null;
  values?: Value[];
  from?: Value;
  to?: Value;
  /** RFC 3339 */
  at?: string;
  fromValue?: Value | null;
  toValue?: Value | null;
  /** A number of changes, or an ISO 8601 duration. */
  gte?: number | string;
  lte?: number | string;
  duration?: string;
  [more: string]: unknown;
};

export type FilterGroup = { filters: Filter[] };

/** From the URL: undefined if it is none. The server says what is wrong with a filter that it cannot answer. */
export function readFilterGroups(given: unknown): FilterGroup[] | undefined {
  return Array.isArray(given) && given.every(isFilterGroup) ? given : undefined;
}

function isFilterGroup(given: unknown): given is FilterGroup {
  if (typeof given !== "object" || given === null || !("filters" in given)) return false;
  return Array.isArray(given.filters) && given.filters.every(isFilter);
}

function isFilter(given: unknown): given is Filter {
  if (typeof given !== "object" || given === null || !("property" in given && "operator" in given)) return false;
  return typeof given.property === "string" && typeof given.operator === "string";
}

export const isOnHistory = ({ operator }: Filter): boolean => HISTORY.has(operator);

/** Without groups that ask nothing: one of them would let everything through. */
export const meaningful = (groups: FilterGroup[]): FilterGroup[] => groups.filter(({ filters }) => filters.length > 0);

/** Adds a filter to every group, so that it holds in all of them. */
export function narrowed(groups: FilterGroup[], filter: Filter): FilterGroup[] {
  if (groups.length === 0) return [{ filters: [filter] }];
  return groups.map(({ filters }) => ({ filters: [...filters, filter] }));
}

/** The API's description says of a group only that it is an object. */
export const asJson = (groups: FilterGroup[]) => groups as unknown as Record<string, undefined>[];
