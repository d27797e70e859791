/** What something is about: records of any objects as chips, found by their words and taken off again. */
import { ActionIcon, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { useRef, useState } from "react";
import type { RecordRef } from "../../api/activities";
import { objectsQuery } from "../../api/objects";
import { everywhereQuery } from "../../api/search";
import { linkedRecordQuery } from "../../api/titles";
import { titleOf } from "../../fields/title";
import { CloseIcon, ObjectIcon, SearchIcon } from "../../ui/icons";
import classes from "./AboutInput.module.css";

interface Props {
  records: RecordRef[];
  /** One that cannot be taken off here. */
  fixed?: RecordRef;
  error?: string;
  onChange: (records: RecordRef[]) => void;
}

export function AboutInput({ records, fixed, error, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [words] = useDebouncedValue(typed.trim(), 150);
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const found = useQuery(everywhereQuery(words, null));
  const groups = (words === "" ? [] : (found.data ?? [])).flatMap(({ object: name, records: some }) => {
    const object = objects.find((one) => one.name === name);
    const others = some.filter(({ id }) => !records.some((record) => record.id === id));
    if (!object || others.length === 0) return [];
    return [
      {
        group: object.pluralLabel,
        items: others.map((record) => ({ value: keyOf(record), label: titleOf(record, object) })),
      },
    ];
  });
  const add = (key: string | null) => {
    const [object, id] = (key ?? "").split("/");
    if (object && id) onChange([...records, { object, id }]);
    setTyped("");
  };
  const remove = (record: RecordRef) => {
    onChange(records.filter(({ id }) => id !== record.id));
    input.current?.focus();
  };
  const isSearching = words !== typed.trim() || found.isFetching;
  return (
    <div
      className={classes.about}
      onKeyDown={(event) => {
        // Words that are looked for are no reason to save.
        if (event.key === "Enter" && typed !== "" && !event.ctrlKey && !event.metaKey) event.preventDefault();
      }}
    >
      <Select
        ref={input}
        label={t("activities:about")}
        placeholder={t("activities:aboutPlaceholder")}
        leftSection={<SearchIcon size={14} />}
        rightSection={<span />}
        data={groups}
        value={null}
        searchable
        searchValue={typed}
        onSearchChange={setTyped}
        filter={({ options }) => options}
        nothingFoundMessage={
          typed.trim() === "" ? undefined : isSearching ? t("palette:searching") : t("palette:nothing", { words })
        }
        error={error}
        onChange={add}
      />
      {records.length > 0 && (
        <ul className={classes.chips}>
          {records.map((record) => (
            <Chip
              key={record.id}
              record={record}
              onRemove={record.id === fixed?.id ? undefined : () => remove(record)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

const keyOf = ({ object, id }: RecordRef) => `${object}/${id}`;

function Chip({ record: { object: name, id }, onRemove }: { record: RecordRef; onRemove?: () => void }) {
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const { data: record, isPending } = useQuery(linkedRecordQuery(name, id));
  const object = objects.find((one) => one.name === name);
  const title = record && object ? titleOf(record, object) : isPending ? "…" : t("fields:notAvailable");
  return (
    <li className={classes.chip} data-fixed={!onRemove || undefined}>
      <ObjectIcon name={name} size={14} />
      <span className={classes.title}>{title}</span>
      {onRemove && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          radius="xl"
          aria-label={t("activities:takeOff", { name: title })}
          onClick={onRemove}
        >
          <CloseIcon size={12} />
        </ActionIcon>
      )}
    </li>
  );
}
