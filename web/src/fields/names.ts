/** What the types of properties are called. */
import { t } from "i18next";
import type { PropertyType } from "../api/types";
import { fields } from "./fields";

export const typeName = (type: PropertyType): string => t(`fields:type.${type}`);

/** All types, for choosing one. */
export const typeChoices = (): { value: PropertyType; label: string }[] =>
  (Object.keys(fields) as PropertyType[]).map((type) => ({ value: type, label: typeName(type) }));
