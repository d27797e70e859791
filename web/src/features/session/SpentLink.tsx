/** A link that was mistyped, was used or is over: what it was for, and what to do. */
import { t } from "i18next";
import type { ReactNode } from "react";
import classes from "./Entry.module.css";

export function SpentLink({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.form} role="alert">
      <p className={classes.spent}>{t("session:spent")}</p>
      <p className="quiet">{children}</p>
      {action !== undefined && <p className={classes.foot}>{action}</p>}
    </div>
  );
}
