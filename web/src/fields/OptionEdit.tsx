/** The control of types whose value is one of the property's options. */
import { Select } from "@mantine/core";
import { t } from "i18next";
import { optionOf } from "../api/objects";
import { Tag } from "../ui/Tag";
import type { EditProps } from "./field";

export function OptionEdit({ value, property, onChange, onCommit, input }: EditProps) {
  const options = property.options;
  // An archived option stays choosable where it is the present value.
  const offered = options.filter((option) => !option.archived || option.value === value);
  return (
    <Select
      {...input}
      data={offered.map(({ value: name, label }) => ({ value: name, label }))}
      value={typeof value === "string" ? value : null}
      clearable={!property.required && property.type !== "stage"}
      searchable={offered.length > 8}
      defaultDropdownOpened={input.autoFocus}
      nothingFoundMessage={t("fields:noOption")}
      renderOption={({ option }) => <Tag color={optionOf(property, option.value)?.color}>{option.label}</Tag>}
      onChange={(chosen) => {
        onChange(chosen);
        onCommit?.(chosen);
      }}
    />
  );
}
