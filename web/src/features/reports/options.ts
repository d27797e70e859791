/** Charts of reports, as ECharts takes them. Each mark carries the filter that finds its records. */
import { t } from "i18next";
import type { Report, ReportKind } from "../../api/reports";
import type { Property } from "../../api/types";
import { formatCount, formatShare } from "../../texts/locale";
import { formatDuration } from "../../ui/duration";
import { formatShortDay } from "../../ui/time";
import type { Drill, NameOf } from "./model";

/** The colours of the page, read from its style sheet. */
export interface Inks {
  ink: string;
  quiet: string;
  line: string;
  ground: string;
  accent: string;
  colorOf: (name: string | null) => string;
}

interface Mark {
  value: number | number[];
  drill?: Drill;
  itemStyle?: { color: string };
  [more: string]: unknown;
}

export function chartOf(kind: ReportKind, report: Report, property: Property, nameOf: NameOf, inks: Inks) {
  const color = (value: unknown) =>
    inks.colorOf(property.options.find((option) => option.value === value)?.color ?? null);
  const axis = {
    axisLine: { lineStyle: { color: inks.line } },
    axisTick: { show: false },
    axisLabel: { color: inks.quiet },
    splitLine: { lineStyle: { color: inks.line } },
  };
  const base = {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 160,
    textStyle: { fontFamily: "Inter Variable, system-ui, sans-serif", color: inks.ink },
    grid: { left: 8, right: 24, top: 16, bottom: 8, outerBoundsMode: "same" as const },
    // Drawn on the canvas: no markup, which the content security policy would refuse to style.
    tooltip: {
      renderMode: "richText" as const,
      backgroundColor: inks.ground,
      borderColor: inks.line,
      textStyle: { color: inks.ink, fontSize: 12 },
    },
  };
  const bars = (names: string[], data: Mark[], label: (index: number) => string) => ({
    ...base,
    xAxis: { ...axis, type: "value" as const, axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: {
      ...axis,
      type: "category" as const,
      inverse: true,
      data: names,
      axisLabel: { color: inks.ink, fontSize: 13 },
      axisLine: { show: false },
    },
    grid: { ...base.grid, right: 120 },
    series: [
      {
        type: "bar" as const,
        data,
        barMaxWidth: 34,
        itemStyle: { borderRadius: 5 },
        label: {
          show: true,
          position: "right" as const,
          color: inks.ink,
          formatter: ({ dataIndex }: { dataIndex: number }) => label(dataIndex),
        },
      },
    ],
  });
  switch (kind) {
    case "funnel": {
      const steps = report.steps ?? [];
      return bars(
        steps.map(({ value }) => nameOf(value)),
        steps.map((step) => ({ value: step.reached, drill: step, itemStyle: { color: color(step.value) } })),
        (index) => {
          const rate = steps[index - 1]?.rate;
          return `${formatCount(steps[index]?.reached ?? 0)}${rate === null || rate === undefined ? "" : `  ${formatShare(rate)}`}`;
        },
      );
    }
    case "time-in-value": {
      const values = report.values ?? [];
      return bars(
        values.map(({ value }) => nameOf(value)),
        values.map((visit) => ({
          value: (visit.medianSeconds ?? 0) / 86_400,
          drill: visit,
          itemStyle: { color: color(visit.value) },
        })),
        (index) =>
          `${formatDuration(values[index]?.medianSeconds ?? 0)}  p90 ${formatDuration(values[index]?.p90Seconds ?? 0)}`,
      );
    }
    case "snapshot": {
      const values = report.values ?? [];
      return bars(
        values.map(({ value }) => nameOf(value)),
        values.map((one) => ({ value: one.count, drill: one, itemStyle: { color: color(one.value) } })),
        (index) => formatCount(values[index]?.count ?? 0),
      );
    }
    case "trend": {
      const intervals = report.intervals ?? [];
      const values = Object.keys(intervals[0]?.counts ?? {});
      return {
        ...base,
        tooltip: { ...base.tooltip, trigger: "axis" as const },
        xAxis: {
          ...axis,
          type: "category" as const,
          boundaryGap: false,
          data: intervals.map(({ end }) => formatShortDay(end)),
          splitLine: { show: false },
        },
        yAxis: { ...axis, type: "value" as const },
        grid: { ...base.grid, right: 104 },
        series: values.map((value) => ({
          name: nameOf(value),
          type: "line" as const,
          stack: "all",
          symbol: "circle",
          symbolSize: 5,
          showSymbol: false,
          lineStyle: { width: 1 },
          areaStyle: { opacity: 0.8 },
          color: color(value),
          // Labelled where it ends, so that no legend is needed.
          endLabel: { show: true, formatter: "{a}", color: inks.ink, distance: 8 },
          labelLayout: { moveOverlap: "shiftY" as const },
          data: intervals.map(({ counts, cells }): Mark => ({ value: counts[value] ?? 0, drill: cells[value] })),
        })),
      };
    }
    case "flow": {
      const flows = report.flows ?? [];
      // Records go back too, and a Sankey knows no circles: each value stands on the left as a beginning, on the right as an end.
      const left = (value: unknown) => `< ${String(value)}`;
      const right = (value: unknown) => `> ${String(value)}`;
      const label = (name: string) => {
        const value = name.slice(2);
        if (value !== "null") return nameOf(value);
        return name.startsWith("<") ? t("reports:entry") : nameOf(null);
      };
      const names = new Set(flows.flatMap(({ from, to }) => [left(from), right(to)]));
      return {
        ...base,
        series: [
          {
            type: "sankey" as const,
            left: 8,
            right: 120,
            top: 8,
            bottom: 12,
            nodeWidth: 12,
            draggable: false,
            emphasis: { focus: "adjacency" as const },
            data: [...names].map((name) => ({
              name,
              itemStyle: { color: color(name.slice(2)), borderWidth: 0 },
              label: { color: inks.ink, formatter: ({ name: node }: { name: string }) => label(node) },
            })),
            links: flows.map((flow) => ({
              source: left(flow.from),
              target: right(flow.to),
              value: flow.count,
              drill: flow.filterGroups && { filterGroups: flow.filterGroups },
            })),
            lineStyle: { color: "target" as const, opacity: 0.35 },
            tooltip: {
              formatter: ({ data }: { data: { source?: string; target?: string; value?: number; name?: string } }) =>
                data.source === undefined
                  ? label(data.name ?? "")
                  : `${label(data.source)} → ${label(data.target ?? "")}: ${formatCount(data.value ?? 0)}`,
            },
          },
        ],
      };
    }
    default:
      // A cohort's heat map and a diff are tables by nature.
      return null;
  }
}
