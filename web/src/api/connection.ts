/** Whether the last call to the server got an answer. */
import { useSyncExternalStore } from "react";

export type Connection = "up" | "lost";

let current: Connection = "up";
const listeners = new Set<() => void>();

export function reportConnection(next: Connection) {
  if (next === current) return;
  current = next;
  for (const listener of listeners) listener();
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => current);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
