/** The record as it was under the cursor, from the spans that are already here. */
import { Button } from "@mantine/core";
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
        On {formatLongMoment(moment)}
      </h3>
      {held.length === 0 ? (
        <p className="quiet">The record held nothing then.</p>
      ) : (
        <dl className={classes.values}>
          {held.map(({ property, spans }) => (
            <div key={property.name} className={classes.row}>
              <dt>{property.label}</dt>
              <dd>
                <Shown value={spanAt(spans, at)?.value} property={property} />
              </dd>
              {hasChangedSince(spans, at) && <dd className={classes.since}>changed since</dd>}
            </div>
          ))}
        </dl>
      )}
      <div className={classes.actions}>
        <Button onClick={onOpen} className={classes.button}>
          See everything as of then
        </Button>
        {onRestore && held.some(({ spans }) => hasChangedSince(spans, at)) && (
          <Button onClick={onRestore} className={classes.button}>
            Restore…
          </Button>
        )}
      </div>
    </section>
  );
}
