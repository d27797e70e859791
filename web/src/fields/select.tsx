/** One of the property's options. */
import { optionOf } from "../api/objects";
import type { Property, Value } from "../api/types";
import { Tag } from "../ui/Tag";
import { type Field, plainText, type ShowProps } from "./field";
import { OptionEdit } from "./OptionEdit";

const asText = (value: Value, property: Property) => optionOf(property, value)?.label ?? plainText(value);

function Show({ value, property, plain }: ShowProps) {
  if (plain) return <>{asText(value, property)}</>;
  return <Tag color={optionOf(property, value)?.color}>{asText(value, property)}</Tag>;
}

export const select: Field = {
  Show,
  Edit: OptionEdit,
  asText,
  tone: (value, property) => ({ color: optionOf(property, value)?.color ?? null, strength: "tint" }),
  align: "start",
};
