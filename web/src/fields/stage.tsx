/** One stage of a lifecycle: the values that carry the colour. */
import { optionOf } from "../api/objects";
import type { Field } from "./field";
import { select } from "./select";

export const stage: Field = {
  ...select,
  tone: (value, property) => ({ color: optionOf(property, value)?.color ?? "slate", strength: "solid" }),
};
