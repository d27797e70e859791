/** What a record is called: its object's primary property in words, and of people the first name before it. */
import { t } from "i18next";
import type { LeadlineRecord, ObjectType, Property } from "../api/types";
import { nounOf } from "../texts/words";
import { formatMoney, isMoney } from "./decimal";

export function titleOf(record: LeadlineRecord, object: ObjectType): string {
  const value = record.properties[object.primaryProperty];
  const given = givenNameOf(object) === undefined ? undefined : record.properties[FIRST_NAME];
  if (typeof given === "string" && given !== "") return typeof value === "string" ? `${given} ${value}` : given;
  if (value === null || value === undefined || value === "") return t("fields:unnamed", { noun: nounOf(object) });
  if (isMoney(value)) return formatMoney(value);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

const FIRST_NAME = "first_name";
const LAST_NAME = "last_name";

/** The property that stands before a primary last name. */
export function givenNameOf(object: ObjectType): Property | undefined {
  if (object.primaryProperty !== LAST_NAME) return undefined;
  return object.properties.find(({ name, archived }) => name === FIRST_NAME && !archived);
}
