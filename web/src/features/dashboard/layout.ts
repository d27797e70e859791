/** Where widgets stand on the grid: moved, made larger or smaller, with the others giving way and no gaps above. Pure. */

/** Columns of the grid. */
export const COLUMNS = 12;
/** Most rows of a widget. */
const MOST_ROWS = 12;

export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

interface Placed extends Place {
  id: string;
}

const between = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

const meet = (a: Place, b: Place): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const share = (a: Place, b: Place): boolean => a.x < b.x + b.w && b.x < a.x + a.w;

/** Each directly below those above it, in order; `first` goes before others that begin in its row. */
function settled<T extends Placed>(widgets: T[], first?: string): T[] {
  const order = [...widgets].sort((a, b) => a.y - b.y || Number(b.id === first) - Number(a.id === first) || a.x - b.x);
  const placed = new Map<string, T>();
  for (const widget of order) {
    const above = [...placed.values()].filter((other) => share(other, widget));
    placed.set(widget.id, { ...widget, y: bottomOf(above) });
  }
  return widgets.map((widget) => placed.get(widget.id) ?? widget);
}

/** The widgets after one of them was put elsewhere or given another size; what cannot be becomes the nearest that can. */
export function placed<T extends Placed>(widgets: T[], id: string, wish: Partial<Place>): T[] {
  const moved = widgets.map((widget) => {
    if (widget.id !== id) return widget;
    const w = between(wish.w ?? widget.w, 1, COLUMNS - (wish.w === undefined ? 0 : widget.x));
    const h = between(wish.h ?? widget.h, 1, MOST_ROWS);
    return { ...widget, w, h, x: between(wish.x ?? widget.x, 0, COLUMNS - w), y: Math.max(0, wish.y ?? widget.y) };
  });
  return settled(moved, id);
}

export type Direction = "left" | "right" | "up" | "down";

/** One step: a column to the side, or past the next widget above or below. */
export function nudged<T extends Placed>(widgets: T[], id: string, direction: Direction): T[] {
  const widget = widgets.find((one) => one.id === id);
  if (!widget) return widgets;
  const others = widgets.filter((one) => one.id !== id && share(one, widget));
  switch (direction) {
    case "left":
      return placed(widgets, id, { x: widget.x - 1 });
    case "right":
      return placed(widgets, id, { x: widget.x + 1 });
    case "up": {
      const above = others.filter(({ y }) => y < widget.y).sort((a, b) => b.y - a.y)[0];
      return above ? placed(widgets, id, { y: above.y }) : widgets;
    }
    case "down": {
      const below = others.filter(({ y }) => y > widget.y).sort((a, b) => a.y - b.y)[0];
      return below ? placed(widgets, id, { y: below.y + below.h }) : widgets;
    }
  }
}

/** Without a widget; the others move up. */
export const without = <T extends Placed>(widgets: T[], id: string): T[] =>
  settled(widgets.filter((widget) => widget.id !== id));

/** The first row below everything. */
export const bottomOf = (widgets: Place[]): number => Math.max(0, ...widgets.map(({ y, h }) => y + h));

/** With one more, at the first place from the top where it fits. */
export function added<T extends Placed>(widgets: T[], widget: T): T[] {
  for (let y = 0; y <= bottomOf(widgets); y += 1) {
    for (let x = 0; x + widget.w <= COLUMNS; x += 1) {
      const place = { ...widget, x, y };
      if (!widgets.some((other) => meet(place, other))) return [...widgets, place];
    }
  }
  return [...widgets, { ...widget, x: 0, y: bottomOf(widgets) }];
}
