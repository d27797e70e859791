/** Reports that say in a few lines what a chart would: how far records get, and how long they stay. */
import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { messageOf } from "../../api/problem";
import { reportQuery, type ReportRequest } from "../../api/reports";
import type { Option, Property } from "../../api/types";
import { formatCount, formatShare } from "../../texts/locale";
import { formatDuration } from "../../ui/duration";
import { colored } from "../../ui/palette";
import classes from "./Dashboard.module.css";

const labelOf = (stage: Property, value: unknown) => stage.options.find((option) => option.value === value);

/** Where records stay for good, the time there says nothing. */
const isEnd = (option: Option | undefined) => option?.category === "won" || option?.category === "lost";

export function Funnel({ request, stage }: { request: ReportRequest; stage: Property }) {
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
            <span className={classes.name}>{option?.label ?? String(step.value)}</span>
            <svg className={classes.line} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
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

export function Times({ request, stage }: { request: ReportRequest; stage: Property }) {
  const { data, error } = useQuery({ ...reportQuery("time-in-value", request), placeholderData: keepPreviousData });
  if (error && !data) return <p role="alert">{messageOf(error)}</p>;
  if (!data) return <Rows />;
  const values = (data.values ?? []).filter(({ value }) => !isEnd(labelOf(stage, value)));
  const most = Math.max(1, ...values.map(({ p90Seconds }) => p90Seconds ?? 0));
  const share = (seconds: number | null) => ((seconds ?? 0) / most) * 100;
  return (
    <ul className={classes.rows}>
      {values.map((visit) => {
        const option = labelOf(stage, visit.value);
        return (
          <li key={String(visit.value)} className={classes.row} {...colored(option?.color)}>
            <span className={classes.name}>{option?.label ?? String(visit.value)}</span>
            <svg className={classes.line} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
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
