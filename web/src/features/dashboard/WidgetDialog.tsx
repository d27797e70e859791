/** What a widget shows: each kind asks for what it needs. */
import { Button, Select, TextInput } from "@mantine/core";
import { t } from "i18next";
import { useState, type ReactNode } from "react";
import type { Widget, WidgetKind } from "../../api/dashboards";
import { meaningful, type FilterGroup } from "../../api/filters";
import type { LastingReport } from "../../api/lastingReports";
import { shownProperties, stageOf } from "../../api/objects";
import type { ObjectType, Property } from "../../api/types";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { PERIODS, periodName } from "../../ui/periods";
import classes from "./Dashboard.module.css";
import { isOfTasks, isReport, nameOf, newId, OVERDUE_REPORT, usualSize, WIDGET_KINDS } from "./widgets";

interface Props {
  /** Null for a new one. */
  widget: Widget | null;
  objects: ObjectType[];
  filters: (object: ObjectType, groups: FilterGroup[], onChange: (groups: FilterGroup[]) => void) => ReactNode;
  onClose: () => void;
  onDone: (widget: Widget) => void;
}

const INTERVALS = ["day", "week", "month", "quarter", "year"] as const;
const REPORTED = new Set(["stage", "select", "user", "boolean"]);
const NOW = "now";

/** A count of tasks asks nothing more. */
const OVERDUE = "overdue";
const CHOICES = [...WIDGET_KINDS, OVERDUE] as const;
type Choice = (typeof CHOICES)[number];

export function WidgetDialog({ widget, objects, filters, onClose, onDone }: Props) {
  const wasOfTasks = widget !== null && isOfTasks(widget);
  const [choice, setChoice] = useState<Choice>(wasOfTasks ? OVERDUE : (widget?.kind ?? "count"));
  const [title, setTitle] = useState(widget?.title ?? "");
  const [report, setReport] = useState<LastingReport>(() =>
    widget && !wasOfTasks ? widget.report : { object: objects[0]?.name ?? "", filterGroups: [], period: "30d" },
  );
  const isOverdue = choice === OVERDUE;
  const kind: WidgetKind = isOverdue ? "count" : choice;
  const object = objects.find(({ name }) => name === report.object);
  if (!object) return null;
  const properties = propertiesOf(kind, object);
  const property =
    properties.find(({ name }) => name === report.property) ?? (isCount(kind) ? undefined : properties[0]);
  const draft: Widget = {
    ...(widget ?? { id: newId(), x: 0, y: 0, ...usualSize(kind) }),
    kind,
    title: title.trim() === "" ? undefined : title.trim(),
    report: isOverdue ? (wasOfTasks ? widget.report : OVERDUE_REPORT) : tidied(kind, report, property),
  };
  const isWhole = isOverdue || (isCount(kind) ? !property || Boolean(draft.report.value) : property !== undefined);
  const change = (part: Partial<LastingReport>) => setReport({ ...report, ...part });
  return (
    <Dialog title={widget ? t("dashboard:editWidget") : t("dashboard:addWidget")} opened onClose={onClose} size={520}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) onDone(draft);
        }}
      >
        <div className={classes.pair}>
          <Select
            label={t("dashboard:kind")}
            data={CHOICES.map((one) => ({ value: one, label: choiceName(one) }))}
            value={choice}
            allowDeselect={false}
            data-autofocus
            onChange={(next) => setChoice(CHOICES.find((one) => one === next) ?? choice)}
          />
          {!isOverdue && (
            <Select
              label={t("reports:object")}
              data={objects.map((one) => ({ value: one.name, label: one.pluralLabel }))}
              value={object.name}
              allowDeselect={false}
              onChange={(next) =>
                change({ object: next ?? object.name, property: undefined, value: undefined, filterGroups: [] })
              }
            />
          )}
        </div>
        {isOverdue ? (
          <p className="quiet">{t("dashboard:overdueHint")}</p>
        ) : isCount(kind) ? (
          <CountFields report={report} property={property} properties={properties} onChange={change} />
        ) : (
          <div className={classes.pair}>
            <Select
              label={t("reports:property")}
              data={properties.map(({ name, label }) => ({ value: name, label }))}
              value={property?.name ?? null}
              error={properties.length === 0 ? t("dashboard:noProperty") : undefined}
              allowDeselect={false}
              onChange={(next) => change({ property: next ?? undefined })}
            />
            {kind !== "sum" && kind !== "snapshot" && <PeriodSelect report={report} onChange={change} />}
            {(kind === "trend" || kind === "cohort") && (
              <Select
                label={t("reports:interval")}
                data={INTERVALS.map((one) => ({ value: one, label: t(`reports:intervals.${one}`) }))}
                value={report.interval ?? "month"}
                allowDeselect={false}
                onChange={(next) => change({ interval: next ?? undefined })}
              />
            )}
            {kind === "time-in-value" && (
              <Select
                label={t("reports:clock")}
                data={[
                  { value: "calendar", label: t("reports:calendar") },
                  { value: "working", label: t("reports:working") },
                ]}
                value={report.clock ?? "calendar"}
                allowDeselect={false}
                onChange={(next) => change({ clock: next ?? undefined })}
              />
            )}
          </div>
        )}
        {!isOverdue && <div>{filters(object, report.filterGroups, (groups) => change({ filterGroups: groups }))}</div>}
        <TextInput
          label={t("dashboard:title")}
          placeholder={nameOf({ ...draft, title: undefined }, objects)}
          value={title}
          maxLength={200}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" variant="filled" disabled={!isWhole}>
            {widget ? t("dashboard:apply") : t("dashboard:add")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  report: LastingReport;
  onChange: (part: Partial<LastingReport>) => void;
}

