/** A report: what is asked, its answer as a chart or a table, and the way to the records behind each figure. */
import { Button } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import { requestOf, stretchOf, type ReportSearch } from "../api/lastingReports";
import { objectsQuery, propertyOf } from "../api/objects";
import { KINDS } from "../api/reports";
import { meQuery } from "../api/session";
import { FilterBar } from "../features/filter/FilterBar";
import { TAKES } from "../features/reports/kinds";
import { basisName, ReportControls } from "../features/reports/ReportControls";
import classes from "../features/reports/Reports.module.css";
import { ReportTabs } from "../features/reports/ReportTabs";
import { ReportView } from "../features/reports/ReportView";
import { Empty } from "../ui/Message";
import { notify } from "../ui/notices";
import { onDemand } from "../ui/onDemand";
import { formatDay } from "../ui/time";
import { usePageTitle } from "../ui/usePageTitle";
import { PageLoading } from "./states";
import { useAsked } from "./useAsked";

const AddToDashboard = onDemand(() =>
  import("../features/dashboard/AddToDashboard").then((module) => module.AddToDashboard),
);

export function ReportsPage() {
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const { data: me } = useSuspenseQuery(meQuery);
  const { all, open, kind, asked, subject, lasting, shows, ...state } = useAsked(objects);
  const navigate = useNavigate();
  const [opened] = useState(() => new Date());
  const [isAdding, setAdding] = useState(false);
  usePageTitle(open?.name ?? t(`reports:kinds.${kind}`));
  if (state.isWaiting) return <PageLoading />;

  const body = open && !lasting ? open : lasting && { kind, shows, report: lasting };
  const tabs = body && (
    <ReportTabs
      me={me}
      all={all}
      open={open}
      isChanged={state.isChanged}
      isReadOnly={asked.asOf !== undefined}
      body={{ kind: body.kind, shows: body.shows, report: body.report }}
      link={(to, content) =>
        to ? (
          <Link
            to="/reports/$kind"
            params={{ kind: to.kind }}
            search={{ saved: to.id }}
            activeOptions={{ exact: true }}
            aria-current={to === open ? "page" : undefined}
          >
            {content}
          </Link>
        ) : (
          <Link
            to="/reports"
            search={{}}
            activeOptions={{ exact: true }}
            aria-current={open === undefined ? "page" : undefined}
          >
            {content}
          </Link>
        )
      }
      onOpen={(to) =>
        void (to
          ? navigate({ to: "/reports/$kind", params: { kind: to.kind }, search: { saved: to.id } })
          : navigate({ to: "/reports", search: {} }))
      }
    />
  );
  if (!subject || !lasting) {
    return (
      <div className={classes.page}>
        {tabs}
        {open ? (
          <Empty title={t("reports:gone")}>{t("reports:goneHint")}</Empty>
        ) : (
          <Empty title={t("reports:nothingToReport")}>{t("reports:nothingHint")}</Empty>
        )}
      </div>
    );
  }

  const { object, property } = subject;
  const change = (part: ReportSearch & { shows?: "table" }) =>
    void navigate({ to: "/reports/$kind", params: { kind }, search: { ...asked, ...part }, replace: true });
  const now = asked.asOf ? new Date(asked.asOf) : opened;
  const days = stretchOf(lasting, now);
  const stretch = TAKES[kind].period
    ? t("reports:stretch", {
        from: formatDay(`${days.from}T12:00`),
        to: formatDay(new Date(`${days.to}T12:00`).getTime() - 86_400_000),
      })
    : asked.asOf
      ? t("reports:asOf", { day: formatDay(asked.asOf) })
      : t("time:now");
  const named = t("reports:title", {
    kind: t(`reports:kinds.${kind}`),
    objects: object.pluralLabel,
    property: property.label,
  });

  return (
    <div className={classes.page}>
      {tabs}
      {state.isGone && (
        <p className={classes.missing} role="status">
          {t("reports:missing")}
        </p>
      )}
      <nav className={classes.kinds} aria-label={t("shell:reports")}>
        {KINDS.map((one) => (
          <Link
            key={one}
            className={classes.kind}
            data-chosen={one === kind || undefined}
            aria-current={one === kind ? "page" : undefined}
            to="/reports/$kind"
            params={{ kind: one }}
            search={asked}
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
        search={asked}
        period={lasting.from ? "own" : (lasting.period ?? "")}
        days={days}
        timeZone={me.workspace.timeZone}
        onChange={change}
      />
      <div className={classes.filters}>
        <FilterBar
          object={object}
          objects={objects}
          groups={lasting.filterGroups}
          onChange={(next) => change({ filter: next.length > 0 ? next : undefined })}
        />
      </div>
      <ReportView
        key={`${kind} ${object.name} ${property.name}`}
        kind={kind}
        request={requestOf(kind, lasting, asked.asOf ?? null, now)}
        property={property}
        groupProperty={asked.groupBy ? propertyOf(object, asked.groupBy) : undefined}
        title={named}
        subtitle={lasting.basis ? `${stretch} · ${basisName(lasting.basis)}` : stretch}
        shows={shows}
        actions={
          asked.asOf === undefined &&
          me.permissions.includes("views.write") && (
            <Button onClick={() => setAdding(true)}>{t("reports:addToDashboard")}</Button>
          )
        }
        onShows={(next) => change({ shows: next === "table" ? "table" : undefined })}
        onDrill={({ filterGroups, asOf }) =>
          void navigate({
            to: "/objects/$object",
            params: { object: object.name },
            search: { filter: filterGroups, asOf: asOf ?? asked.asOf },
          })
        }
      />
      {isAdding && (
        <AddToDashboard
          me={me}
          widget={{ kind, shows: asked.shows, report: lasting }}
          title={open?.name ?? `${t(`reports:kinds.${kind}`)}: ${object.pluralLabel}`}
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
