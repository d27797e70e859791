/** A report that stands among others on another page: its chart, or its table where it is one by nature. */
import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { lazy, Suspense } from "react";
import { messageOf } from "../../api/problem";
import { reportQuery, type ReportKind, type ReportRequest } from "../../api/reports";
import type { Property } from "../../api/types";
import { firstColumn, isEmpty, tableOf, type Drill } from "./model";
import { ReportTable } from "./ReportTable";
import { useNames } from "./useNames";

const Chart = lazy(() => import("./Chart").then((module) => ({ default: module.Chart })));

interface Props {
  kind: ReportKind;
  request: ReportRequest;
  property: Property;
  heightPx: number;
  shows: "chart" | "table";
  onDrill: (drill: Drill) => void;
}

export function SmallReport({ kind, request, property, heightPx, shows, onDrill }: Props) {
  const { data, error } = useQuery({ ...reportQuery(kind, request), placeholderData: keepPreviousData });
  const nameOf = useNames(property);
  if (error && !data) return <p role="alert">{messageOf(error)}</p>;
  const waiting = (
    <div role="status" aria-busy="true" aria-label={t("reports:loading")}>
      <Skeleton height={heightPx} radius={8} />
    </div>
  );
  if (!data) return waiting;
  if (isEmpty(kind, data)) return <p className="quiet">{t("reports:empty")}</p>;
  const label = t(`reports:kinds.${kind}`);
  if (shows === "table" || kind === "cohort" || kind === "diff") {
    return (
      <ReportTable
        table={tableOf(kind, data, property, nameOf)}
        first={firstColumn(kind, property)}
        caption={label}
        onDrill={onDrill}
      />
    );
  }
  return (
    <Suspense fallback={waiting}>
      <Chart
        kind={kind}
        report={data}
        property={property}
        nameOf={nameOf}
        label={label}
        height={heightPx}
        onDrill={onDrill}
      />
    </Suspense>
  );
}
