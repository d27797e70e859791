/** Definitions while they are being changed: options and stages with an identity of their own until they are saved. Pure. */
import type { OptionBody, PropertyBody, PropertyPatch } from "../../api/definitions";
import { nameFor } from "../../api/names";
import type { Option, Property, PropertyType, Value } from "../../api/types";

/** An option that is being changed. One without a value is new and gets its value from its label. */
export interface OptionDraft extends Omit<Option, "value"> {
  key: string;
  value: string | null;
}

export interface PropertyDraft {
  label: string;
  /** Null follows the label, until the property exists. */
  name: string | null;
  type: PropertyType;
  targetObject: string | null;
  currency: string;
  group: string;
  description: string;
  required: boolean;
  unique: boolean;
  default: Value | null;
  options: OptionDraft[];
}

const OPTION_COLORS = [
  "blue",
  "violet",
  "teal",
  "pink",
  "orange",
  "green",
  "cyan",
  "brown",
  "indigo",
  "slate",
] as const;

/** Types of which no two records may hold the same value, where that is asked for. */
const UNIQUE_TYPES = new Set<PropertyType>(["text", "number", "date", "datetime", "email", "phone", "url"]);

export const canBeUnique = (type: PropertyType): boolean => UNIQUE_TYPES.has(type);

export const hasOptions = (type: PropertyType): boolean =>
  type === "select" || type === "multi_select" || type === "stage";

export const draftsOf = (options: Option[]): OptionDraft[] =>
  options.map((option) => ({ ...option, key: option.value }));

let lastKey = 0;

export function newOption(options: OptionDraft[], isStage: boolean): OptionDraft {
  lastKey += 1;
  const color = OPTION_COLORS[options.length % OPTION_COLORS.length] ?? "slate";
  const stage = isStage ? { category: "open", requiredProperties: [] } : {};
  return { key: `+${lastKey}`, value: null, label: "", color, archived: false, ...stage };
}

/** As the API takes them: new ones get a value of their own, in the order of the list. */
export function optionBodies(options: OptionDraft[]): OptionBody[] {
  const taken = options.flatMap(({ value }) => value ?? []);
  return options
    .filter(({ value, label }) => value !== null || label.trim() !== "")
    .map(({ value, label, color, archived, category, probability, maxDuration, requiredProperties }) => {
      const own = value ?? nameFor(label, taken);
      if (value === null) taken.push(own);
      const stage = { category, probability, maxDuration, requiredProperties };
      return { value: own, label: label.trim(), color, archived, ...stage };
    });
}

export function draftOf(property: Property | null): PropertyDraft {
  return {
    label: property?.label ?? "",
    name: property?.name ?? null,
    type: property?.type ?? "text",
    targetObject: property?.targetObject ?? null,
    currency: property?.currency ?? "",
    group: property?.group ?? "",
    description: property?.description ?? "",
    required: property?.required ?? false,
    unique: property?.unique ?? false,
    default: (property?.default ?? null) as Value | null,
    options: draftsOf(property?.options ?? []),
  };
}

const textOr = <T>(text: string, other: T): string | T => (text.trim() === "" ? other : text.trim());

export function propertyBody(draft: PropertyDraft, taken: string[]): PropertyBody {
  return {
    name: draft.name ?? nameFor(draft.label, taken),
    label: draft.label.trim(),
    type: draft.type,
    group: textOr(draft.group, undefined),
    description: textOr(draft.description, undefined),
    required: draft.required,
    unique: draft.unique && canBeUnique(draft.type),
    ...(draft.default === null ? {} : { default: draft.default }),
    ...(draft.type === "record" ? { targetObject: draft.targetObject } : {}),
    ...(draft.type === "money" ? { currency: textOr(draft.currency, undefined) } : {}),
    ...(hasOptions(draft.type) ? { options: optionBodies(draft.options) } : {}),
  };
}

/** Only what can be changed once a property exists. */
export function propertyPatch(draft: PropertyDraft): PropertyPatch {
  return {
    label: draft.label.trim(),
    group: textOr(draft.group, null),
    description: textOr(draft.description, null),
    required: draft.required,
    ...(canBeUnique(draft.type) ? { unique: draft.unique } : {}),
    default: draft.default,
    ...(draft.type === "money" ? { currency: textOr(draft.currency, undefined) } : {}),
    ...(hasOptions(draft.type) ? { options: optionBodies(draft.options) } : {}),
  };
}

/** The property as it would be, for the control of its default. */
export function asProperty(draft: PropertyDraft): Property {
  const never = "1970-01-01T00:00:00Z";
  return {
    id: "",
    name: "",
    label: draft.label,
    type: draft.type,
    required: false,
    unique: false,
    options: optionBodies(draft.options.filter(({ archived }) => !archived)) as Option[],
    currency: draft.currency === "" ? undefined : draft.currency,
    targetObject: draft.targetObject,
    builtin: false,
    system: false,
    archived: false,
    position: 0,
    createdAt: never,
    updatedAt: never,
  };
}

/** Moves one of a list elsewhere in it. */
export function movedTo<T>(items: T[], from: number, to: number): T[] {
  const item = items[from];
  return item === undefined ? items : items.toSpliced(from, 1).toSpliced(to, 0, item);
}
