/** Some of the property's options. */
import { optionOf } from "../api/objects";
import type { Property, Value } from "../api/types";
import { onDemand } from "../ui/onDemand";
import { Tag } from "../ui/Tag";
import { faint, type Field, type ShowProps } from "./field";
import classes from "./fields.module.css";

const Edit = onDemand(() => import("./MultiSelectEdit").then((module) => module.MultiSelectEdit));

const valuesOf = (value: Value | null): string[] => (Array.isArray(value) ? value : []);
const labelOf = (property: Property, value: string) => optionOf(property, value)?.label ?? value;

const asText = (value: Value, property: Property) =>
  valuesOf(value)
    .map((one) => labelOf(property, one))
    .join(", ");

function Show({ value, property, plain }: ShowProps) {
  if (plain) return <>{asText(value, property)}</>;
  return (
    <span className={classes.tags}>
      {valuesOf(value).map((one) => (
        <Tag key={one} color={optionOf(property, one)?.color}>
          {labelOf(property, one)}
        </Tag>
      ))}
    </span>
  );
}

export const multiSelect: Field = { Show, Edit, asText, tone: faint, align: "start" };
