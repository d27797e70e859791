/** Some of the property's options. */
import { MultiSelect } from "@mantine/core";
import { optionOf } from "../api/objects";
import type { Property, Value } from "../api/types";
import { Tag } from "../ui/Tag";
import { faint, type EditProps, type Field, type ShowProps } from "./field";
import classes from "./fields.module.css";

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

function Edit({ value, property, onChange, onCommit, input }: EditProps) {
  const chosen = valuesOf(value);
  const offered = property.options.filter((option) => !option.archived || chosen.includes(option.value));
  return (
    <MultiSelect
      {...input}
      data={offered.map(({ value: name, label }) => ({ value: name, label }))}
      value={chosen}
      clearable
      defaultDropdownOpened={input.autoFocus}
      onChange={(next) => onChange(next.length > 0 ? next : null)}
      onBlur={() => onCommit?.(value)}
    />
  );
}

export const multiSelect: Field = { Show, Edit, asText, tone: faint, align: "start" };
