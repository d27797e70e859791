/** The types of properties. A type that the API adds is a compile error here until it has its file. */
import type { Property, PropertyType, Value } from "../api/types";
import { boolean } from "./boolean";
import { date } from "./date";
import { datetime } from "./datetime";
import { email } from "./email";
import type { Field } from "./field";
import { longText } from "./longText";
import { money } from "./money";
import { multiSelect } from "./multiSelect";
import { number } from "./number";
import { phone } from "./phone";
import { record } from "./record";
import { select } from "./select";
import { stage } from "./stage";
import { text } from "./text";
import { url } from "./url";
import { user } from "./user";

export const fields = {
  text,
  long_text: longText,
  number,
  money,
  boolean,
  date,
  datetime,
  select,
  multi_select: multiSelect,
  stage,
  user,
  record,
  email,
  phone,
  url,
} satisfies Record<PropertyType, Field>;

export function fieldOf(property: Property): Field {
  return fields[property.type];
}

/** Whether two values are one, as the server sees it. */
export function isSameValue(left: Value | null | undefined, right: Value | null | undefined): boolean {
  return JSON.stringify(left ?? null) === JSON.stringify(right ?? null);
}
