/** Which records are chosen: some of those that were seen, or all that the view holds. */
import { useState } from "react";

export interface Selection {
  ids: ReadonlySet<string>;
  /** All of the view, loaded or not. */
  isAll: boolean;
  has: (id: string) => boolean;
  toggle: (id: string, isRange: boolean) => void;
  toggleAll: () => void;
  clear: () => void;
}

/** `idsBetween`: the ids from one record to another as they stand in the list, both included. */
export function useSelection(idsBetween: (from: string, to: string) => string[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setAll] = useState(false);
  const [last, setLast] = useState<string | null>(null);
  return {
    ids,
    isAll,
    has: (id) => isAll || ids.has(id),
    toggle: (id, isRange) => {
      if (id === "") return;
      const next = new Set(isAll ? [] : ids);
      if (isRange && last !== null) for (const one of idsBetween(last, id)) next.add(one);
      else if (!next.delete(id)) next.add(id);
      setAll(false);
      setIds(next);
      setLast(id);
    },
    toggleAll: () => {
      setAll(!isAll);
      setIds(new Set());
    },
    clear: () => {
      setAll(false);
      setIds(new Set());
    },
  };
}
