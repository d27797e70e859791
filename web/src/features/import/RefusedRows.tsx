/** The first rows that were refused, and the file of all of them. */
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { errorFile, firstErrorsQuery, isOngoing, type Import } from "../../api/imports";
import { formatCount } from "../../texts/locale";
import { Refusal } from "../../ui/Message";
import classes from "./Import.module.css";
import { readRefused } from "./sheet";

const SHOWN = 20;

export function RefusedRows({ of }: { of: Import }) {
  const count = of.refused + of.valuesRefused;
  const errors = useQuery(firstErrorsQuery(of.id, count > 0 && !isOngoing(of)));
  if (count === 0 || isOngoing(of)) return null;
  const rows = errors.data === undefined ? [] : readRefused(errors.data);
  return (
    <section className={classes.refusedRows} aria-label={t("import:refusedRows")}>
      <header className={classes.refusedHead}>
        <h2>{t("import:refusedRows")}</h2>
        <Button component="a" href={errorFile(of.id)} download>
          {t("import:errorFile")}
        </Button>
      </header>
      <p className="quiet">{t("import:errorFileHint")}</p>
      {errors.isPending && <Skeleton height={96} />}
      <Refusal error={errors.error} />
      {rows.length > 0 && (
        <div className={classes.scroll} tabIndex={0} role="region" aria-label={t("import:refusedRows")}>
          <table className={classes.errors}>
            <thead>
              <tr>
                <th scope="col">{t("import:line")}</th>
                <th scope="col">{t("import:column")}</th>
                <th scope="col">{t("import:value")}</th>
                <th scope="col">{t("import:why")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, SHOWN).map(({ line, column, value, message }, index) => (
                <tr key={index}>
                  <td className="num">{formatCount(line)}</td>
                  <td>{column}</td>
                  <td className={classes.wrong}>{value}</td>
                  <td>{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {count > SHOWN && <p className="quiet">{t("import:moreRefused", { figure: formatCount(count - SHOWN) })}</p>}
    </section>
  );
}
