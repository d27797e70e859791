/** A filter as a sentence: "has been in Qualified for at least 14 days". */
import { t } from "i18next";
import { Fragment, type ReactNode } from "react";
import type { Filter, Operator } from "../../api/filters";
import type { Property, Value } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { spellIsoDuration } from "../../ui/duration";
import { momentText, rangeText } from "./ranges";
import type { Subject } from "./subjects";

/** More than these are counted, not listed. */
const LISTED = 3;

export function Sentence({ filter, subject, now }: { filter: Filter; subject: Subject; now: Date }) {
  const { property } = subject;
  const value = <One value={filter.value ?? null} property={property} />;
  const values = filter.values ?? (filter.value === undefined || filter.value === null ? [] : [filter.value]);
  const parts = {
    value,
    values: <Many values={values} property={property} />,
    from: operand(filter.from, property),
    to: operand(filter.to, property),
    fromValue: <One value={filter.fromValue ?? null} property={property} />,
    toValue: <One value={filter.toValue ?? null} property={property} />,
    at: momentText(filter.at),
    range: rangeText(filter.from, filter.to, now),
    gte: amount(filter.gte),
    lte: amount(filter.lte),
    duration: amount(filter.duration),
  };
  return <Filled text={textOf(filter, property, values.length)} parts={parts} />;
}

function textOf(filter: Filter, property: Property, count: number): string {
  const inStage = property.type === "stage";
  const [from, to] = ["fromValue" in filter, "toValue" in filter];
  const bounds =
    filter.gte === undefined ? (filter.lte === undefined ? "none" : "lte") : filter.lte === undefined ? "gte" : "both";
  if (filter.property === "id") return t("filter:say.id", { count });
  if (filter.property === "archived" && count === 2) return t("filter:say.archivedOrNot");
  switch (filter.operator as Operator | "REACHED") {
    case "EQ":
      return t("filter:say.EQ");
    case "NEQ":
      return t("filter:say.NEQ");
    case "LT":
      return isTime(property) ? t("filter:say.before") : t("filter:say.LT");
    case "LTE":
      return t("filter:say.LTE");
    case "GT":
      return t("filter:say.GT");
    case "GTE":
      return isTime(property) ? t("filter:say.from") : t("filter:say.GTE");
    case "BETWEEN":
      return t("filter:say.BETWEEN");
    case "IN":
      return t("filter:say.IN");
    case "NOT_IN":
      return t("filter:say.NOT_IN");
    case "HAS_PROPERTY":
      return t("filter:say.HAS_PROPERTY");
    case "NOT_HAS_PROPERTY":
      return t("filter:say.NOT_HAS_PROPERTY");
    case "CONTAINS":
      return t("filter:say.CONTAINS");
    case "STARTS_WITH":
      return t("filter:say.STARTS_WITH");
    case "WAS":
      return filter.value === null ? t("filter:say.wasEmpty") : t("filter:say.WAS");
    case "EVER":
      return t("filter:say.EVER");
    case "NEVER":
      return t("filter:say.NEVER");
    case "ENTERED":
      return inStage ? t("filter:say.ENTERED") : t("filter:say.became");
    case "LEFT":
      return inStage ? t("filter:say.LEFT") : t("filter:say.ceased");
    case "CHANGED":
      if (from && filter.fromValue === null && to) return t("filter:say.changedFirst");
      if (from && to) return t("filter:say.changedFromTo");
      if (from) return t("filter:say.changedFrom");
      return to ? t("filter:say.changedTo") : t("filter:say.CHANGED");
    case "CHANGE_COUNT":
      if (bounds === "lte" && filter.lte === 0) return t("filter:say.notChanged");
      return t(`filter:say.count.${bounds}`);
    case "TIME_IN_VALUE":
      return inStage ? t(`filter:say.inStage.${bounds}`) : t(`filter:say.inValue.${bounds}`);
    case "TOTAL_TIME_IN_VALUE":
      return inStage ? t(`filter:say.totalStage.${bounds}`) : t(`filter:say.totalValue.${bounds}`);
    case "UNCHANGED_FOR":
      return t("filter:say.UNCHANGED_FOR");
    case "REACHED":
      return t("filter:say.REACHED");
    default:
      return filter.operator;
  }
}

const isTime = ({ type }: Property) => type === "date" || type === "datetime";

function One({ value, property }: { value: Value | null; property: Property }) {
  return value === null ? <>{t("filter:empty")}</> : <Shown value={value} property={property} plain />;
}

function Many({ values, property }: { values: Value[]; property: Property }) {
  if (values.length > LISTED) return <>{t("filter:ofValues", { count: values.length })}</>;
  return (
    <>
      {values.map((value, index) => (
        <Fragment key={JSON.stringify(value)}>
          {index > 0 && ` ${t("filter:or")} `}
          <One value={value} property={property} />
        </Fragment>
      ))}
    </>
  );
}

function operand(value: Value | undefined, property: Property): ReactNode {
  if (value === undefined) return null;
  if (property.type === "datetime") return momentText(value);
  return <One value={value} property={property} />;
}

const amount = (given: number | string | undefined): string =>
  typeof given === "string" ? spellIsoDuration(given) : String(given ?? "");

/** Puts what is shown into the gaps of a text: "was {value} on {at}". */
function Filled({ text, parts }: { text: string; parts: Record<string, ReactNode> }) {
  return (
    <>
      {text.split(/\{(\w+)\}/).map((part, index) => (
        <Fragment key={index}>{index % 2 === 1 ? parts[part] : part}</Fragment>
      ))}
    </>
  );
}
