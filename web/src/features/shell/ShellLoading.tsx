/** The shape of the app while it is not yet known who is there. */
import { Skeleton } from "@mantine/core";
import { t } from "i18next";
import { useIsNarrow } from "../../ui/useIsNarrow";
import classes from "./Shell.module.css";

export function ShellLoading() {
  const isNarrow = useIsNarrow();
  return (
    <div className={classes.app} role="status" aria-busy="true" aria-label={t("shell:loading")}>
      {!isNarrow && (
        <div className={classes.sidebar}>
          <div className={classes.workspace}>
            <Skeleton height={20} width={140} />
          </div>
          {[60, 80, 76, 52, 72].map((width) => (
            <div key={width} className={classes.link}>
              <Skeleton height={14} width={width} my={3} />
            </div>
          ))}
        </div>
      )}
      <div className={classes.column}>
        <div className={classes.topbar} />
      </div>
    </div>
  );
}
