/** What the list amounts to, and how long the answer took. */
import { t } from "i18next";
import type { AsOf, ListPage } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { formatCount } from "../../texts/locale";
import { nounOf, nounsOf } from "../../texts/words";
import { Rich } from "../../ui/Rich";
import { formatDay } from "../../ui/time";
import classes from "./RecordList.module.css";

interface Props {
  object: ObjectType;
  total: ListPage["total"];
  shown: number;
  asOf: AsOf;
  elapsedMs: number;
}

export function ListFooter({ object, total, shown, asOf, elapsedMs }: Props) {
  const count = total?.value ?? shown;
  const figures = {
    figure: (total?.relation === "gte" ? t("list:moreThan") : "") + formatCount(count),
    noun: count === 1 ? nounOf(object) : nounsOf(object),
  };
  return (
    <footer className={classes.footer}>
      <span>
        <Rich
          text={asOf === null ? t("list:total", figures) : t("list:totalThen", { ...figures, day: formatDay(asOf) })}
        />
      </span>
      <span className={classes.elapsed}>{t("list:answered", { ms: Math.max(1, Math.round(elapsedMs)) })}</span>
    </footer>
  );
}
