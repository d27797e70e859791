/** What a report is about: each kind shows the controls that it takes. */
import { SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import { t } from "i18next";
import type { ReportSearch } from "../../api/lastingReports";
import type { ReportKind } from "../../api/reports";
import type { ObjectType, Property } from "../../api/types";
import { PERIODS, periodName } from "../../ui/periods";
import { INTERVALS, TAKES } from "./kinds";
import { reportable } from "./question";
import classes from "./Reports.module.css";

interface Props {
  kind: ReportKind;
  objects: ObjectType[];
  object: ObjectType;
  property: Property;
  search: ReportSearch;
  period: string;
  days: { from: string; to: string };
  /** Of the workspace. */
  timeZone: string;
  onChange: (part: ReportSearch) => void;
}

/** What another object does not have. */
const ELSEWHERE = { property: undefined, groupBy: undefined, stages: undefined, sums: undefined, filter: undefined };

export function ReportControls({ kind, objects, object, property, search, period, days, timeZone, onChange }: Props) {
  const takes = TAKES[kind];
  const zones = [...new Set([timeZone, Intl.DateTimeFormat().resolvedOptions().timeZone, "UTC"])];
  return (
    <div className={classes.controls}>
      <Select
        label={t("reports:object")}
        data={objects
          .filter((one) => reportable(one).length > 0)
          .map((one) => ({ value: one.name, label: one.pluralLabel }))}
        value={object.name}
        allowDeselect={false}
        onChange={(next) => onChange({ ...ELSEWHERE, object: next ?? undefined })}
      />
      <Select
        label={t("reports:property")}
        data={reportable(object).map(({ name, label }) => ({ value: name, label }))}
        value={property.name}
        allowDeselect={false}
        onChange={(next) => onChange({ property: next ?? undefined, stages: undefined })}
      />
      {takes.period && (
        <Select
          label={t("reports:periodLabel")}
          data={[
            ...PERIODS.map((one) => ({ value: one, label: periodName(one) })),
            { value: "own", label: t("reports:period.own") },
          ]}
          value={period}
          allowDeselect={false}
          onChange={(next) =>
            onChange(
              next === "own"
                ? { period: "own", ...days }
                : { period: next ?? undefined, from: undefined, to: undefined },
            )
          }
        />
      )}
      {takes.period && period === "own" && (
        <>
          <TextInput
            label={t("ui:from")}
            type="date"
            value={days.from}
            onChange={(event) => onChange({ from: event.currentTarget.value })}
          />
          <TextInput
            label={t("reports:toOut")}
            type="date"
            value={days.to}
            onChange={(event) => onChange({ to: event.currentTarget.value })}
          />
        </>
      )}
      {takes.interval !== "none" && (
        <Select
          label={t("reports:interval")}
          data={INTERVALS.map((one) => ({ value: one, label: t(`reports:intervals.${one}`) }))}
          value={search.interval ?? "month"}
          allowDeselect={false}
          onChange={(next) => onChange({ interval: next ?? undefined })}
        />
      )}
      {takes.groupBy && (
        <Select
          label={t("reports:groupBy")}
          placeholder={t("reports:noGroup")}
          clearable
          data={reportable(object)
            .filter(({ name }) => name !== property.name)
            .map(({ name, label }) => ({ value: name, label }))}
          value={search.groupBy ?? null}
          onChange={(next) => onChange({ groupBy: next ?? undefined })}
        />
      )}
      {takes.period && (
        <Select
          label={t("reports:zone")}
          data={zones}
          value={search.zone ?? timeZone}
          allowDeselect={false}
          onChange={(next) => onChange({ zone: next === timeZone ? undefined : (next ?? undefined) })}
        />
      )}
      {takes.basis && (
        <div>
          <p className={classes.label}>{t("reports:basis")}</p>
          <SegmentedControl
            aria-label={t("reports:basis")}
            data={takes.basis.map((one) => ({ value: one, label: basisName(one) }))}
            value={takes.basis.find((one) => one === search.basis) ?? takes.basis[0]}
            onChange={(next) => onChange({ basis: next === takes.basis?.[0] ? undefined : next })}
          />
        </div>
      )}
      {takes.clock && (
        <div>
          <p className={classes.label}>{t("reports:clock")}</p>
          <SegmentedControl
            aria-label={t("reports:clock")}
            data={[
              { value: "calendar", label: t("reports:calendar") },
              { value: "working", label: t("reports:working") },
            ]}
            value={search.clock ?? "calendar"}
            onChange={(next) => onChange({ clock: next === "calendar" ? undefined : next })}
          />
        </div>
      )}
      {takes.sources && (
        <Switch
          className={classes.switch}
          label={t("reports:withoutImports")}
          checked={search.without === "import"}
          onChange={(event) => onChange({ without: event.currentTarget.checked ? "import" : undefined })}
        />
      )}
    </div>
  );
}

export function basisName(basis: string): string {
  switch (basis) {
    case "cohort":
    case "period":
    case "closed":
    case "all":
      return t(`reports:bases.${basis}`);
    default:
      return basis;
  }
}
