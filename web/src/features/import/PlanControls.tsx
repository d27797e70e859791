/** What holds for the whole file: where its rows belong, what a row is, how it finds its record, how times are written. */
import { Autocomplete, Select } from "@mantine/core";
import { t } from "i18next";
import type { ImportFormat, ImportKind } from "../../api/imports";
import type { ObjectType } from "../../api/types";
import classes from "./Import.module.css";
import { keyChoices, type Plan } from "./plan";

interface Props {
  plan: Plan;
  object: ObjectType;
  objects: ObjectType[];
  onPlan: (plan: Plan) => void;
  onObject: (name: string) => void;
  onKind: (kind: ImportKind, format?: ImportFormat) => void;
}

const NONE = "-";

const FORMATS = [
  "DD.MM.YYYY",
  "DD.MM.YYYY HH:mm",
  "DD/MM/YYYY",
  "DD/MM/YYYY HH:mm",
  "MM/DD/YYYY",
  "MM/DD/YYYY hh:mm A",
  "DD-MM-YYYY",
  "YYYY/MM/DD",
  "D MMM YYYY",
];

export function PlanControls({ plan, object, objects, onPlan, onObject, onKind }: Props) {
  const kind = plan.format ?? plan.kind;
  const noKey = plan.kind === "history" ? t("import:ownKey") : t("import:noKey");
  return (
    <div className={classes.controls}>
      <Select
        label={t("import:into")}
        data={objects.map(({ name, pluralLabel }) => ({ value: name, label: pluralLabel }))}
        value={object.name}
        allowDeselect={false}
        onChange={(name) => {
          if (name !== null) onObject(name);
        }}
      />
      <Select
        label={t("import:rowIs")}
        data={[
          { value: "records", label: t("import:kind.records") },
          { value: "history", label: t("import:kind.history") },
          { value: "hubspot-history", label: t("import:kind.hubspot") },
          { value: "salesforce-history", label: t("import:kind.salesforce") },
        ]}
        value={kind}
        allowDeselect={false}
        onChange={(next) => {
          if (next === "records" || next === "history") onKind(next);
          else if (next !== null) onKind("history", next);
        }}
      />
      <Select
        label={t("import:foundBy")}
        data={[
          { value: NONE, label: noKey },
          ...keyChoices(plan, object).map(({ name, label }) => ({ value: name, label })),
        ]}
        value={plan.idProperty ?? NONE}
        allowDeselect={false}
        onChange={(next) => onPlan({ ...plan, idProperty: next === NONE ? null : next })}
      />
      <Autocomplete
        label={t("import:dateFormat")}
        placeholder={t("import:iso")}
        data={FORMATS}
        // All formats are offered, whatever stands there.
        filter={({ options }) => options}
        value={plan.dateFormat}
        onChange={(dateFormat) => onPlan({ ...plan, dateFormat })}
      />
      <Select
        label={t("import:timeZone")}
        data={zonesWith(plan.timeZone)}
        value={plan.timeZone}
        searchable
        allowDeselect={false}
        comboboxProps={{ keepMounted: false }}
        limit={80}
        maxDropdownHeight={320}
        nothingFoundMessage={t("import:noZone")}
        onChange={(timeZone) => {
          if (timeZone !== null) onPlan({ ...plan, timeZone });
        }}
      />
    </div>
  );
}

/** The likely ones first. */
function zonesWith(zone: string): string[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set([zone, own, "UTC", ...Intl.supportedValuesOf("timeZone")])];
}
