/** Says that everything below is as of a moment, lets it be slid, and leads back to now. */
import { Button } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
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
  const [dragged, setDragged] = useState<number | null>(null);
  const moment = dragged ?? Date.parse(asOf);
  const { min, max } = sliderRange(Date.parse(asOf), now);
  const commit = () => {
    if (dragged === null) return;
    setDragged(null);
    setPreview(null);
    onChange(dragged >= max ? null : new Date(dragged).toISOString());
  };
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
          setDragged(Number(event.currentTarget.value));
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
