/** Widgets that are one figure, which opens the records behind it. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import type { Widget } from "../../api/dashboards";
import { messageOf } from "../../api/problem";
import { countOfQuery, type AsOf } from "../../api/records";
import { addMoney, sumsQuery } from "../../api/reports";
import type { ObjectType } from "../../api/types";
import { formatMoneyBriefly } from "../../fields/decimal";
import { formatCount, formatShare } from "../../texts/locale";
import classes from "./Dashboard.module.css";
import { countedBy, momentName, noteOf, propertyOfWidget } from "./widgets";

interface Props {
  widget: Widget;
  object: ObjectType;
  asOf: AsOf;
  now: Date;
}

export function Count({ widget, object, asOf, now }: Props) {
  const { groups, before } = countedBy(widget, now);
  const { data: count, error } = useQuery(countOfQuery(object.name, groups, asOf));
  const { data: earlier } = useQuery({
    ...countOfQuery(object.name, before ?? [], asOf),
    enabled: before !== null,
  });
  const change = count !== undefined && earlier !== undefined && earlier > 0 ? count / earlier - 1 : null;
  const option = propertyOfWidget(widget, object)?.options.find(({ value }) => value === widget.report.value);
  const isGood = change === null ? undefined : option?.category === "lost" ? change <= 0 : change >= 0;
  return (
    <>
      <Figure text={count === undefined ? undefined : formatCount(count)} error={error} />
      <span className={classes.note}>
        {noteOf(widget, object, asOf, now)}
        {change !== null && (
          <span data-good={isGood} className={classes.change} title={t("dashboard:onBefore")}>
            {change >= 0 ? "↑" : "↓"} {formatShare(Math.abs(change))}
            <span className="hidden-text"> {t("dashboard:onBefore")}</span>
          </span>
        )}
      </span>
    </>
  );
}

/** Of all members: what should have been done by then. */
export function Overdue({ widget, asOf, now }: Omit<Props, "object">) {
  const { groups } = countedBy(widget, now);
  const { data: count, error } = useQuery(countOfQuery(widget.report.object, groups, asOf));
  return (
    <>
      <Figure text={count === undefined ? undefined : formatCount(count)} error={error} isLate={count !== 0} />
      <span className={classes.note}>{momentName(asOf)}</span>
    </>
  );
}

export function Sum({ widget, object, asOf, now }: Props) {
  const { groups } = countedBy(widget, now);
  const { data: sums, error, isLoading } = useQuery(sumsQuery(object, groups, asOf, true));
  const own = sums?.filter(({ property }) => property.name === widget.report.property) ?? [];
  const totals = addMoney(own.map(({ total }) => total));
  const text = totals.length > 0 ? totals.map((total) => formatMoneyBriefly(total)).join(" + ") : "–";
  return (
    <>
      <Figure text={isLoading ? undefined : text} error={error} />
      <span className={classes.note}>{noteOf(widget, object, asOf, now)}</span>
    </>
  );
}

interface FigureProps {
  text: string | undefined;
  error: unknown;
  isLate?: boolean;
}

function Figure({ text, error, isLate = false }: FigureProps) {
  if (text !== undefined) {
    return (
      <b className={classes.figure} data-late={isLate || undefined}>
        {text}
      </b>
    );
  }
  if (error) return <span className={classes.failed}>{messageOf(error)}</span>;
  return (
    <span role="status" aria-busy="true" aria-label={t("reports:loading")}>
      <Skeleton height={26} width={70} my={4} />
    </span>
  );
}
