/** Walking a list with the arrow keys, or with `j` and `k`. */
import { useState, type KeyboardEvent, type RefObject } from "react";

interface Sizes {
  rowPx: number;
  /** What stands over the first lines and does not scroll. */
  headPx: number;
}

export function useRowKeys(count: number, scroller: RefObject<HTMLElement | null>, { rowPx, headPx }: Sizes) {
  const [active, setActive] = useState<number | null>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return;
    const at = Number(event.target.closest("tr")?.dataset.index ?? -1);
    const next = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1 }[event.key];
    if (next === undefined || next < 0 || next >= count) return;
    event.preventDefault();
    bringIntoSight(scroller.current, next * rowPx, rowPx, headPx);
    setActive(next);
  };

  return { active, onKeyDown };
}

function bringIntoSight(scroller: HTMLElement | null, topPx: number, rowPx: number, headPx: number) {
  if (!scroller) return;
  const bottom = topPx + rowPx + headPx - scroller.clientHeight;
  if (scroller.scrollTop > topPx) scroller.scrollTop = topPx;
  else if (scroller.scrollTop < bottom) scroller.scrollTop = bottom;
}
