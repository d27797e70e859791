/** One column of the file: its name, its first values, what it becomes, and what more that asks. */
import { Checkbox, Select, TextInput, type ComboboxData } from "@mantine/core";
import { t } from "i18next";
import type { ImportKind } from "../../api/imports";
import type { ObjectType } from "../../api/types";
import { typeChoices } from "../../fields/names";
import { nounsOf } from "../../texts/words";
import classes from "./Import.module.css";
import type { ColumnPlan } from "./plan";
import { PARTS, settable, type Column } from "./suggestions";

interface Props {
  column: Column;
  planned: ColumnPlan;
  isUsable: boolean;
  kind: ImportKind;
  object: ObjectType;
  objects: ObjectType[];
  /** What other columns become. */
  taken: string[];
  canChangeSchema: boolean;
  onTarget: (target: string | null) => void;
  onNew: () => void;
  onChange: (planned: ColumnPlan) => void;
}

const NEW = "+new";
const NONE = "-";
const SHOWN_SAMPLES = 4;

export function MappingRow(props: Props) {
  const { column, planned, isUsable, kind, object, taken, canChangeSchema, onTarget, onNew } = props;
  const free = (name: string) => !taken.includes(name);
  const parts = kind === "history" ? PARTS.filter(free).map((part) => ({ value: part, label: partName(part) })) : [];
  const choices: ComboboxData = [
    { value: NONE, label: t("import:leaveOut") },
    ...(planned.created && planned.target !== null
      ? [{ value: planned.target, label: t("import:newNamed", { label: planned.created.label }) }]
      : []),
    ...(canChangeSchema ? [{ value: NEW, label: t("import:newProperty") }] : []),
    ...(parts.length > 0 ? [{ group: t("import:parts"), items: parts }] : []),
    {
      group: object.pluralLabel,
      items: settable(object)
        .filter(({ name }) => free(name))
        .map(({ name, label }) => ({ value: name, label })),
    },
  ];
  return (
    <tr data-left-out={planned.target === null || undefined}>
      <th scope="row" className={classes.columnName}>
        {column.name === "" ? <span className="quiet">{t("import:noName")}</span> : column.name}
      </th>
      <td className={classes.samples}>
        {column.samples.slice(0, SHOWN_SAMPLES).map((sample) => (
          <span key={sample} className={classes.sample} title={sample}>
            {sample}
          </span>
        ))}
        {column.samples.length === 0 && <span className="quiet">{t("import:allEmpty")}</span>}
      </td>
      <td className={classes.target}>
        {isUsable ? (
          <Select
            aria-label={t("import:becomesOf", { column: column.name })}
            data={choices}
            value={planned.target ?? NONE}
            searchable
            allowDeselect={false}
            // A file may have hundreds of columns: only the list that is open is in the document.
            comboboxProps={{ keepMounted: false }}
            maxDropdownHeight={320}
            nothingFoundMessage={t("import:noSuchProperty")}
            onChange={(next) => {
              if (next === NEW) onNew();
              else onTarget(next === NONE ? null : next);
            }}
          />
        ) : (
          <span className="quiet">{column.name === "" ? t("import:needsName") : t("import:nameTwice")}</span>
        )}
      </td>
      <td className={classes.details}>
        <Details {...props} />
      </td>
    </tr>
  );
}

function Details({ column, planned, object, objects, canChangeSchema, onChange }: Props) {
  const { created, target } = planned;
  if (created) {
    return (
      <div className={classes.created}>
        <TextInput
          aria-label={t("import:labelOf", { column: column.name })}
          value={created.label}
          onChange={(event) => onChange({ ...planned, created: { ...created, label: event.currentTarget.value } })}
        />
        <Select
          aria-label={t("import:typeOf", { column: column.name })}
          data={typeChoices().filter(({ value }) => value !== "stage")}
          value={created.type}
          allowDeselect={false}
          onChange={(type) => {
            const targetObject = type === "record" ? objects[0]?.name : undefined;
            if (type !== null) onChange({ ...planned, created: { ...created, type, targetObject } });
          }}
        />
        {created.type === "record" && (
          <Select
            aria-label={t("import:linksTo", { column: column.name })}
            data={objects.map(({ name, pluralLabel }) => ({ value: name, label: pluralLabel }))}
            value={created.targetObject ?? null}
            allowDeselect={false}
            onChange={(name) => onChange({ ...planned, created: { ...created, targetObject: name ?? undefined } })}
          />
        )}
      </div>
    );
  }
  const property = object.properties.find(({ name }) => name === target);
  const linked = objects.find(({ name }) => name === property?.targetObject);
  const hasOptions = property && property.options.length > 0;
  if ((hasOptions || target === "@value") && canChangeSchema) {
    return (
      <Checkbox
        size="xs"
        label={t("import:addOptions")}
        checked={planned.createOptions}
        onChange={(event) => onChange({ ...planned, createOptions: event.currentTarget.checked })}
      />
    );
  }
  if (property?.type === "record" && linked) {
    return (
      <Checkbox
        size="xs"
        label={t("import:addRecords", { nouns: nounsOf(linked) })}
        checked={planned.createRecord}
        onChange={(event) => onChange({ ...planned, createRecord: event.currentTarget.checked })}
      />
    );
  }
  return null;
}

function partName(part: (typeof PARTS)[number]): string {
  switch (part) {
    case "@key":
      return t("import:part.key");
    case "@property":
      return t("import:part.property");
    case "@value":
      return t("import:part.value");
    case "@time":
      return t("import:part.time");
    case "@user":
      return t("import:part.user");
    case "@source":
      return t("import:part.source");
  }
}
