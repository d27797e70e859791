/** A member of the workspace. */
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { membersQuery } from "../api/objects";
import { colorFor } from "../ui/palette";
import { type EditProps, type Field, plainText, type ShowProps } from "./field";

function Show({ value }: ShowProps) {
  const { data: members } = useQuery(membersQuery);
  if (!members) return null;
  return <>{members.find((member) => member.id === value)?.name ?? t("fields:formerMember")}</>;
}

function Edit({ value, onChange, onCommit, input }: EditProps) {
  const { data: members = [] } = useQuery(membersQuery);
  return (
    <Select
      {...input}
      data={members.map(({ id, name }) => ({ value: id, label: name }))}
      value={typeof value === "string" ? value : null}
      clearable
      searchable={members.length > 8}
      defaultDropdownOpened={input.autoFocus}
      nothingFoundMessage={t("fields:noMember")}
      onChange={(chosen) => {
        onChange(chosen);
        onCommit?.(chosen);
      }}
    />
  );
}

export const user: Field = {
  Show,
  Edit,
  asText: plainText,
  tone: (value) => ({ color: colorFor(plainText(value)), strength: "tint" }),
  align: "start",
};
