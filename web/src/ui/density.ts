/** How close the rows of tables stand. It is kept in the browser, and stands on the page so that style sheets follow it. */
import { useSyncExternalStore } from "react";

export type Density = "comfortable" | "compact";

const KEY = "leadline-density";

/** As in `tokens.css`. */
const ROW_PX: Record<Density, number> = { comfortable: 36, compact: 30 };

let current: Density = localStorage.getItem(KEY) === "compact" ? "compact" : "comfortable";
const listeners = new Set<() => void>();
show();

export function setDensity(next: Density) {
  if (next === current) return;
  current = next;
  localStorage.setItem(KEY, next);
  show();
  for (const listener of listeners) listener();
}

export function useDensity(): Density {
  return useSyncExternalStore(subscribe, () => current);
}

/** The height of a table's row. */
export const useRowPx = (): number => ROW_PX[useDensity()];

function show() {
  document.documentElement.dataset.density = current;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
