/** What is chosen for a part of a conversion, before it is done. */
import type { Part, Wish } from "../../api/conversions";
import { shownProperties } from "../../api/objects";
import type { Values } from "../../api/records";
import type { ObjectType, Property } from "../../api/types";

export interface Draft {
  /** `other` is a record that nothing proposed. */
  choice: "new" | "existing" | "other" | "none";
  /** The record, where one is linked. */
  id: string | null;
  /** Of a new record. */
  values: Values;
}

export function draftOf({ action, record, properties }: Part): Draft {
  const values = { ...properties };
  if (action === "link" && record) return { choice: "existing", id: record.id, values };
  return { choice: action === "create" ? "new" : "none", id: null, values };
}

export function wishOf({ choice, id, values }: Draft): Wish {
  if (choice === "none") return null;
  if (choice === "new") return { properties: values };
  return id === null ? null : { id };
}

/** Filled in by the conversion itself. */
const LINKS = ["account", "contact", "deal", "lead"];

/** What people see of a new record: its title, what follows from the lead, and what it must have. */
export function askedProperties(object: ObjectType, given: Values, refused: string[]): Property[] {
  return shownProperties(object).filter(({ name, type, required }) => {
    const isLink = type === "record" && LINKS.includes(name);
    const isTitle =
      name === object.primaryProperty || (object.primaryProperty === "last_name" && name === "first_name");
    const isUsual = type === "date" || name in given;
    return !isLink && (type !== "stage" || name in given) && (isTitle || required || isUsual || refused.includes(name));
  });
}
