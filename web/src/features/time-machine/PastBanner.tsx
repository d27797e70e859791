/** Says that everything below is as of a moment, lets it be slid, and leads back to now. */
import { Button } from "@mantine/core";
import { t } from "i18next";
import { useEffect, useState } from "react";
import { setPreview } from "../../ui/preview";
import { Rich } from "../../ui/Rich";
import { formatLongMoment, formatShortDay } from "../../ui/time";
import { sliderRange } from "./moments";
import classes from "./PastBanner.module.css";

interface Props {
  /** RFC 3339 */
  asOf: string;
  onChange: (asOf: string | null) => void;
}

export function PastBanner({ asOf, onChange }: Props) {
  const [now] = useState(() => new Date());
  // It holds until the page has arrived where the slider was let go.
  const [drag, setDrag] = useState<{ from: string; to: number; isOver: boolean } | null>(null);
  const dragged = drag?.from === asOf ? drag : null;
  const moment = dragged?.to ?? Date.parse(asOf);
  const { min, max } = sliderRange(Date.parse(asOf), now);
  const commit = () => {
    if (dragged === null || dragged.isOver) return;
    if (moment === Date.parse(asOf)) {
      setDrag(null);
      setPreview(null);
      return;
    }
    setDrag({ ...dragged, isOver: true });
    onChange(moment >= max ? null : new Date(moment).toISOString());
  };
  useEffect(() => () => setPreview(null), [asOf]);
  return (
    <div className={classes.banner} role="status">
      <p>
        <Rich text={t("time:youSee", { moment: formatLongMoment(moment) })} />
      </p>
      <span className={classes.end} aria-hidden>
        {formatShortDay(min)}
      </span>
      <input
        className={classes.slider}
        type="range"
        aria-label={t("time:moment")}
        aria-valuetext={formatLongMoment(moment)}
        min={min}
        max={max}
        step={3_600_000}
        value={moment}
        onChange={(event) => {
          setDrag({ from: asOf, to: Number(event.currentTarget.value), isOver: false });
          setPreview(Number(event.currentTarget.value));
        }}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
      />
      <span className={classes.end} aria-hidden>
        {t("time:now")}
      </span>
      <Button className={classes.button} onClick={() => onChange(null)}>
        {t("time:backToNow")}
      </Button>
    </div>
  );
}
