/** Records by value over time, as a chart that stands on another page. */
import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { lazy, Suspense } from "react";
import { messageOf } from "../../api/problem";
import { reportQuery, type ReportRequest } from "../../api/reports";
import type { Property } from "../../api/types";
import type { Drill } from "./model";
import { useNames } from "./useNames";

const Chart = lazy(() => import("./Chart").then((module) => ({ default: module.Chart })));

const HEIGHT_PX = 260;

interface Props {
  request: ReportRequest;
  property: Property;
  onDrill: (drill: Drill) => void;
}

export function TrendChart({ request, property, onDrill }: Props) {
  const { data, error } = useQuery({ ...reportQuery("trend", request), placeholderData: keepPreviousData });
  const nameOf = useNames(property);
  if (error && !data) return <p role="alert">{messageOf(error)}</p>;
  const waiting = (
    <div role="status" aria-busy="true" aria-label={t("reports:loading")}>
      <Skeleton height={HEIGHT_PX} radius={8} />
    </div>
  );
  if (!data) return waiting;
  return (
    <Suspense fallback={waiting}>
      <Chart
        kind="trend"
        report={data}
        property={property}
        nameOf={nameOf}
        label={t("reports:kinds.trend")}
        height={HEIGHT_PX}
        onDrill={onDrill}
      />
    </Suspense>
  );
}
