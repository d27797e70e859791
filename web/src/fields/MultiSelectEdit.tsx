/** The control for some of a property's options, loaded when one is edited. */
import { MultiSelect } from "@mantine/core";
import type { EditProps } from "./field";

export function MultiSelectEdit({ value, property, onChange, onCommit, input }: EditProps) {
  const chosen = Array.isArray(value) ? value : [];
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
