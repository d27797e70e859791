/** What happens with the leads, from their history: each figure opens the records behind it. */
import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { useState, type ReactNode } from "react";
import type { Filter } from "../../api/filters";
import { overdueFilter } from "../../api/overdue";
import { messageOf } from "../../api/problem";
import { countOfQuery, type AsOf } from "../../api/records";
import { reportQuery, sumsQuery, type ReportKind, type ReportRequest } from "../../api/reports";
import type { ObjectType, Property } from "../../api/types";
import { formatMoneyBriefly } from "../../fields/decimal";
import { formatCount, formatShare } from "../../texts/locale";
import { labelInText, nounsOf } from "../../texts/words";
import { formatDuration } from "../../ui/duration";
import { colored } from "../../ui/palette";
import { dayOf, formatDay } from "../../ui/time";
import classes from "./Home.module.css";

interface Props {
  object: ObjectType;
  stage: Property;
  asOf: AsOf;
  /** A report in the size of a card. */
  report: (kind: ReportKind, request: ReportRequest) => ReactNode;
}

const DAY_MS = 86_400_000;
const STALE_DAYS = 30;

export function Home({ object, stage, asOf, report }: Props) {
  const [opened] = useState(() => Date.now());
  const now = new Date(asOf === null ? opened : Date.parse(asOf));
  const nouns = nounsOf(object);
  const day = (back: number) => dayOf(new Date(now.getTime() - back * DAY_MS));
  const shared = { object: object.name, property: stage.name, filterGroups: [], asOf: asOf ?? undefined };
  const cohort: ReportRequest = { ...shared, from: day(119), to: day(-1), basis: "cohort" };
  const open = stage.options
    .filter(({ category, archived }) => category === "open" && !archived)
    .map(({ value }) => value);
  const created = (from: number, to: number): Filter => ({
    property: "created_at",
    operator: "BETWEEN",
    from: new Date(now.getTime() - from * DAY_MS).toISOString(),
    to: new Date(now.getTime() - to * DAY_MS).toISOString(),
  });
  const stale: Filter[] = [
    { property: stage.name, operator: "IN", values: open },
    { property: stage.name, operator: "UNCHANGED_FOR", duration: `P${STALE_DAYS}D` },
  ];

  return (
    <div className={classes.home}>
      <div className={classes.tiles}>
        <Tile
          object={object}
          asOf={asOf}
          label={t("home:new", { nouns })}
          note={t("home:days", { count: 30 })}
          filters={[created(30, 0)]}
          before={[created(60, 30)]}
          isGood={(change) => change >= 0}
        />
        <Tile
          object={object}
          asOf={asOf}
          label={t("home:open", { nouns })}
          note={t("home:inOpenStages")}
          filters={[{ property: stage.name, operator: "IN", values: open }]}
        />
        <ValueTile object={object} asOf={asOf} filters={[{ property: stage.name, operator: "IN", values: open }]} />
        <Tile
          object={object}
          asOf={asOf}
          label={t("home:stale", { nouns })}
          note={t("home:unchanged", { count: STALE_DAYS })}
          filters={stale}
        />
        <TasksTile asOf={asOf} now={now} />
        <Tile
          object={object}
          asOf={asOf}
          label={t("home:won")}
          note={t("home:days", { count: 30 })}
          filters={won(stage, 30, 0, now)}
          before={won(stage, 60, 30, now)}
          isGood={(change) => change >= 0}
        />
      </div>
      <section
        className={classes.card}
        data-wide
        aria-label={t("home:byStage", { objects: object.pluralLabel, stage: labelInText(stage.label) })}
      >
        <Head
          title={t("home:byStage", { objects: object.pluralLabel, stage: labelInText(stage.label) })}
          note={t("home:weeks")}
          kind="trend"
          search={{ period: "12m", interval: "week" }}
        />
        {report("trend", { ...shared, from: day(365), to: now.toISOString(), interval: "week" })}
      </section>
      <section className={classes.card} aria-label={t("reports:kinds.funnel")}>
        <Head
          title={t("reports:kinds.funnel")}
          note={t("home:cohort", { nouns, from: formatDay(new Date(now.getTime() - 119 * DAY_MS).getTime()) })}
          kind="funnel"
        />
        <Funnel request={cohort} stage={stage} />
      </section>
      <section className={classes.card} aria-label={t("reports:kinds.time-in-value")}>
        <Head
          title={t("list:timeIn", { stage: labelInText(stage.label) })}
          note={t("home:medianP90")}
          kind="time-in-value"
        />
        <Times request={{ ...shared, from: day(119), to: day(-1), basis: "all" }} stage={stage} />
      </section>
      <section className={classes.card} aria-label={t("reports:kinds.flow")}>
        <Head
          title={t("reports:kinds.flow")}
          note={t("home:moves", { count: 30 })}
          kind="flow"
          search={{ period: "30d" }}
        />
        {report("flow", { ...shared, from: day(29), to: day(-1) })}
      </section>
      <section className={classes.card} aria-label={t("home:conversion")}>
        <Head title={t("home:conversion")} note={t("home:conversionNote", { nouns })} kind="cohort" />
        {report("cohort", { ...shared, from: monthsBack(now, 5), to: day(-1), interval: "month" })}
      </section>
    </div>
  );
}

