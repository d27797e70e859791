/** What a record is called: its object's primary property in words. */
import type { LeadlineRecord, ObjectType } from "../api/types";
import { formatMoney, isMoney } from "./decimal";

export function titleOf(record: LeadlineRecord, object: ObjectType): string {
  const value = record.properties[object.primaryProperty];
  if (value === null || value === undefined || value === "") return `Unnamed ${object.label.toLowerCase()}`;
  if (isMoney(value)) return formatMoney(value);
  return Array.isArray(value) ? value.join(", ") : String(value);
}
