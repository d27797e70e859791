/** A report as a table: what is shown, written as CSV, and drilled into. */
import { t } from "i18next";
import type { FilterGroup } from "../../api/filters";
import type { Report, ReportKind } from "../../api/reports";
import type { Property } from "../../api/types";
import { formatMoney } from "../../fields/decimal";
import { formatCount, formatShare } from "../../texts/locale";
import { formatDuration } from "../../ui/duration";
import { formatDay, formatMonth } from "../../ui/time";

export interface Drill {
  filterGroups: FilterGroup[];
  asOf?: string;
}

export interface Cell {
  text: string;
  /** Unrounded, for CSV. */
  raw: string | number | null;
  drill?: Drill;
  /** 0 to 1: how strongly the cell is tinted. */
  heat?: number;
}

export interface Row {
  key: string;
  label: string;
  color: string | null;
  cells: Cell[];
}

export interface Table {
  head: string[];
  rows: Row[];
}

/** What a value is called. */
export type NameOf = (value: string | number | boolean | null) => string;

export function tableOf(kind: ReportKind, report: Report, property: Property, nameOf: NameOf): Table {
  const colorOf = (value: unknown) => property.options.find((option) => option.value === value)?.color ?? null;
  const row = (value: string | number | boolean | null, cells: Cell[]): Row => ({
    key: String(value),
    label: nameOf(value),
    color: colorOf(value),
    cells,
  });
  switch (kind) {
    case "funnel":
      return {
        head: [t("reports:reached"), t("reports:wentOn"), t("reports:rate"), t("reports:medianTime")],
        rows: (report.steps ?? []).map((step) =>
          row(step.value, [
            count(step.reached, step),
            count(step.converted ?? null, step.convertedFilterGroups && { filterGroups: step.convertedFilterGroups }),
            share(step.rate),
            duration(step.medianSeconds),
          ]),
        ),
      };
    case "time-in-value":
      return {
        head: [
          t("reports:visits"),
          t("reports:records"),
          t("reports:open"),
          t("reports:mean"),
          t("reports:median"),
          "p75",
          "p90",
        ],
        rows: (report.values ?? []).map((visit) =>
          row(visit.value, [
            count(visit.visits),
            count(visit.records, visit),
            count(visit.openVisits, visit.openFilterGroups && { filterGroups: visit.openFilterGroups }),
            duration(visit.meanSeconds),
            duration(visit.medianSeconds),
            duration(visit.p75Seconds),
            duration(visit.p90Seconds),
          ]),
        ),
      };
    case "flow":
      return {
        head: [t("reports:to"), t("reports:moves"), t("reports:records"), t("reports:medianBefore")],
        rows: (report.flows ?? []).map((flow) => ({
          key: `${String(flow.from)}>${String(flow.to)}`,
          label: flow.from === null ? t("reports:entry") : nameOf(flow.from),
          color: colorOf(flow.from),
          cells: [
            { text: nameOf(flow.to), raw: nameOf(flow.to) },
            count(flow.count),
            count(flow.records, flow.filterGroups && { filterGroups: flow.filterGroups }),
            duration(flow.medianSeconds),
          ],
        })),
      };
    case "cohort": {
      // By month, as it usually is, the day says nothing.
      const isMonthly = (report.cohorts ?? []).every(({ start }) => new Date(start).getDate() === 1);
      return {
        head: [t("reports:size"), ...(report.cohorts?.[0]?.values ?? []).slice(1).map(({ value }) => nameOf(value))],
        rows: (report.cohorts ?? []).map(({ start, size, values }) => ({
          key: start,
          label: isMonthly ? formatMonth(start) : formatDay(start),
          color: null,
          cells: [
            count(size, values[0]),
            ...values.slice(1).map((step) => ({
              text: `${formatShare(step.rate ?? 0)} · ${formatCount(step.reached)}`,
              raw: step.reached,
              drill: { filterGroups: step.filterGroups },
              heat: step.rate ?? 0,
            })),
          ],
        })),
      };
    }
    case "trend":
      return {
        head: Object.keys(report.intervals?.[0]?.counts ?? {}).map((value) => nameOf(value)),
        rows: (report.intervals ?? []).map(({ end, counts, cells }) => ({
          key: end,
          label: formatDay(end),
          color: null,
          cells: Object.entries(counts).map(([value, number]) => count(number ?? 0, cells[value])),
        })),
      };
    case "snapshot": {
      const amounts = [...new Set((report.values ?? []).flatMap(({ sums }) => Object.keys(sums)))];
      return {
        head: [t("reports:records"), ...amounts.map(() => t("reports:sum"))],
        rows: (report.values ?? []).map((value) =>
          row(value.value, [
            count(value.count, value),
            ...amounts.map((name) => ({
              text: (value.sums[name] ?? []).map((sum) => formatMoney(sum, true)).join(", ") || "–",
              raw: (value.sums[name] ?? []).map(({ amount, currency }) => `${amount} ${currency}`).join(", "),
            })),
          ]),
        ),
      };
    }
    case "diff":
      return {
        head: [t("reports:records")],
        rows: [
          {
            key: "entered",
            label: t("reports:cameIn"),
            color: "green",
            cells: [count(report.entered ?? 0, report.enteredRecords)],
          },
          {
            key: "left",
            label: t("reports:wentOut"),
            color: "red",
            cells: [count(report.left ?? 0, report.leftRecords)],
          },
          {
            key: "moved",
            label: t("reports:moved"),
            color: "blue",
            cells: [count(report.moved ?? 0, report.movedRecords)],
          },
          ...(report.moves ?? []).map((move) => ({
            key: `${String(move.from)}>${String(move.to)}`,
            label: t("reports:fromTo", { from: nameOf(move.from), to: nameOf(move.to) }),
            color: null,
            cells: [count(move.count)],
          })),
        ],
      };
  }
}

