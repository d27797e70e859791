/** Walking a list by keys: arrows (or `j` and `k`) from row to row and from cell to cell, and what is done with the row. */
import { useState, type KeyboardEvent, type RefObject } from "react";

interface Sizes {
  rowPx: number;
  /** What stands over the first lines and does not scroll. */
  headPx: number;
}

interface Actions {
  /** Enter or F2 on a cell. */
  onEdit?: (row: number, column: number) => void;
  /** Space. */
  onPeek: (row: number) => void;
  /** `x` */
  onSelect?: (row: number) => void;
  /** After a step to another row. */
  onWalk?: (row: number) => void;
}

export interface Place {
  row: number;
  /** 0 is the title: the link. */
  column: number;
}

export function useRowKeys(
  count: number,
  columns: number,
  scroller: RefObject<HTMLElement | null>,
  { rowPx, headPx }: Sizes,
  actions: Actions,
) {
  const [active, setActive] = useState<Place | null>(null);

  const go = (row: number, column: number) => {
    if (row < 0 || row >= count) return;
    bringIntoSight(scroller.current, row * rowPx, rowPx, headPx);
    setActive({ row, column });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, [role=dialog]")) return;
    const row = Number(event.target.closest("tr")?.dataset.index ?? -1);
    const column = Number(event.target.closest<HTMLElement>("[data-column]")?.dataset.column ?? 0);
    if (row < 0 && event.key !== "ArrowDown" && event.key !== "j") return;
    const isOnCell = event.target.tagName === "TD";
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    const aside = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      go(row + step, column);
      if (row + step >= 0 && row + step < count) actions.onWalk?.(row + step);
    } else if (aside !== undefined) go(row, Math.max(0, Math.min(columns - 1, column + aside)));
    else if (event.key === " " && event.target.tagName !== "INPUT") actions.onPeek(row);
    else if (event.key === "x" && actions.onSelect) actions.onSelect(row);
    else if ((event.key === "F2" || (event.key === "Enter" && isOnCell)) && actions.onEdit) actions.onEdit(row, column);
    else return;
    event.preventDefault();
  };

  return { active, onKeyDown, go };
}

function bringIntoSight(scroller: HTMLElement | null, topPx: number, rowPx: number, headPx: number) {
  if (!scroller) return;
  const bottom = topPx + rowPx + headPx - scroller.clientHeight;
  if (scroller.scrollTop > topPx) scroller.scrollTop = topPx;
  else if (scroller.scrollTop < bottom) scroller.scrollTop = bottom;
}