function won(stage: Property, from: number, to: number, now: Date): Filter[] {
  const value = stage.options.find(({ category }) => category === "won")?.value ?? "";
  const at = (back: number) => new Date(now.getTime() - back * DAY_MS).toISOString();
  return [{ property: stage.name, operator: "ENTERED", value, from: at(from), to: at(to) }];
}

interface TileProps {
  object: ObjectType;
  asOf: AsOf;
  label: string;
  note: string;
  filters: Filter[];
  /** The same of the period before. */
  before?: Filter[];
  isGood?: (change: number) => boolean;
}

function Tile({ object, asOf, label, note, filters, before, isGood }: TileProps) {
  const groups = [{ filters }];
  const { data: count, error } = useQuery(countOfQuery(object.name, groups, asOf));
  const { data: earlier } = useQuery({
    ...countOfQuery(object.name, [{ filters: before ?? [] }], asOf),
    enabled: before !== undefined,
  });
  const change = count !== undefined && earlier !== undefined && earlier > 0 ? count / earlier - 1 : null;
  return (
    <Link className={classes.tile} to="/objects/$object" params={{ object: object.name }} search={{ filter: groups }}>
      <span className={classes.label}>{label}</span>
      <Figure count={count} error={error} />
      <span className={classes.note}>
        {note}
        {change !== null && (
          <span data-good={isGood?.(change)} className={classes.change}>
            {change >= 0 ? "↑" : "↓"} {formatShare(Math.abs(change))} {t("home:onBefore")}
          </span>
        )}
      </span>
    </Link>
  );
}

/** What should have been done by now. */
function TasksTile({ asOf, now }: { asOf: AsOf; now: Date }) {
  const { data: count, error } = useQuery(countOfQuery("tasks", overdueFilter(now.toISOString()), asOf));
  return (
    <Link className={classes.tile} to="/tasks" search={{ whose: "team" }}>
      <span className={classes.label}>{t("home:overdueTasks")}</span>
      <Figure count={count} error={error} />
      <span className={classes.note}>{t("home:ofTeam")}</span>
    </Link>
  );
}

function Figure({ count, error }: { count: number | undefined; error: Error | null }) {
  if (count !== undefined) return <b className={classes.figure}>{formatCount(count)}</b>;
  if (error) return <span className={classes.failed}>{messageOf(error)}</span>;
  return <Skeleton height={26} width={70} my={4} />;
}

/** The first day of a month before. */
const monthsBack = (now: Date, count: number) => dayOf(new Date(now.getFullYear(), now.getMonth() - count, 1, 12));

