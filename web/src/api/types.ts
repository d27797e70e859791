/** The names that the app uses for the server's types, and the closed types of values. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type User = Schemas["User"];
export type Workspace = Schemas["Workspace"];
export type Me = Schemas["Me"];
export type Member = Schemas["Member"];
/** An object with its properties. */
export type ObjectType = Omit<Schemas["Object"], "properties"> & { properties: Property[] };
export type Property = Schemas["Property"];
export type PropertyType = Schemas["Property"]["type"];
export type Option = Schemas["Option"];
export type Actor = Schemas["Actor"];

export interface Money {
  amount: string;
  currency: string;
}

/** What a property can hold. Decimals of money are text, so that they stay exact. */
export type Value = string | number | boolean | string[] | Money;

/** A record as of one moment, with the spans of the properties that were asked for. */
export type LeadlineRecord = Omit<Schemas["Record"], "properties" | "propertiesWithHistory"> & {
  properties: Record<string, Value | null | undefined>;
  propertiesWithHistory?: Record<string, ValueSpan[] | undefined>;
};

/** One value that a property held in [validFrom, validTo). */
export type ValueSpan = Omit<Schemas["Span"], "value"> & { value: Value | null };

/** What one write changed on one record. */
export type ChangeSet = Omit<Schemas["ChangeSet"], "changes"> & { changes: Change[] };

export interface Change {
  property: string;
  from: Value | null;
  to: Value | null;
  /** Only of a correction: the stretch of time that it states anew; open where the end is absent. */
  validFrom?: string | null;
  validTo?: string | null;
}

/** Input for one value in a correction. */
export interface CorrectedSpan {
  value: Value | null;
  validFrom: string;
  validTo?: string;
}
