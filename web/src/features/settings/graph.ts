/** A lifecycle as a graph: where its stages stand, left to right in their order, and how the moves between them run. Pure. */
import type { SavedStage } from "./lifecycle";

export const NODE = { width: 148, height: 46 } as const;

/** From one column to the next, and from one end to the next. */
const PITCH = NODE.width + 78;
const STACK = NODE.height + 44;

/** How far an arc rises over what it skips: over one column, and more for each further one. */
const RISE = 34;
const RISE_PER_COLUMN = 26;
/** An arc that leads back from an end lies apart from those that lead there: outside above, inside below. */
const RISE_BACK = 20;

/** Where arrows leave and enter above and below, from the middle of a stage: who leads on keeps to the right. */
const OUT = 0.14 * NODE.width;
const FAR_OUT = 0.32 * NODE.width;

const SMALLEST_ZOOM = 0.55;
const MARGIN = 24;

/** The top left corner, the column, and where it stands among the ends: open stages and a single end stand in the row. */
export interface Place {
  x: number;
  y: number;
  column: number;
  stand: "row" | "top" | "middle" | "bottom";
}

type Point = readonly [x: number, y: number];
type Curve = readonly [start: Point, leave: Point, enter: Point, end: Point];

export interface Route {
  path: string;
  /** The arrow's head. */
  head: string;
  label: Point;
}

export interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const isEnd = ({ category }: SavedStage): boolean => category === "won" || category === "lost";

/** By value; null is where new records come from. What is won stands above what is lost, at the right. */
export function placesOf(stages: SavedStage[]): Map<string | null, Place> {
  const open = stages.filter((stage) => !isEnd(stage));
  const ends = [
    ...stages.filter(({ category }) => category === "won"),
    ...stages.filter(({ category }) => category === "lost"),
  ];
  const inRow = [null, ...open.map(({ value }) => value)];
  const places = new Map<string | null, Place>(
    inRow.map((value, column) => [value, { x: column * PITCH, y: 0, column, stand: "row" }]),
  );
  const column = inRow.length;
  for (const [index, { value }] of ends.entries()) {
    const stand = ends.length === 1 ? "row" : index === 0 ? "top" : index === ends.length - 1 ? "bottom" : "middle";
    places.set(value, { x: column * PITCH, y: (index - (ends.length - 1) / 2) * STACK, column, stand });
  }
  return places;
}

/** What leads on runs straight or above, what leads back below; what has to do with the lowest end runs below. */
export function routeOf(from: Place, to: Place, thickness: number): Route {
  return drawn(curveOf(from, to), thickness);
}

function curveOf(from: Place, to: Place): Curve {
  const columns = to.column - from.column;
  if (columns === 0) return betweenEnds(from, to);
  if (columns === 1) return sideways(from, to);
  if (columns > 1 && to.stand === "middle") return intoSide(from, to);
  if (from.stand === "middle") return outOfSide(from, to);
  if (columns > 0) return to.stand === "bottom" ? below(from, to, OUT, -OUT, 0) : above(from, to, 0);
  if (from.stand === "top") return above(from, to, RISE_BACK);
  return below(from, to, -FAR_OUT, FAR_OUT, from.stand === "bottom" ? RISE_BACK : 0);
}

const middleOf = ({ x }: Place): number => x + NODE.width / 2;
const bottomOf = ({ y }: Place): number => y + NODE.height;
const levelOf = ({ y }: Place): number => y + NODE.height / 2;
const rightOf = ({ x }: Place): number => x + NODE.width;

const riseOf = (from: Place, to: Place): number => RISE + RISE_PER_COLUMN * (Math.abs(to.column - from.column) - 1);

function sideways(from: Place, to: Place): Curve {
  const middle = (rightOf(from) + to.x) / 2;
  return [
    [rightOf(from), levelOf(from)],
    [middle, levelOf(from)],
    [middle, levelOf(to)],
    [to.x, levelOf(to)],
  ];
}

/** A curve reaches three quarters of the way to where its handles point. */
const handleAt = (outermost: number, rise: number): number => outermost + rise / 0.75;

function above(from: Place, to: Place, more: number): Curve {
  const [start, end] = [middleOf(from) + OUT, middleOf(to) - OUT];
  const handle = handleAt(Math.min(from.y, to.y), -riseOf(from, to) - more);
  return [
    [start, from.y],
    [start, handle],
    [end, handle],
    [end, to.y],
  ];
}

function below(from: Place, to: Place, out: number, into: number, less: number): Curve {
  const [start, end] = [middleOf(from) + out, middleOf(to) + into];
  const handle = handleAt(Math.max(bottomOf(from), bottomOf(to)), riseOf(from, to) - less);
  return [
    [start, bottomOf(from)],
    [start, handle],
    [end, handle],
    [end, bottomOf(to)],
  ];
}

