/** What widgets ask and are called, and those of the home page that nobody has changed yet. */
import { t } from "i18next";
import type { Widget, WidgetKind } from "../../api/dashboards";
import { meaningful, narrowed, type FilterGroup } from "../../api/filters";
import { asPeriod, stretchOf, type LastingReport } from "../../api/lastingReports";
import { optionOf, propertyOf, shownProperties } from "../../api/objects";
import type { AsOf } from "../../api/records";
import { KINDS, type ReportKind } from "../../api/reports";
import type { ObjectType, Property } from "../../api/types";
import { labelInText, nounsOf } from "../../texts/words";
import { periodName } from "../../ui/periods";
import { formatDay } from "../../ui/time";

const DAY_MS = 86_400_000;
const STALE_DAYS = 30;

/** Tasks are no object with a page of its own. */
const TASKS = "tasks";

/** Tasks that are overdue: a count of those that are open, of which the app leaves out what is not due yet. */
export const OVERDUE_REPORT: LastingReport = {
  object: TASKS,
  filterGroups: [{ filters: [{ property: "done_at", operator: "NOT_HAS_PROPERTY" }] }],
};

/** Filters cannot say "now": what is counted of tasks goes with the moment that is shown. */
export const isOfTasks = ({ kind, report }: Pick<Widget, "kind" | "report">): boolean =>
  kind === "count" && report.object === TASKS;

export const WIDGET_KINDS = ["count", "sum", ...KINDS] as const satisfies readonly WidgetKind[];

export const isReport = (kind: WidgetKind): kind is ReportKind => kind !== "count" && kind !== "sum";

/** Figures are flat, reports as high as a chart. */
export const usualSize = (kind: WidgetKind): { w: number; h: number } =>
  isReport(kind) ? { w: 6, h: 3 } : { w: 3, h: 1 };

export interface Counted {
  groups: FilterGroup[];
  /** The same of as much time before. */
  before: FilterGroup[] | null;
}

