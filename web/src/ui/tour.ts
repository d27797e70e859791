/** Whether the tour of the app goes on. Outside of React, so that any page can begin it. */
import { useSyncExternalStore } from "react";

let isOn = false;
const listeners = new Set<() => void>();

export function setTour(next: boolean) {
  isOn = next;
  for (const listener of listeners) listener();
}

export function useTour(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOn,
  );
}
