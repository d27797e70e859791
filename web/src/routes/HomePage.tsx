/** The first page: the dashboard that the person has chosen, or what happens with the first object that has stages. */
import { Button } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import {
  archiveDashboard,
  createDashboard,
  dashboardsQuery,
  refreshDashboards,
  showDashboard,
  unarchiveDashboard,
  updateDashboard,
  type Dashboard,
  type Widget,
} from "../api/dashboards";
import { objectsQuery, stageOf } from "../api/objects";
import { preferencesQuery } from "../api/preferences";
import { countQuery } from "../api/records";
import { isStatus, messageOf } from "../api/problem";
import { canChange, canShare } from "../api/saved";
import { meQuery } from "../api/session";
import classes from "../features/dashboard/Dashboard.module.css";
import { DashboardBar, USUAL } from "../features/dashboard/DashboardBar";
import { Grid } from "../features/dashboard/Grid";
import type { RenderReport } from "../features/dashboard/WidgetCard";
import { homeWidgets, newId } from "../features/dashboard/widgets";
import { FilterBar } from "../features/filter/FilterBar";
import { SmallReport } from "../features/reports/SmallReport";
import { usePrefer } from "../features/shell/usePreferences";
import { Empty } from "../ui/Message";
import type { Naming } from "../ui/NamingDialog";
import { notify } from "../ui/notices";
import { onDemand } from "../ui/onDemand";
import { setTour } from "../ui/tour";
import { usePageTitle } from "../ui/usePageTitle";
import { homeRoute } from "./home";
import { PageLoading } from "./states";
import { appRoute } from "./app";

const NamingDialog = onDemand(() => import("../ui/NamingDialog").then((module) => module.NamingDialog<Dashboard>));
const Start = onDemand(() => import("../features/start/Start").then((module) => module.Start));
const DashboardEditor = onDemand(() =>
  import("../features/dashboard/DashboardEditor").then((module) => module.DashboardEditor),
);