/** What the open ones add up to. */
function ValueTile({ object, asOf, filters }: Pick<TileProps, "object" | "asOf" | "filters">) {
  const groups = [{ filters }];
  const { data: sums, isLoading } = useQuery(sumsQuery(object, groups, asOf, true));
  const [first] = sums ?? [];
  if (!first && !isLoading) return null;
  const totals = sums?.filter(({ property }) => property === first?.property) ?? [];
  return (
    <Link className={classes.tile} to="/objects/$object" params={{ object: object.name }} search={{ filter: groups }}>
      <span className={classes.label}>{t("home:openValue")}</span>
      {first ? (
        <b className={classes.figure}>{totals.map(({ total }) => formatMoneyBriefly(total)).join(" + ")}</b>
      ) : (
        <Skeleton height={26} width={70} my={4} />
      )}
      <span className={classes.note}>{t("home:sumOf", { property: labelInText(first?.property.label ?? "") })}</span>
    </Link>
  );
}

interface HeadProps {
  title: string;
  note: string;
  kind: ReportKind;
  search?: { period?: string; interval?: string };
}

function Head({ title, note, kind, search = {} }: HeadProps) {
  return (
    <header className={classes.head}>
      <h2>
        <Link to="/reports/$kind" params={{ kind }} search={search}>
          {title}
        </Link>
      </h2>
      <span className="quiet">{note}</span>
    </header>
  );
}

const labelOf = (stage: Property, value: unknown) => stage.options.find((option) => option.value === value);

function Funnel({ request, stage }: { request: ReportRequest; stage: Property }) {
  const { data, error } = useQuery({ ...reportQuery("funnel", request), placeholderData: keepPreviousData });
  if (error && !data) return <p role="alert">{messageOf(error)}</p>;
  if (!data) return <Rows />;
  const steps = data.steps ?? [];
  const most = Math.max(1, ...steps.map(({ reached }) => reached));
  return (
    <ul className={classes.rows}>
      {steps.map((step, index) => {
        const option = labelOf(stage, step.value);
        const rate = steps[index - 1]?.rate;
        return (
          <li key={String(step.value)} className={classes.row} {...colored(option?.color)}>
            <span className={classes.name}>{option?.label}</span>
            <svg className={classes.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
              <rect width={(step.reached / most) * 100} height="10" />
            </svg>
            <span className={classes.values}>
              <Link to="/objects/$object" params={{ object: request.object }} search={{ filter: step.filterGroups }}>
                {formatCount(step.reached)}
              </Link>{" "}
              <span className="quiet">{rate !== null && rate !== undefined && formatShare(rate)}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Times({ request, stage }: { request: ReportRequest; stage: Property }) {
  const { data, error } = useQuery({ ...reportQuery("time-in-value", request), placeholderData: keepPreviousData });
  if (error && !data) return <p role="alert">{messageOf(error)}</p>;
  if (!data) return <Rows />;
  const values = (data.values ?? []).filter(({ value }) => labelOf(stage, value)?.category === "open");
  const most = Math.max(1, ...values.map(({ p90Seconds }) => p90Seconds ?? 0));
  const share = (seconds: number | null) => ((seconds ?? 0) / most) * 100;
  return (
    <ul className={classes.rows}>
      {values.map((visit) => {
        const option = labelOf(stage, visit.value);
        return (
          <li key={String(visit.value)} className={classes.row} {...colored(option?.color)}>
            <span className={classes.name}>{option?.label}</span>
            <svg className={classes.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
              <rect x="0" y="4.5" width={share(visit.p90Seconds)} height="1" />
              <rect x="0" y="1" width={share(visit.medianSeconds)} height="8" />
            </svg>
            <span className={classes.values}>
              <Link to="/objects/$object" params={{ object: request.object }} search={{ filter: visit.filterGroups }}>
                {formatDuration(visit.medianSeconds ?? 0)}
              </Link>{" "}
              <span className="quiet">p90 {formatDuration(visit.p90Seconds ?? 0)}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

const Rows = () => (
  <div className={classes.rows} role="status" aria-busy="true" aria-label={t("reports:loading")}>
    {[100, 80, 60, 40].map((width) => (
      <Skeleton key={width} height={22} width={`${width}%`} />
    ))}
  </div>
);