/** Which records a figure is of. */
export function countedBy(widget: Widget, now: Date): Counted {
  const { report } = widget;
  const groups = meaningful(report.filterGroups);
  if (isOfTasks(widget)) {
    const isDue = { property: "due_at", operator: "LT", value: now.toISOString() };
    return { groups: narrowed(groups, isDue), before: null };
  }
  if (!report.period) return { groups, before: null };
  const days = stretchOf(report, now);
  const [from, to] = [Date.parse(`${days.from}T00:00`), Math.min(Date.parse(`${days.to}T00:00`), now.getTime())];
  const within = (start: number, end: number): FilterGroup[] => {
    const range = { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
    return narrowed(
      groups,
      report.property && report.value
        ? { property: report.property, operator: "ENTERED", value: report.value, ...range }
        : { property: "created_at", operator: "BETWEEN", ...range },
    );
  };
  return { groups: within(from, to), before: within(from - (to - from), from) };
}

export const propertyOfWidget = ({ report }: Widget, object: ObjectType): Property | undefined =>
  report.property ? propertyOf(object, report.property) : undefined;

/** What it is called where nobody has given it a name. */
function titleOf(widget: Widget, object: ObjectType): string {
  const property = propertyOfWidget(widget, object);
  const nouns = nounsOf(object);
  switch (widget.kind) {
    case "count": {
      if (!widget.report.period) return object.pluralLabel;
      const option = property && optionOf(property, widget.report.value);
      return option ? t("dashboard:entered", { value: option.label }) : t("dashboard:new", { nouns });
    }
    case "sum":
      return t("dashboard:sum", { property: property?.label ?? "", nouns });
    case "trend":
      return t("dashboard:by", { objects: object.pluralLabel, property: labelInText(property?.label ?? "") });
    case "time-in-value":
      return t("list:timeIn", { stage: labelInText(property?.label ?? "") });
    default:
      return t(`reports:kinds.${widget.kind}`);
  }
}

/** What it is called: of any widget, also of one whose object is gone. */
export function nameOf(widget: Widget, objects: ObjectType[]): string {
  if (widget.title) return widget.title;
  if (isOfTasks(widget)) return t("dashboard:overdue");
  const object = objects.find(({ name }) => name === widget.report.object);
  return object ? titleOf(widget, object) : widget.report.object;
}

/** What it is about, in short. */
export function noteOf(widget: Widget, object: ObjectType, asOf: AsOf, now: Date): string {
  const { report, kind } = widget;
  const moment = momentName(asOf);
  if (kind === "sum" || kind === "snapshot" || (kind === "count" && !report.period)) return moment;
  const period = asPeriod(report.period);
  const days = stretchOf(report, now);
  const stretch =
    period && asOf === null
      ? periodName(period)
      : t("reports:stretch", {
          from: formatDay(`${days.from}T12:00`),
          to: formatDay(Date.parse(`${days.to}T12:00`) - DAY_MS),
        });
  return kind === "count" ? stretch : `${object.pluralLabel} · ${stretch}`;
}

/** The moment that is shown, in short. */
export const momentName = (asOf: AsOf): string => (asOf === null ? t("time:now") : formatDay(asOf));

/** A new id for what the server has not seen yet. */
export const newId = (): string => crypto.randomUUID();

/** The home page as long as nobody has made another: what happens with the records that move through stages. */
export function homeWidgets(object: ObjectType, stage: Property): Widget[] {
  const nouns = nounsOf(object);
  const open = stage.options
    .filter(({ category, archived }) => category === "open" && !archived)
    .map(({ value }) => value);
  const won = stage.options.find(({ category }) => category === "won");
  const amount = shownProperties(object).find(({ type }) => type === "money");
  const inOpen = { property: stage.name, operator: "IN", values: open };
  const stale = { property: stage.name, operator: "UNCHANGED_FOR", duration: `P${STALE_DAYS}D` };
  const report = (more: Partial<LastingReport>): LastingReport => ({ object: object.name, filterGroups: [], ...more });
  const of = (more: Partial<LastingReport>) => report({ property: stage.name, ...more });
  const tiles: Omit<Widget, "x" | "y" | "w" | "h">[] = [
    { id: "new", kind: "count", report: report({ period: "30d" }) },
    {
      id: "open",
      kind: "count",
      title: t("dashboard:open", { nouns }),
      report: report({ filterGroups: [{ filters: [inOpen] }] }),
    },
    ...(amount
      ? [
          {
            id: "value",
            kind: "sum" as const,
            title: t("dashboard:openValue"),
            report: report({ property: amount.name, filterGroups: [{ filters: [inOpen] }] }),
          },
        ]
      : []),
    {
      id: "stale",
      kind: "count",
      title: t("dashboard:stale30", { nouns }),
      report: report({ filterGroups: [{ filters: [inOpen, stale] }] }),
    },
    ...(won ? [{ id: "won", kind: "count" as const, report: of({ value: won.value, period: "30d" }) }] : []),
    { id: "overdue", kind: "count", report: OVERDUE_REPORT },
  ];
  // Five tiles do not share twelve columns evenly: the first ones are wider.
  const widths = { 4: [3, 3, 3, 3], 5: [3, 2, 3, 2, 2] }[tiles.length] ?? [];
  let x = 0;
  const placedTiles = tiles.map((tile, index): Widget => {
    const w = widths[index] ?? 2;
    x += w;
    return { ...tile, x: x - w, y: 0, w, h: 1 };
  });
  return [
    ...placedTiles,
    { id: "trend", kind: "trend", report: of({ period: "12m", interval: "week" }), x: 0, y: 1, w: 12, h: 3 },
    { id: "funnel", kind: "funnel", report: of({ period: "90d", basis: "cohort" }), x: 0, y: 4, w: 6, h: 2 },
    { id: "times", kind: "time-in-value", report: of({ period: "90d", basis: "all" }), x: 6, y: 4, w: 6, h: 2 },
    { id: "flow", kind: "flow", report: of({ period: "30d" }), x: 0, y: 6, w: 6, h: 3 },
    {
      id: "cohort",
      kind: "cohort",
      title: t("dashboard:conversion"),
      report: of({ period: "6m", interval: "month" }),
      x: 6,
      y: 6,
      w: 6,
      h: 3,
    },
  ];
}