/** What the first column of its table is. */
export function firstColumn(kind: ReportKind, property: Property): string {
  switch (kind) {
    case "cohort":
      return t("reports:entered");
    case "trend":
      return t("reports:end");
    case "diff":
      return t("reports:change");
    default:
      return property.label;
  }
}

/** Whether nothing happened. */
export function isEmpty(kind: ReportKind, report: Report): boolean {
  switch (kind) {
    case "funnel":
      return (report.steps ?? []).every(({ reached }) => reached === 0);
    case "time-in-value":
    case "snapshot":
      return (report.values ?? []).length === 0;
    case "flow":
      return (report.flows ?? []).length === 0;
    case "cohort":
      return (report.cohorts ?? []).length === 0;
    case "trend":
      return (report.intervals ?? []).length === 0;
    case "diff":
      return false;
  }
}

function count(number: number | null, drill?: Drill): Cell {
  if (number === null) return { text: "–", raw: null };
  const groups = drill && number > 0 ? { filterGroups: drill.filterGroups, asOf: drill.asOf } : undefined;
  return { text: formatCount(number), raw: number, drill: groups };
}

const share = (rate: number | null): Cell => ({ text: rate === null ? "–" : formatShare(rate, 1), raw: rate });

const duration = (seconds: number | null): Cell => ({
  text: seconds === null ? "–" : formatDuration(seconds),
  raw: seconds,
});

/** RFC 4180. What a spreadsheet would take for a formula is quoted as text. */
export function csvOf(first: string, tables: { group: string | null; table: Table }[]): string {
  const quote = (value: string | number | null) => {
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? "");
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const hasGroups = tables.some(({ group }) => group !== null);
  const head = [...(hasGroups ? [t("reports:group")] : []), first, ...(tables[0]?.table.head ?? [])];
  const lines = tables.flatMap(({ group, table }) =>
    table.rows.map(({ label, cells }) => [...(hasGroups ? [group] : []), label, ...cells.map(({ raw }) => raw)]),
  );
  return [head, ...lines].map((line) => line.map(quote).join(",")).join("\r\n");
}
