/** What the list amounts to, and how long the answer took. */
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { sumsQuery } from "../../api/reports";
import type { ListPage, ListView } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { formatMoney } from "../../fields/decimal";
import { formatCount } from "../../texts/locale";
import { nounOf, nounsOf } from "../../texts/words";
import { Rich } from "../../ui/Rich";
import { formatDay } from "../../ui/time";
import classes from "./RecordList.module.css";

interface Props {
  object: ObjectType;
  view: ListView;
  first: ListPage;
}

export function ListFooter({ object, view, first }: Props) {
  const { total, elapsedMs } = first;
  const count = total?.value ?? first.records.length;
  const figures = {
    figure: (total?.relation === "gte" ? t("list:moreThan") : "") + formatCount(count),
    noun: count === 1 ? nounOf(object) : nounsOf(object),
  };
  const then = view.asOf;
  return (
    <footer className={classes.footer}>
      <span>
        <Rich
          text={then === null ? t("list:total", figures) : t("list:totalThen", { ...figures, day: formatDay(then) })}
        />
      </span>
      <Sums object={object} view={view} />
      <span className={classes.elapsed}>{t("list:answered", { ms: Math.max(1, Math.round(elapsedMs)) })}</span>
    </footer>
  );
}

/** Of each amount, by currency. Sums are made by a report, which knows filters but no words. */
function Sums({ object, view }: Omit<Props, "first">) {
  const { data: sums } = useQuery(sumsQuery(object, view.filterGroups, view.asOf, view.query === ""));
  if (view.query !== "") return null;
  return sums?.map(({ property, total }) => (
    <span key={property.name + total.currency} className={classes.sum}>
      {t("list:sum", { property: property.label })} <b>{formatMoney(total, true)}</b>
    </span>
  ));
}
