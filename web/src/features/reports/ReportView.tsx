/** A report: its chart, its table, and both as files. */
import { Button, Menu, SegmentedControl, Select, Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from "react";
import { reportQuery, type Report, type ReportKind, type ReportRequest } from "../../api/reports";
import type { Property } from "../../api/types";
import { Empty, Failure } from "../../ui/Message";
import { csvOf, firstColumn, isEmpty, tableOf, type Drill } from "./model";
import classes from "./Reports.module.css";
import { ReportTable } from "./ReportTable";
import { useNames } from "./useNames";

const Chart = lazy(() => import("./Chart").then((module) => ({ default: module.Chart })));

const HEIGHT_PX = 380;

interface Props {
  kind: ReportKind;
  request: ReportRequest;
  property: Property;
  groupProperty: Property | undefined;
  title: string;
  /** Period and basis. */
  subtitle: string;
  shows: "chart" | "table";
  /** What else can be done with it. */
  actions?: ReactNode;
  onShows: (shows: "chart" | "table") => void;
  onDrill: (drill: Drill) => void;
}

export function ReportView({
  kind,
  request,
  property,
  groupProperty,
  title,
  subtitle,
  shows,
  actions,
  onShows,
  onDrill,
}: Props) {
  const report = useQuery({ ...reportQuery(kind, request), placeholderData: keepPreviousData });
  const nameOf = useNames(property);
  const groupName = useNames(groupProperty);
  const [group, setGroup] = useState("");
  const picture = useRef<() => string>(undefined);
  const onPicture = useCallback((take: () => string) => {
    picture.current = take;
  }, []);

  const groups = report.data?.groups ?? [];
  const chosen = groups.find((one) => String(one.group) === group);
  const shown: Report | undefined = chosen ?? report.data;
  const hasChart = kind !== "cohort" && kind !== "diff";

  const save = (address: string, ending: string) => {
    const link = document.createElement("a");
    link.href = address;
    link.download = `${title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-")}.${ending}`;
    link.click();
  };
  const saveCsv = () => {
    if (!report.data) return;
    const tables = [
      { group: groups.length > 0 ? t("reports:allGroups") : null, table: tableOf(kind, report.data, property, nameOf) },
      ...groups.map((one) => ({ group: groupName(one.group), table: tableOf(kind, one, property, nameOf) })),
    ];
    const file = new Blob(["\ufeff", csvOf(property.label, tables)], { type: "text/csv;charset=utf-8" });
    const address = URL.createObjectURL(file);
    save(address, "csv");
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };

  return (
    <section className={classes.view} aria-label={title}>
      <header className={classes.heading}>
        <div>
          <h2 className={classes.title}>{title}</h2>
          <p className="quiet">{subtitle}</p>
        </div>
        <span className={classes.space} />
        {groups.length > 0 && (
          <Select
            aria-label={t("reports:group")}
            data={[
              { value: "", label: t("reports:allGroups") },
              ...groups.map((one) => ({ value: String(one.group), label: groupName(one.group) })),
            ]}
            value={group}
            allowDeselect={false}
            onChange={(next) => setGroup(next ?? "")}
          />
        )}
        {hasChart && (
          <SegmentedControl
            aria-label={t("reports:shows")}
            value={shows}
            data={[
              { value: "chart", label: t("reports:chart") },
              { value: "table", label: t("reports:table") },
            ]}
            onChange={(next) => onShows(next === "table" ? "table" : "chart")}
          />
        )}
        {actions}
        <Menu position="bottom-end">
          <Menu.Target>
            <Button>{t("reports:export")}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={saveCsv}>CSV</Menu.Item>
            {hasChart && shows === "chart" && (
              <Menu.Item onClick={() => save(picture.current?.() ?? "", "png")}>PNG</Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </header>
      {report.isError && (
        <Failure error={report.error} title={t("reports:notMade")} onRetry={() => void report.refetch()} />
      )}
      {report.isPending && <Waiting />}
      {shown && !report.isError && (
        <div data-stale={report.isPlaceholderData || undefined} className={classes.result}>
          {isEmpty(kind, shown) ? (
            <Empty title={t("reports:empty")}>{t("reports:emptyHint")}</Empty>
          ) : (
            <>
              {hasChart && shows === "chart" && (
                <Suspense fallback={<Waiting />}>
                  <Chart
                    kind={kind}
                    report={shown}
                    property={property}
                    nameOf={nameOf}
                    label={`${title}, ${subtitle}`}
                    height={HEIGHT_PX}
                    onDrill={onDrill}
                    onPicture={onPicture}
                  />
                </Suspense>
              )}
              <ReportTable
                table={tableOf(kind, shown, property, nameOf)}
                first={firstColumn(kind, property)}
                caption={title}
                onDrill={onDrill}
              />
            </>
          )}
        </div>
      )}
    </section>
  );
}

const Waiting = () => (
  <div role="status" aria-busy="true" aria-label={t("reports:loading")}>
    <Skeleton height={HEIGHT_PX} radius={10} />
  </div>
);
