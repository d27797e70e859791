/** How far an import is. */
import { t } from "i18next";
import type { Import } from "../../api/imports";
import { formatCount, formatShare } from "../../texts/locale";
import classes from "./Import.module.css";
import { isBeingUndone } from "./words";

export function Progress({ of, label }: { of: Import; label: string }) {
  const isUndoing = isBeingUndone(of);
  const share = isUndoing ? of.undo?.progress : of.progress;
  const read = formatCount(of.rowsRead);
  const rows =
    typeof of.rowsTotal === "number" ? t("import:rowsOf", { read, total: formatCount(of.rowsTotal) }) : undefined;
  return (
    <div className={classes.progress}>
      <p className={classes.progressText}>
        <b>{label}</b>
        {!isUndoing && <span className="num">{rows ?? t("import:counting")}</span>}
        <span className="num">{formatShare(share ?? 0)}</span>
      </p>
      <progress className={classes.bar} value={share} aria-label={label} />
    </div>
  );
}