/** To an end that others stand above and below of. */
function intoSide(from: Place, to: Place): Curve {
  const start = middleOf(from) + OUT;
  return [
    [start, from.y],
    [start, handleAt(Math.min(from.y, to.y), -RISE)],
    [to.x - PITCH / 2, levelOf(to)],
    [to.x, levelOf(to)],
  ];
}

function outOfSide(from: Place, to: Place): Curve {
  const [level, end] = [levelOf(from) + NODE.height / 4, middleOf(to) + FAR_OUT];
  return [
    [from.x, level],
    [from.x - PITCH / 2, level],
    [end, handleAt(bottomOf(to), riseOf(from, to))],
    [end, bottomOf(to)],
  ];
}

/** Ends that stand next to each other are joined straight, down at the right and up at the left; others around the outside. */
function betweenEnds(from: Place, to: Place): Curve {
  const distance = Math.abs(to.y - from.y);
  const goesDown = to.y > from.y;
  if (distance === STACK) {
    const x = middleOf(from) + (goesDown ? FAR_OUT : -FAR_OUT);
    const [start, end] = goesDown ? [bottomOf(from), to.y] : [from.y, bottomOf(to)];
    const third = (end - start) / 3;
    return [
      [x, start],
      [x, start + third],
      [x, end - third],
      [x, end],
    ];
  }
  const aside = goesDown ? NODE.height / 4 : -NODE.height / 4;
  const [x, handle] = [rightOf(from), rightOf(from) + distance / 2];
  return [
    [x, levelOf(from) + aside],
    [handle, levelOf(from) + aside],
    [handle, levelOf(to) + aside],
    [x, levelOf(to) + aside],
  ];
}

function drawn([start, leave, enter, end]: Curve, thickness: number): Route {
  const size = 6 + thickness;
  const length = Math.hypot(end[0] - enter[0], end[1] - enter[1]) || 1;
  const [dx, dy] = [(end[0] - enter[0]) / length, (end[1] - enter[1]) / length];
  const back = (by: number): Point => [end[0] - dx * by, end[1] - dy * by];
  const [tip, neck] = [back(2), back(2 + size)];
  const wing = (side: number): Point => [neck[0] - dy * side * 0.55 * size, neck[1] + dx * side * 0.55 * size];
  const text = (...points: Point[]) => points.map(([x, y]) => `${rounded(x)},${rounded(y)}`).join(" ");
  return {
    path: `M${text(start)} C${text(leave, enter, neck)}`,
    head: `M${text(tip)} L${text(wing(1), wing(-1))} Z`,
    label: [halfway(start[0], leave[0], enter[0], neck[0]), halfway(start[1], leave[1], enter[1], neck[1])],
  };
}

const rounded = (number: number): number => Math.round(number * 100) / 100;

const halfway = (start: number, leave: number, enter: number, end: number): number =>
  (start + 3 * leave + 3 * enter + end) / 8;

/** What all of it covers. */
export function boundsOf(places: Iterable<Place>, routes: Route[]): Bounds {
  const all = [...places];
  const labels = routes.map(({ label }) => label);
  return {
    left: Math.min(...all.map(({ x }) => x)),
    top: Math.min(...all.map(({ y }) => y), ...labels.map(([, y]) => y - 10)),
    right: Math.max(...all.map(rightOf), ...labels.map(([x]) => x + 20)),
    bottom: Math.max(...all.map(bottomOf), ...labels.map(([, y]) => y + 10)),
  };
}

/** All of it in the middle, as large as it is drawn at most; what is too wide for that begins at the left and is moved. */
export function viewportOf({ left, top, right, bottom }: Bounds, width: number, height: number): View {
  const [across, down] = [right - left, bottom - top];
  const fitting = Math.min((width - 2 * MARGIN) / across, (height - 2 * MARGIN) / down);
  const zoom = Math.min(1, Math.max(SMALLEST_ZOOM, fitting));
  const spare = width - across * zoom;
  return {
    zoom,
    x: (spare < 2 * MARGIN ? MARGIN : spare / 2) - left * zoom,
    y: (height - down * zoom) / 2 - top * zoom,
  };
}

interface View {
  x: number;
  y: number;
  zoom: number;
}

/** Moved as little as it takes for a box to be in sight, its beginning first. */
export function revealed(
  box: { x: number; y: number; width: number; height: number },
  { x, y, zoom }: View,
  width: number,
  height: number,
): View {
  const shifted = (shift: number, start: number, length: number, room: number): number => {
    const [first, last] = [start * zoom + shift, (start + length) * zoom + shift];
    if (first >= 0 && last <= room) return shift;
    return first < 0 || last - first > room - MARGIN ? shift - first + MARGIN : shift - (last - room) - MARGIN;
  };
  return { x: shifted(x, box.x, box.width, width), y: shifted(y, box.y, box.height, height), zoom };
}

/** How thick the arrow of a move is that some records made, beside the one that most made. */
export const thicknessOf = (records: number, most: number): number =>
  1.5 + (records === 0 ? 0 : 4 * Math.sqrt(records / Math.max(1, most)));