export function HomePage() {
  const { asOf = null } = appRoute.useSearch();
  const { dashboard: asked, edit } = homeRoute.useSearch();
  const navigate = useNavigate({ from: homeRoute.fullPath });
  const client = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const preferences = useQuery(preferencesQuery);
  const dashboards = useQuery(dashboardsQuery);
  const prefer = usePrefer();
  const [opened] = useState(() => Date.now());
  const [naming, setNaming] = useState<"new" | "copy" | "rename" | null>(null);
  const withStages = objects.find((one) => stageOf(one) !== undefined);
  const { data: count } = useQuery({ ...countQuery(withStages?.name ?? "", asOf), enabled: withStages !== undefined });
  usePageTitle(t("shell:home"));

  if (dashboards.isPending || preferences.isPending) return <PageLoading />;
  const all = dashboards.data ?? [];
  const homeId = all.find(({ id }) => id === preferences.data?.homeDashboard)?.id ?? null;
  const open = all.find(({ id }) => id === (asked ?? homeId)) ?? null;
  const now = new Date(asOf === null ? opened : Date.parse(asOf));
  const stage = withStages && stageOf(withStages);
  const usual = withStages && stage ? homeWidgets(withStages, stage) : [];
  const widgets = open?.widgets ?? usual;
  const mayChange = open !== null && canChange(open, me);
  const isReadOnly = asOf !== null || !me.permissions.includes("views.write");
  const mayBegin = asOf === null && me.permissions.includes("records.write");

  const go = (id: string | null, isEdited = false) =>
    void navigate({ search: { dashboard: id ?? USUAL, edit: isEdited || undefined } });
  const complain = (error: unknown) => {
    const isStale = isStatus(error, 412);
    notify({ text: isStale ? t("dashboard:stale") : messageOf(error), tone: "bad" });
    if (isStale) void refreshDashboards(client);
  };
  const show = (dashboard: Dashboard) => showDashboard(client, dashboard);
  const remove = async (dashboard: Dashboard) => {
    try {
      await archiveDashboard(dashboard);
      show({ ...dashboard, archived: true });
      go(null);
      const undo = () =>
        void unarchiveDashboard(dashboard).then((back) => {
          show(back);
          go(back.id);
        }, complain);
      notify({ text: t("dashboard:deleted", { name: dashboard.name }), undo });
    } catch (error) {
      complain(error);
    }
  };
  const save = (given: Naming): Promise<Dashboard> => {
    if (naming === "rename" && open) return updateDashboard(open, given);
    return createDashboard({ ...given, widgets: naming === "copy" ? widgets.map(copied) : [] });
  };
  const done = (dashboard: Dashboard) => {
    show(dashboard);
    if (naming !== "rename") {
      // Who makes their own of the usual one wants to see it from then on.
      if (naming === "copy" && open === null) prefer({ homeDashboard: dashboard.id });
      go(dashboard.id, true);
    }
    setNaming(null);
  };

  const report: RenderReport = (kind, request, property, how) => (
    <SmallReport
      kind={kind}
      request={request}
      property={property}
      {...how}
      onDrill={({ filterGroups, asOf: moment }) =>
        void navigate({
          to: "/objects/$object",
          params: { object: request.object },
          search: { filter: filterGroups, asOf: moment ?? asOf ?? undefined },
        })
      }
    />
  );
  const shared = { objects, asOf, now, report };

  if (edit && open && mayChange && !isReadOnly) {
    return (
      <div className={classes.page}>
        <DashboardEditor
          key={open.id}
          dashboard={open}
          filters={(object, groups, onChange) => (
            <FilterBar object={object} objects={objects} groups={groups} onChange={onChange} />
          )}
          onDone={() => go(open.id)}
          {...shared}
        />
      </div>
    );
  }
  return (
    <div className={classes.page}>
      <DashboardBar
        dashboards={all}
        open={open}
        homeId={homeId}
        isReadOnly={isReadOnly}
        mayChange={mayChange}
        mayShare={canShare(me)}
        onOpen={go}
        onEdit={() => go(open?.id ?? null, true)}
        onNew={() => setNaming("new")}
        onCopy={() => setNaming("copy")}
        onRename={() => setNaming("rename")}
        onShare={() => {
          if (!open) return;
          const visibility = open.visibility === "shared" ? "private" : "shared";
          updateDashboard(open, { visibility }).then(show, complain);
        }}
        onHome={() => prefer({ homeDashboard: open?.id ?? null })}
        onRemove={() => {
          if (open) void remove(open);
        }}
      />
      <div className={classes.scroll}>
        {open === null && count === 0 && withStages && mayBegin ? (
          <Start
            object={withStages}
            mayImport={me.permissions.includes("history.rewrite")}
            create={(label) => (
              <Button
                variant="filled"
                renderRoot={(props: object) => (
                  <Link
                    to="/objects/$object"
                    params={{ object: withStages.name }}
                    search={{ create: true }}
                    {...props}
                  />
                )}
              >
                {label}
              </Button>
            )}
            importFile={(label) => (
              <Button renderRoot={(props: object) => <Link to="/import" {...props} />}>{label}</Button>
            )}
            onBegun={({ id }) => void navigate({ to: "/import/$importId", params: { importId: id } })}
            tour={
              preferences.data?.tourDone
                ? undefined
                : { onBegin: () => setTour(true), onDecline: () => prefer({ tourDone: true }) }
            }
          />
        ) : widgets.length === 0 ? (
          <Empty title={open ? t("dashboard:empty") : t("reports:nothingToReport")}>
            {open ? t("dashboard:emptyHint") : t("reports:nothingHint")}
          </Empty>
        ) : (
          <Grid widgets={widgets} {...shared} />
        )}
      </div>
      {naming !== null && (
        <NamingDialog
          title={naming === "rename" ? t("dashboard:rename") : t("dashboard:create")}
          name={naming === "rename" ? (open?.name ?? "") : naming === "copy" && !open ? t("dashboard:mine") : ""}
          visibility={naming === "rename" ? (open?.visibility ?? "private") : "private"}
          canShare={canShare(me)}
          onSave={save}
          onDone={done}
          onClose={() => setNaming(null)}
        />
      )}
    </div>
  );
}

/** The same on another dashboard. */
const copied = (widget: Widget): Widget => ({ ...widget, id: newId() });
