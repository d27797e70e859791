/** The history of a record as lanes: a property each, its values as bars, one amber cursor across them all. */
import { useElementSize } from "@mantine/hooks";
import { t } from "i18next";
import { useRef, useState, type CSSProperties, type KeyboardEvent } from "react";
import type { Property, ValueSpan } from "../../api/types";
import { fieldOf } from "../../fields/fields";
import { Shown } from "../../fields/Shown";
import { formatDuration, spellDuration } from "../../ui/duration";
import { colored } from "../../ui/palette";
import { formatExact, formatLongMoment } from "../../ui/time";
import { ticksOf } from "./axis";
import classes from "./Lanes.module.css";
import { barsOf, momentsOf, stepMoment, type Bar, type Domain } from "./lanes";

export interface Lane {
  property: Property;
  spans: ValueSpan[];
}

/** What "29 September 2026, 17:00" needs beside the cursor. */
const MOMENT_PX = 160;

interface Props {
  lanes: Lane[];
  domain: Domain;
  /** Where the cursor stands, as RFC 3339. */
  cursor: string;
  onCursor: (moment: string) => void;
}

export function Lanes({ lanes, domain, cursor, onCursor }: Props) {
  const { ref, width } = useElementSize();
  const track = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const moment = hovered ?? cursor;
  const at = (Date.parse(moment) - domain.start) / (domain.end - domain.start);
  const moments = momentsOf(lanes.map((lane) => lane.spans));

  const momentUnder = ({ clientX }: { clientX: number }) => {
    const box = track.current?.getBoundingClientRect();
    if (!box || box.width === 0 || clientX < box.left) return null;
    const share = Math.min(1, (clientX - box.left) / box.width);
    return new Date(domain.start + share * (domain.end - domain.start)).toISOString();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const target = {
      ArrowLeft: stepMoment(moments, cursor, -1),
      ArrowRight: stepMoment(moments, cursor, 1),
      Home: moments[0],
      End: moments.at(-1),
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    onCursor(target);
  };

  return (
    <div
      className={classes.lanes}
      onPointerMove={(event) => {
        const under = momentUnder(event);
        if (event.pointerType === "mouse") setHovered(under);
        else if (under !== null && event.buttons > 0) onCursor(under);
      }}
      onPointerLeave={() => setHovered(null)}
      onClick={(event) => {
        const under = momentUnder(event);
        if (under !== null) onCursor(under);
      }}
    >
      <div className={classes.track} ref={track}>
        <div className={classes.axis} ref={ref} aria-hidden>
          {ticksOf(domain, width || 800).map((tick) => (
            <span key={tick.at} className={classes.tick} style={{ left: `${tick.at * 100}%` }}>
              {tick.label}
            </span>
          ))}
        </div>
      </div>
      {lanes.map((lane) => (
        <LaneRow key={lane.property.name} lane={lane} domain={domain} />
      ))}
      <div className={classes.over}>
        {at >= 0 && at <= 1 && (
          <div
            className={classes.cursor}
            style={{ left: `${at * 100}%` }}
            data-side={(1 - at) * width < MOMENT_PX ? "left" : "right"}
          >
            <div
              className={classes.knob}
              role="slider"
              tabIndex={0}
              aria-label={t("time:moment")}
              aria-orientation="horizontal"
              aria-valuemin={domain.start}
              aria-valuemax={domain.end}
              aria-valuenow={Date.parse(moment)}
              aria-valuetext={formatLongMoment(moment)}
              onKeyDown={onKeyDown}
            />
            <span className={classes.when} aria-hidden>
              {formatLongMoment(moment)}
            </span>
          </div>
        )}
      </div>
    </div>
  );
}

function LaneRow({ lane, domain }: { lane: Lane; domain: Domain }) {
  const bars = barsOf(lane.spans, domain);
  return (
    <>
      <h3 className={classes.name} id={`lane-${lane.property.name}`}>
        {lane.property.label}
      </h3>
      <ol className={classes.lane} aria-labelledby={`lane-${lane.property.name}`}>
        {bars.map((bar) => (
          <LaneBar key={bar.span.validFrom + bar.span.changeSet} bar={bar} property={lane.property} />
        ))}
      </ol>
    </>
  );
}

function LaneBar({ bar, property }: { bar: Bar; property: Property }) {
  const { span } = bar;
  if (span.value === null) return null;
  const tone = fieldOf(property).tone(span.value, property);
  const place: CSSProperties = { left: `${bar.left * 100}%`, width: `${bar.width * 100}%` };
  const { style, ...color } = colored(tone.color);
  const period = bar.isOpen
    ? t("history:since", { moment: formatExact(span.validFrom) })
    : t("history:span", { from: formatExact(span.validFrom), to: formatExact(span.validTo ?? "") });
  return (
    <li
      className={classes.bar}
      data-strength={tone.strength}
      {...color}
      style={{ ...style, ...place }}
      title={t("history:spanTitle", {
        period,
        length: spellDuration(span.durationSeconds),
        recorded: formatExact(span.recordedAt),
      })}
    >
      <span className={classes.value}>
        <Shown value={span.value} property={property} plain />
      </span>
      <span className={classes.length}>{formatDuration(span.durationSeconds)}</span>
      <span className="hidden-text">, {period}</span>
    </li>
  );
}
