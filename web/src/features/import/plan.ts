/** What is to be made of a file: drafted from its columns, changed by the user, and sent as the options of an import. Pure. */
import type { ImportFormat, ImportKind, ImportOptions, MappingEntry, NewProperty } from "../../api/imports";
import { nameFor } from "../../api/names";
import type { Member, ObjectType, Property, PropertyType } from "../../api/types";
import { samplesOf, type Sheet } from "./sheet";
import { guessDateFormat, kindOf, newProperty, settable, suggest, type Column } from "./suggestions";

export interface ColumnPlan {
  /** A property's name or a part of a history row; null is left out. */
  target: string | null;
  /** The definition of the target, where it is to be made. */
  created: NewProperty | null;
  /** Values that are no options yet become options. */
  createOptions: boolean;
  /** Records that a link names and that do not exist are created. */
  createRecord: boolean;
}

export interface Plan {
  object: string;
  kind: ImportKind;
  /** A ready-made mapping instead of the columns'. */
  format: ImportFormat | null;
  columns: ColumnPlan[];
  /** By which property a row finds its record; null makes a new one of each row, and keeps a history's keys apart. */
  idProperty: string | null;
  /** Empty is ISO 8601. */
  dateFormat: string;
  timeZone: string;
}

const LEFT_OUT: ColumnPlan = { target: null, created: null, createOptions: false, createRecord: false };

/** Types whose values can tell records apart. */
const KEYS = new Set<PropertyType>(["text", "number", "date", "datetime", "email", "phone", "url"]);

export const columnsOf = (sheet: Sheet): Column[] =>
  sheet.columns.map((name, index) => ({ name, samples: samplesOf(sheet, index) }));

/** What is drafted for a file, an object and a kind of rows; without a kind, that of the columns. */
export function draftPlan(
  sheet: Sheet,
  object: ObjectType,
  members: Member[],
  timeZone: string,
  kind: ImportKind = kindOf(sheet.columns),
): Plan {
  const columns = columnsOf(sheet);
  const targets = suggest(columns, kind, settable(object), members);
  const plan: Plan = {
    object: object.name,
    kind,
    format: null,
    columns: targets.map((target, index) =>
      isUsable(sheet, index) ? { ...LEFT_OUT, target, createOptions: kind === "history" } : LEFT_OUT,
    ),
    idProperty: null,
    dateFormat: "",
    timeZone,
  };
  const dated = columns.filter((_, index) => isDated(plan.columns[index], object));
  const dateFormat = guessDateFormat(dated.flatMap(({ samples }) => samples));
  return { ...plan, dateFormat, idProperty: usualKey(plan, object) };
}

/** A column without a name, or with one that another has too, cannot be spoken of. */
export const isUsable = (sheet: Sheet, index: number): boolean => {
  const name = sheet.columns[index] ?? "";
  return name !== "" && sheet.columns.filter((other) => other === name).length === 1;
};

function isDated(column: ColumnPlan | undefined, object: ObjectType): boolean {
  if (!column || column.target === null) return false;
  const type = column.created?.type ?? object.properties.find(({ name }) => name === column.target)?.type;
  return column.target === "@time" || type === "date" || type === "datetime";
}

/** What a column becomes by a choice: nothing, a part of the row, a property that is there, or a new one. */
export function targeted(plan: Plan, index: number, target: string | null, column: Column, object: ObjectType): Plan {
  const planned = { ...LEFT_OUT, target, createOptions: plan.kind === "history" };
  return withDates(withColumn(plan, index, planned), index, column, object);
}

export function withNewProperty(plan: Plan, index: number, column: Column, object: ObjectType): Plan {
  const planned = plan.columns.flatMap(({ created, target }) => (created && target !== null ? [target] : []));
  const taken = [...object.properties.map(({ name }) => name), ...planned];
  const target = nameFor(column.name, taken);
  const created = { ...LEFT_OUT, target, created: newProperty(column), createOptions: true };
  return withDates(withColumn(plan, index, created), index, column, object);
}

/** The first dates that are chosen tell how all of them are written. */
function withDates(plan: Plan, index: number, column: Column, object: ObjectType): Plan {
  if (plan.dateFormat !== "" || !isDated(plan.columns[index], object)) return plan;
  return { ...plan, dateFormat: guessDateFormat(column.samples) };
}

export const withColumn = (plan: Plan, index: number, column: ColumnPlan): Plan => ({
  ...plan,
  columns: plan.columns.with(index, column),
});

/** Properties by which rows can find their records. A history brings its keys in a column of their own. */
export function keyChoices(plan: Plan, object: ObjectType): { name: string; label: string }[] {
  const isKey = ({ type }: { type: PropertyType }) => KEYS.has(type);
  const mapped = (name: string) => plan.columns.some(({ target }) => target === name);
  const own = settable(object).filter((one) => isKey(one) && (plan.kind === "history" || mapped(one.name)));
  const made = plan.columns.flatMap(({ target, created }) =>
    target !== null && created && isKey(created) ? [{ name: target, label: created.label }] : [],
  );
  return [...own.map(({ name, label }) => ({ name, label })), ...made];
}

function usualKey(plan: Plan, object: ObjectType): string | null {
  if (plan.kind === "history") return null;
  const choices = keyChoices(plan, object).map(({ name }) => name);
  const isChoice = ({ name }: Property) => choices.includes(name);
  const unique = settable(object).find((one) => one.unique && isChoice(one));
  return unique?.name ?? choices.find((name) => name === "external_id" || name === "email") ?? null;
}

/** A key that is no longer mapped is let go of. */
export const settled = (plan: Plan, object: ObjectType): Plan =>
  plan.idProperty === null || keyChoices(plan, object).some(({ name }) => name === plan.idProperty)
    ? plan
    : { ...plan, idProperty: null };

/** What is still missing before the server could begin: the parts that have no column. */
export function missingParts(plan: Plan): ("@key" | "@time" | "@value")[] {
  if (plan.format !== null) return [];
  const has = (part: string) => plan.columns.some(({ target }) => target === part);
  const hasProperty = plan.columns.some(({ target }) => target !== null && !target.startsWith("@"));
  if (plan.kind === "records") return hasProperty ? [] : ["@value"];
  const hasValues = has("@property") && has("@value");
  const missing = [!has("@key") && "@key", !has("@time") && "@time", !hasValues && !hasProperty && "@value"] as const;
  return missing.filter((part) => part !== false);
}

export function optionsOf(plan: Plan, sheet: Sheet, dryRun: boolean): ImportOptions {
  const mapping = plan.columns.flatMap((column, index): MappingEntry[] => {
    const { target, created, createOptions, createRecord } = column;
    if (target === null) return [];
    return [
      {
        column: sheet.columns[index] ?? "",
        property: target,
        ...(created ? { createProperty: created } : {}),
        ...(createOptions ? { createOptions } : {}),
        ...(createRecord ? { createRecord } : {}),
      },
    ];
  });
  return {
    object: plan.object,
    kind: plan.kind,
    ...(plan.format === null ? { mapping } : { format: plan.format, mapping: [] }),
    ...(plan.idProperty === null ? {} : { idProperty: plan.idProperty }),
    ...(plan.dateFormat === "" ? {} : { dateFormat: plan.dateFormat }),
    timeZone: plan.timeZone,
    delimiter: sheet.delimiter === "\t" ? "tab" : sheet.delimiter,
    dryRun,
  };
}
