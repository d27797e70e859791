/** A link to a record of another object. */
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import { objectsQuery } from "../api/objects";
import { suggestionsQuery } from "../api/records";
import { linkedRecordQuery } from "../api/titles";
import type { Property } from "../api/types";
import { nounOf } from "../texts/words";
import { type EditProps, type Field, plainText, type ShowProps } from "./field";
import { titleOf } from "./title";

function Show({ value, property, plain }: ShowProps) {
  const id = plainText(value);
  const title = useLinkedTitle(property, id);
  if (title === undefined) return null;
  if (title === null) return <span className="quiet">{t("fields:notAvailable")}</span>;
  if (plain) return <>{title}</>;
  return (
    <Link to="/objects/$object/$recordId" params={{ object: property.targetObject ?? "", recordId: id }}>
      {title}
    </Link>
  );
}

function Edit({ value, property, onChange, onCommit, input }: EditProps) {
  const target = property.targetObject ?? "";
  const [typed, setTyped] = useState("");
  const [query] = useDebouncedValue(typed, 150);
  const { data: objects } = useQuery(objectsQuery);
  const { data: found = [] } = useQuery({ ...suggestionsQuery(target, query), placeholderData: keepPreviousData });
  const current = useLinkedTitle(property, typeof value === "string" ? value : null);
  const object = objects?.find((one) => one.name === target);
  const choices = found.map((record) => ({ value: record.id, label: object ? titleOf(record, object) : record.id }));
  // The present link is offered even when it is not among those found, so that its title stands in the control.
  if (typeof value === "string" && current && !choices.some((choice) => choice.value === value)) {
    choices.unshift({ value, label: current });
  }
  return (
    <Select
      {...input}
      data={choices}
      value={typeof value === "string" ? value : null}
      searchable
      clearable
      filter={({ options }) => options}
      onSearchChange={setTyped}
      defaultDropdownOpened={input.autoFocus}
      nothingFoundMessage={t("fields:noRecord", { noun: object ? nounOf(object) : t("fields:record") })}
      onChange={(chosen) => {
        onChange(chosen);
        onCommit?.(chosen);
      }}
    />
  );
}

/** Undefined while it loads, null when the record is not to be had. */
function useLinkedTitle(property: Property, id: string | null): string | null | undefined {
  const target = property.targetObject ?? "";
  const { data: objects } = useQuery(objectsQuery);
  const { data: record, isError } = useQuery({
    ...linkedRecordQuery(target, id ?? ""),
    enabled: id !== null && target !== "",
  });
  const object = objects?.find((one) => one.name === target);
  if (isError || record === null || target === "") return null;
  return record && object ? titleOf(record, object) : undefined;
}

export const record: Field = {
  Show,
  Edit,
  asText: plainText,
  tone: () => ({ color: "teal", strength: "tint" }),
  align: "start",
};
