/** A report that stands among others on another page: its chart, or its table where it is one by nature. */
import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { lazy, Suspense } from "react";
import { messageOf } from "../../api/problem";
import { reportQuery, type ReportKind, type ReportRequest } from "../../api/reports";
import type { Property } from "../../api/types";
import { tableOf, type Drill } from "./model";
import { ReportTable } from "./ReportTable";
import { useNames } from "./useNames";

const Chart = lazy(() => import("./Chart").then((module) => ({ default: module.Chart })));

const HEIGHT_PX = 260;

interface Props {
  kind: ReportKind;
  request: ReportRequest;
  property: Property;
  onDrill: (drill: Drill) => void;
}

export function SmallReport({ kind, request, property, onDrill }: Props) {
  const { data, error } = useQuery({ ...reportQuery(kind, request), placeholderData: keepPreviousData });
  const nameOf = useNames(property);
  if (error && !data) return <p role="alert">{messageOf(error)}</p>;
  const waiting = (
    <div role="status" aria-busy="true" aria-label={t("reports:loading")}>
      <Skeleton height={HEIGHT_PX} radius={8} />
    </div>
  );
  if (!data) return waiting;
  const label = t(`reports:kinds.${kind}`);
  if (kind === "cohort") {
    return (
      <ReportTable
        table={tableOf(kind, data, property, nameOf)}
        first={t("reports:entered")}
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
        height={HEIGHT_PX}
        onDrill={onDrill}
      />
    </Suspense>
  );
}
