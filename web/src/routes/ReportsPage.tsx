/** A report: what is asked, its answer as a chart or a table, and the way to the records behind each figure. */
import { Button } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import type { WidgetReport } from "../api/dashboards";
import { meaningful } from "../api/filters";
import { objectsQuery, propertyOf, stageOf } from "../api/objects";
import { KINDS } from "../api/reports";
import { meQuery } from "../api/session";
import { FilterBar } from "../features/filter/FilterBar";
import { TAKES } from "../features/reports/kinds";
import { basisName, reportable, ReportControls, type ReportSearch } from "../features/reports/ReportControls";
import classes from "../features/reports/Reports.module.css";
import { ReportView } from "../features/reports/ReportView";
import { Empty } from "../ui/Message";
import { notify } from "../ui/notices";
import { onDemand } from "../ui/onDemand";
import { daysOf, PERIODS } from "../ui/periods";
import { formatDay } from "../ui/time";
import { usePageTitle } from "../ui/usePageTitle";

const AddToDashboard = onDemand(() =>
  import("../features/dashboard/AddToDashboard").then((module) => module.AddToDashboard),
);

export function ReportsPage() {
  const { kind: asked } = useParams({ strict: false });
  const kind = KINDS.find((one) => one === asked) ?? "funnel";
  const search = useSearch({ strict: false });
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const { data: me } = useSuspenseQuery(meQuery);
  const navigate = useNavigate();
  const [now] = useState(() => new Date());
  const [isAdding, setAdding] = useState(false);
  usePageTitle(t(`reports:kinds.${kind}`));

  const object =
    objects.find(({ name }) => name === search.object) ?? objects.find((one) => reportable(one).length > 0);
  const property =
    object && ((search.property && propertyOf(object, search.property)) || stageOf(object) || reportable(object)[0]);
  if (!object || !property) return <Empty title={t("reports:nothingToReport")}>{t("reports:nothingHint")}</Empty>;

  const change = (part: ReportSearch & { filter?: typeof search.filter; shows?: "table" }) =>
    void navigate({ to: "/reports/$kind", params: { kind }, search: { ...search, ...part }, replace: true });
  const takes = TAKES[kind];
  const named = PERIODS.find((one) => one === search.period);
  const hasOwn = search.period === "own" && search.from && search.to;
  const period = hasOwn ? "own" : (named ?? "12m");
  const days = hasOwn ? { from: search.from ?? "", to: search.to ?? "" } : daysOf(named ?? "12m", now);
  const groups = meaningful(search.filter ?? []);
  const basis = takes.basis && (search.basis ?? takes.basis[0]);
  const question = {
    object: object.name,
    property: property.name,
    filterGroups: groups,
    ...(takes.period ? { timeZone: search.zone } : {}),
    ...(takes.interval === "none" ? {} : { interval: search.interval ?? "month" }),
    ...(basis ? { basis } : {}),
    ...(takes.clock && search.clock ? { clock: search.clock } : {}),
    ...(takes.groupBy && search.groupBy ? { groupBy: search.groupBy } : {}),
    ...(takes.sources && search.without ? { excludeSources: search.without.split(",") } : {}),
  };
  const request = {
    ...question,
    asOf: search.asOf,
    // A trend cannot end in the future: today has not ended.
    ...(takes.period
      ? { from: days.from, to: kind === "trend" || kind === "diff" ? earlier(days.to, now) : days.to }
      : {}),
  };
  // On a dashboard the period goes with the present, unless days were chosen.
  const lasting: WidgetReport = { ...question, ...(takes.period ? (hasOwn ? days : { period: named ?? "12m" }) : {}) };
  const stretch = takes.period
    ? t("reports:stretch", {
        from: formatDay(`${days.from}T12:00`),
        to: formatDay(new Date(`${days.to}T12:00`).getTime() - 86_400_000),
      })
    : search.asOf
      ? t("reports:asOf", { day: formatDay(search.asOf) })
      : t("time:now");

  return (
    <div className={classes.page}>
      <nav className={classes.kinds} aria-label={t("shell:reports")}>
        {KINDS.map((one) => (
          <Link
            key={one}
            className={classes.kind}
            data-chosen={one === kind || undefined}
            aria-current={one === kind ? "page" : undefined}
            to="/reports/$kind"
            params={{ kind: one }}
            search={search}
          >
            {t(`reports:kinds.${one}`)}
          </Link>
        ))}
      </nav>
      <ReportControls
        kind={kind}
        objects={objects}
        object={object}
        property={property}
        search={search}
        period={period}
        days={days}
        timeZone={me.workspace.timeZone}
        onChange={change}
      />
      <div className={classes.filters}>
        <FilterBar
          object={object}
          objects={objects}
          groups={groups}
          onChange={(next) => change({ filter: next.length > 0 ? next : undefined })}
        />
      </div>
      <ReportView
        key={`${kind} ${object.name} ${property.name}`}
        kind={kind}
        request={request}
        property={property}
        groupProperty={search.groupBy ? propertyOf(object, search.groupBy) : undefined}
        title={t("reports:title", {
          kind: t(`reports:kinds.${kind}`),
          objects: object.pluralLabel,
          property: property.label,
        })}
        subtitle={basis ? `${stretch} · ${basisName(basis)}` : stretch}
        shows={search.shows ?? "chart"}
        actions={
          search.asOf === undefined &&
          me.permissions.includes("views.write") && (
            <Button onClick={() => setAdding(true)}>{t("reports:addToDashboard")}</Button>
          )
        }
        onShows={(next) => change({ shows: next === "table" ? "table" : undefined })}
        onDrill={({ filterGroups, asOf }) =>
          void navigate({
            to: "/objects/$object",
            params: { object: object.name },
            search: { filter: filterGroups, asOf: asOf ?? search.asOf },
          })
        }
      />
      {isAdding && (
        <AddToDashboard
          me={me}
          widget={{ kind, shows: search.shows, report: lasting }}
          title={`${t(`reports:kinds.${kind}`)}: ${object.pluralLabel}`}
          onClose={() => setAdding(false)}
          onDone={({ id, name }) => {
            setAdding(false);
            notify({ text: t("dashboard:addedTo", { name }) });
            void navigate({ to: "/", search: { dashboard: id } });
          }}
        />
      )}
    </div>
  );
}

function earlier(day: string, now: Date): string {
  const at = new Date(`${day}T00:00`);
  return at > now ? now.toISOString() : day;
}
