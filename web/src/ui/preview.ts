/** The moment under the slider while it is dragged: what can be drawn from what is here already follows it at once. */
import { useSyncExternalStore } from "react";

let moment: number | null = null;
const listeners = new Set<() => void>();

/** Milliseconds since 1970; null once it is let go. */
export function setPreview(next: number | null) {
  if (next === moment) return;
  moment = next;
  for (const listener of listeners) listener();
}

export function usePreview(): number | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => moment,
  );
}
