/** The values that an operator asks for. */
import { MultiSelect, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import type { Filter, Operator } from "../../api/filters";
import { membersQuery } from "../../api/objects";
import type { Property, Value } from "../../api/types";
import { fieldOf } from "../../fields/fields";
import { CountInput } from "../../ui/CountInput";
import { isoDuration, partsOfIso, type LengthUnit } from "../../ui/duration";
import { fromLocalInput, toLocalInput } from "../../ui/time";
import classes from "./FilterForm.module.css";
import { needsOf } from "./operators";
import { rangeOf, rangesAt } from "./ranges";
import type { Subject } from "./subjects";

interface Props {
  filter: Filter;
  subject: Subject;
  onChange: (part: Partial<Filter>) => void;
}

export function FilterInputs({ filter, subject, onChange }: Props) {
  const operator = filter.operator as Operator;
  const needs = needsOf(operator);
  const property = plainProperty(subject.property, operator);
  return (
    <>
      {needs.value === "one" && (
        <OneInput
          label={t("filter:value")}
          property={property}
          value={filter.value ?? null}
          onChange={(value) => onChange({ value: value ?? undefined })}
        />
      )}
      {needs.value === "many" && (
        <ManyInput property={property} values={filter.values ?? []} onChange={(values) => onChange({ values })} />
      )}
      {needs.moves && (
        <>
          <p className={classes.label}>{t("filter:moveFrom")}</p>
          <OneInput
            label={t("filter:moveFrom")}
            property={property}
            value={filter.fromValue ?? null}
            onChange={(value) => onChange({ fromValue: value ?? undefined })}
          />
          <p className={classes.label}>{t("filter:moveTo")}</p>
          <OneInput
            label={t("filter:moveTo")}
            property={property}
            value={filter.toValue ?? null}
            onChange={(value) => onChange({ toValue: value ?? undefined })}
          />
        </>
      )}
      {needs.between && (
        <div className={classes.pair}>
          <OneInput
            label={t("ui:from")}
            property={property}
            value={filter.from ?? null}
            onChange={(from) => onChange({ from: from ?? undefined })}
          />
          <OneInput
            label={t("filter:below")}
            property={property}
            value={filter.to ?? null}
            onChange={(to) => onChange({ to: to ?? undefined })}
          />
        </div>
      )}
      {needs.moment && (
        <TextInput
          label={t("filter:at")}
          type="datetime-local"
          value={filter.at === undefined ? "" : toLocalInput(filter.at)}
          onChange={(event) => onChange({ at: fromLocalInput(event.currentTarget.value) ?? undefined })}
        />
      )}
      {needs.duration && (
        <DurationInput
          label={t("filter:atLeast")}
          value={filter.duration}
          onChange={(duration) => onChange({ duration })}
        />
      )}
      {needs.atLeastAtMost === "duration" && (
        <>
          <DurationInput label={t("filter:moreThan")} value={filter.gte} onChange={(gte) => onChange({ gte })} />
          <DurationInput label={t("filter:atMost")} value={filter.lte} onChange={(lte) => onChange({ lte })} />
        </>
      )}
      {needs.atLeastAtMost === "count" && (
        <div className={classes.pair}>
          <CountInput label={t("filter:atLeast")} value={countOf(filter.gte)} onChange={(gte) => onChange({ gte })} />
          <CountInput label={t("filter:atMost")} value={countOf(filter.lte)} onChange={(lte) => onChange({ lte })} />
        </div>
      )}
      {needs.range && <RangeInput filter={filter} onChange={onChange} />}
    </>
  );
}

const countOf = (bound: number | string | undefined) => (typeof bound === "number" ? bound : undefined);

/** Lists are asked for one of their options; what is typed in part is typed as text. */
function plainProperty(property: Property, operator: Operator): Property {
  if (property.type === "multi_select") return { ...property, type: "select", required: false };
  const isPart = operator === "CONTAINS" || operator === "STARTS_WITH";
  return isPart ? { ...property, type: "text" } : property;
}

interface OneProps {
  label: string;
  property: Property;
  value: Value | null;
  onChange: (value: Value | null) => void;
}

function OneInput({ label, property, value, onChange }: OneProps) {
  const { Edit } = fieldOf(property);
  return <Edit value={value} property={property} onChange={onChange} input={{ "aria-label": label }} />;
}

interface ManyProps {
  property: Property;
  values: Value[];
  onChange: (values: Value[]) => void;
}

function ManyInput({ property, values, onChange }: ManyProps) {
  const { data: members = [] } = useQuery({ ...membersQuery, enabled: property.type === "user" });
  const choices =
    property.type === "user"
      ? members.map(({ id, name }) => ({ value: id, label: name }))
      : property.options.map(({ value, label }) => ({ value, label }));
  return (
    <MultiSelect
      aria-label={t("filter:values")}
      placeholder={values.length === 0 ? t("filter:chooseValues") : undefined}
      data={choices}
      value={values.map(String)}
      searchable={choices.length > 8}
      defaultDropdownOpened={values.length === 0}
      maxDropdownHeight={280}
      onChange={onChange}
    />
  );
}

interface DurationProps {
  label: string;
  value: number | string | undefined;
  onChange: (value: string | undefined) => void;
}

function DurationInput({ label, value, onChange }: DurationProps) {
  const parts = partsOfIso(typeof value === "string" ? value : undefined);
  const [unit, setUnit] = useState<LengthUnit>(parts?.unit ?? "days");
  const units: LengthUnit[] = ["minutes", "hours", "days", "weeks"];
  return (
    <div className={classes.pair}>
      <CountInput
        label={label}
        value={parts?.count}
        onChange={(count) => onChange(count === undefined ? undefined : isoDuration(count, unit))}
      />
      <Select
        label={t("filter:unit")}
        data={units.map((one) => ({ value: one, label: t(`filter:units.${one}`) }))}
        value={unit}
        allowDeselect={false}
        onChange={(next) => {
          if (next === null) return;
          setUnit(next);
          if (parts) onChange(isoDuration(parts.count, next));
        }}
      />
    </div>
  );
}

function RangeInput({ filter, onChange }: Omit<Props, "subject">) {
  const [now] = useState(() => new Date());
  const named = rangeOf(filter.from, filter.to, now);
  const isAny = filter.from === undefined && filter.to === undefined;
  const [isOwn, setOwn] = useState(!named && !isAny);
  const ranges = rangesAt(now);
  const text = (moment: Value | undefined) => (typeof moment === "string" ? toLocalInput(moment) : "");
  return (
    <>
      <Select
        label={t("filter:when")}
        data={[
          { value: "any", label: t("filter:anyTime") },
          ...ranges.map(({ key, label }) => ({ value: key, label })),
          { value: "own", label: t("filter:ownRange") },
        ]}
        value={isOwn ? "own" : (named?.key ?? "any")}
        allowDeselect={false}
        maxDropdownHeight={300}
        onChange={(key) => {
          const range = ranges.find((one) => one.key === key);
          setOwn(key === "own");
          if (key !== "own") onChange({ from: range?.from, to: range?.to });
        }}
      />
      {isOwn && (
        <div className={classes.pair}>
          <TextInput
            label={t("ui:from")}
            type="datetime-local"
            value={text(filter.from)}
            onChange={(event) => onChange({ from: fromLocalInput(event.currentTarget.value) ?? undefined })}
          />
          <TextInput
            label={t("filter:until")}
            type="datetime-local"
            value={text(filter.to)}
            onChange={(event) => onChange({ to: fromLocalInput(event.currentTarget.value) ?? undefined })}
          />
        </div>
      )}
    </>
  );
}
