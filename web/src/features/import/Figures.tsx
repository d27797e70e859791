/** What an import does, or would do, in figures. */
import { t } from "i18next";
import type { Import } from "../../api/imports";
import type { ObjectType } from "../../api/types";
import { formatCount } from "../../texts/locale";
import { nounsOf } from "../../texts/words";
import classes from "./Import.module.css";

interface Props {
  of: Import;
  object: ObjectType | undefined;
}

export function Figures({ of, object }: Props) {
  const nouns = object ? nounsOf(object) : of.object;
  const would = of.dryRun;
  const figures = [
    { key: "created", count: of.created, text: would ? t("import:wouldCreate", { nouns }) : t("import:created") },
    { key: "updated", count: of.updated, text: would ? t("import:wouldUpdate") : t("import:updated") },
    { key: "unchanged", count: of.unchanged, text: t("import:unchanged") },
    { key: "refused", count: of.refused, text: t("import:refused") },
  ];
  return (
    <dl className={classes.figures}>
      {figures.map(({ key, count, text }) => (
        <div key={key} data-figure={key} data-none={count === 0 || undefined}>
          <dt>{text}</dt>
          <dd>{formatCount(count)}</dd>
        </div>
      ))}
      {of.valuesRefused > 0 && (
        <div data-figure="refused">
          <dt>{t("import:valuesRefused")}</dt>
          <dd>{formatCount(of.valuesRefused)}</dd>
        </div>
      )}
    </dl>
  );
}
