/** Yes or no. */
import { Select } from "@mantine/core";
import { t } from "i18next";
import type { Value } from "../api/types";
import { plainText, type EditProps, type Field } from "./field";

const asText = (value: Value) => (value === true ? t("fields:yes") : t("fields:no"));

const choices = () => [
  { value: "true", label: t("fields:yes") },
  { value: "false", label: t("fields:no") },
];

function Edit({ value, onChange, onCommit, input }: EditProps) {
  return (
    <Select
      {...input}
      data={choices()}
      clearable
      defaultDropdownOpened={input.autoFocus}
      value={value === null ? null : plainText(value)}
      onChange={(chosen) => {
        const next = chosen === null ? null : chosen === "true";
        onChange(next);
        onCommit?.(next);
      }}
    />
  );
}

export const boolean: Field = {
  Show: ({ value }) => <>{asText(value)}</>,
  Edit,
  asText,
  tone: (value) => ({ color: value === true ? "teal" : "slate", strength: value === true ? "tint" : "faint" }),
  align: "start",
};
