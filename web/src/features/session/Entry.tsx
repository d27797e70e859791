/** The frame of the pages before signing in. */
import type { ReactNode } from "react";
import classes from "./Entry.module.css";

export function Entry({ title, children, foot }: { title: string; children: ReactNode; foot: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <div className={classes.brand}>
          <img src="/icon.svg" alt="" width={28} height={28} />
          <span>Leadline</span>
        </div>
        <h1>{title}</h1>
        {children}
        <p className={classes.foot}>{foot}</p>
      </div>
      <TimeLine />
    </main>
  );
}

/** Why one is on this page. */
export function Note({ tone, children }: { tone?: "good"; children: ReactNode }) {
  return (
    <p className={classes.note} data-tone={tone} role="status">
      {children}
    </p>
  );
}

/** A line through time, in stage colours, with the amber moment: what the product is about. */
function TimeLine() {
  const lanes = [
    {
      y: 30,
      bars: [
        [0, 90, "slate"],
        [94, 150, "blue"],
        [248, 210, "violet"],
        [462, 138, "green"],
      ],
    },
    {
      y: 66,
      bars: [
        [20, 300, "teal"],
        [324, 276, "orange"],
      ],
    },
    {
      y: 102,
      bars: [
        [60, 120, "indigo"],
        [184, 240, "indigo"],
        [428, 172, "indigo"],
      ],
    },
    {
      y: 138,
      bars: [
        [110, 200, "slate"],
        [314, 80, "pink"],
        [398, 202, "slate"],
      ],
    },
  ] as const;
  return (
    <svg className={classes.picture} viewBox="0 0 600 190" aria-hidden>
      {lanes.map((lane) =>
        lane.bars.map(([x, width, color]) => (
          <rect key={`${lane.y}-${x}`} x={x} y={lane.y} width={width} height={22} rx={5} data-color={color} />
        )),
      )}
      <path d="M372 12v166" />
      <circle cx="372" cy="12" r="5" />
    </svg>
  );
}