function PeriodSelect({ report, onChange }: FieldsProps) {
  const isOwn = Boolean(report.from && report.to);
  return (
    <Select
      label={t("reports:periodLabel")}
      data={[
        ...PERIODS.map((one) => ({ value: one, label: periodName(one) })),
        ...(isOwn ? [{ value: "own", label: `${report.from} – ${report.to}` }] : []),
      ]}
      value={isOwn ? "own" : (report.period ?? "12m")}
      allowDeselect={false}
      onChange={(next) => {
        const period = PERIODS.find((one) => one === next);
        if (period) onChange({ period, from: undefined, to: undefined });
      }}
    />
  );
}

interface CountProps extends FieldsProps {
  property: Property | undefined;
  properties: Property[];
}

/** All that fit now, those that began in a period, or those that entered a value in it. */
function CountFields({ report, property, properties, onChange }: CountProps) {
  const options = property?.options.filter(({ archived }) => !archived) ?? [];
  return (
    <div className={classes.pair}>
      <Select
        label={t("dashboard:counts")}
        data={[
          { value: NOW, label: t("dashboard:countsNow") },
          ...PERIODS.map((one) => ({ value: one, label: t("dashboard:countsIn", { period: periodName(one) }) })),
        ]}
        value={report.period ?? NOW}
        allowDeselect={false}
        onChange={(next) => {
          const period = PERIODS.find((one) => one === next);
          onChange(period ? { period } : { period: undefined, property: undefined, value: undefined });
        }}
      />
      {report.period && (
        <Select
          label={t("dashboard:which")}
          data={[
            { value: NOW, label: t("dashboard:created") },
            ...properties.map(({ name, label }) => ({
              value: name,
              label: t("dashboard:enteredOf", { property: label }),
            })),
          ]}
          value={property?.name ?? NOW}
          allowDeselect={false}
          onChange={(next) => onChange({ property: next === NOW ? undefined : (next ?? undefined), value: undefined })}
        />
      )}
      {property && (
        <Select
          label={property.label}
          data={options.map(({ value, label }) => ({ value, label }))}
          value={report.value ?? null}
          allowDeselect={false}
          onChange={(value) => onChange({ value })}
        />
      )}
    </div>
  );
}

const isCount = (kind: WidgetKind): kind is "count" => kind === "count";

/** What a widget of the kind can be about, the likeliest first. */
function propertiesOf(kind: WidgetKind, object: ObjectType): Property[] {
  const all = shownProperties(object);
  if (kind === "sum") return all.filter(({ type }) => type === "money");
  const hasSteps = kind === "funnel" || kind === "cohort" || kind === "count";
  const stage = stageOf(object);
  const others = all.filter(
    ({ type, name }) => name !== stage?.name && (hasSteps ? type === "stage" || type === "select" : REPORTED.has(type)),
  );
  return stage ? [stage, ...others] : others;
}

/** Only what the kind takes: the server refuses the rest. */
function tidied(kind: WidgetKind, report: LastingReport, property: Property | undefined): LastingReport {
  const { object, period, from, to, interval, basis, clock, groupBy, timeZone, excludeSources, value } = report;
  const filterGroups = meaningful(report.filterGroups);
  if (kind === "count") {
    const entered = period && property ? { property: property.name, value } : {};
    return { object, filterGroups, ...(period ? { period } : {}), ...entered };
  }
  if (kind === "sum") return { object, filterGroups, property: property?.name };
  const hasBasis = kind === "funnel" ? ["cohort", "period"] : kind === "time-in-value" ? ["closed", "all"] : [];
  const stretch = from && to ? { from, to } : { period: period ?? ("12m" as const) };
  return {
    object,
    filterGroups,
    property: property?.name,
    groupBy,
    ...(kind === "snapshot" ? {} : { ...stretch, timeZone }),
    ...(kind === "trend" || kind === "cohort" ? { interval: interval ?? "month" } : {}),
    ...(basis && hasBasis.includes(basis) ? { basis } : {}),
    ...(kind === "time-in-value" && clock ? { clock } : {}),
    ...(isReport(kind) && kind !== "trend" && kind !== "snapshot" && kind !== "diff" ? { excludeSources } : {}),
  };
}

function choiceName(choice: Choice): string {
  if (choice === OVERDUE) return t("dashboard:overdue");
  return isReport(choice) ? t(`reports:kinds.${choice}`) : t(`dashboard:kinds.${choice}`);
}
