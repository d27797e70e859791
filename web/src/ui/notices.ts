/** What has just been done, and the way to take it back. A short list outside of React, so that anything can add to it. */
import { useSyncExternalStore } from "react";

export interface Notice {
  id: number;
  text: string;
  tone?: "bad";
  /** Takes it back. */
  undo?: () => void;
  /** 0 to 1 of something that goes on. */
  progress?: number;
}

/** As long as one may want to take something back. */
const SHOWN_MS = 10_000;

let notices: Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: Notice[]) {
  notices = next;
  for (const listener of listeners) listener();
}

export function notify(notice: Omit<Notice, "id">): number {
  lastId += 1;
  const id = lastId;
  set([...notices.slice(-2), { ...notice, id }]);
  if (notice.progress === undefined) letGo(id);
  return id;
}

export function changeNotice(id: number, change: Partial<Omit<Notice, "id">>) {
  set(notices.map((notice) => (notice.id === id ? { ...notice, ...change } : notice)));
}

export function dismiss(id: number) {
  clearTimeout(timers.get(id));
  timers.delete(id);
  if (notices.some((notice) => notice.id === id)) set(notices.filter((notice) => notice.id !== id));
}

const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** It stays while someone is about to use it. */
export function keep(id: number) {
  clearTimeout(timers.get(id));
}

/** It goes by itself after a while. */
export function letGo(id: number) {
  keep(id);
  timers.set(
    id,
    setTimeout(() => dismiss(id), SHOWN_MS),
  );
}

export function useNotices(): Notice[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => notices,
  );
}
