/** The record as it was under the cursor, from the spans that are already here. */
import { Button } from "@mantine/core";
import { t } from "i18next";
import { hasChangedSince, spanAt } from "../../api/spans";
import { Shown } from "../../fields/Shown";
import { formatLongMoment } from "../../ui/time";
import type { Lane } from "./Lanes";
import classes from "./Snapshot.module.css";

interface Props {
  lanes: Lane[];
  moment: string;
  onOpen: () => void;
  /** Absent where nothing can be changed. */
  onRestore?: () => void;
}

export function Snapshot({ lanes, moment, onOpen, onRestore }: Props) {
  const at = Date.parse(moment);
  const held = lanes.filter((lane) => {
    const value = spanAt(lane.spans, at)?.value;
    return value !== null && value !== undefined;
  });
  return (
    <section className={classes.card} aria-labelledby="snapshot-title">
      <h3 id="snapshot-title" className={classes.title}>
        {t("history:on", { moment: formatLongMoment(moment) })}
      </h3>
      {held.length === 0 ? (
        <p className="quiet">{t("history:heldNothing")}</p>
      ) : (
        <dl className={classes.values}>
          {held.map(({ property, spans }) => (
            <div key={property.name} className={classes.row}>
              <dt>{property.label}</dt>
              <dd>
                <Shown value={spanAt(spans, at)?.value} property={property} />
              </dd>
              {hasChangedSince(spans, at) && <dd className={classes.since}>{t("history:changedSince")}</dd>}
            </div>
          ))}
        </dl>
      )}
      <div className={classes.actions}>
        <Button onClick={onOpen} className={classes.button}>
          {t("history:seeThen")}
        </Button>
        {onRestore && held.some(({ spans }) => hasChangedSince(spans, at)) && (
          <Button onClick={onRestore} className={classes.button}>
            {t("history:restore")}
          </Button>
        )}
      </div>
    </section>
  );
}
