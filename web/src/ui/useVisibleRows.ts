/** Which rows of a long list are worth drawing: those in sight, and some on either side. All rows have one height. */
import { useEffect, useState, type RefObject } from "react";

/** Rows are taken in and let go by so many at a time, so that not every pixel of scrolling draws anew. */
const STEP = 8;

export interface VisibleRows {
  first: number;
  /** Exclusive. */
  last: number;
}

export function useVisibleRows(scroller: RefObject<HTMLElement | null>, rowHeightPx: number): VisibleRows {
  const [rows, setRows] = useState<VisibleRows>({ first: 0, last: 4 * STEP });

  // After layout: the scroller is a parent of whoever asks, and its element is known only then.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => {
      const next = rowsInSight(element.scrollTop, element.offsetHeight, rowHeightPx);
      setRows((before) => (before.first === next.first && before.last === next.last ? before : next));
    };
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      observer.disconnect();
    };
  }, [scroller, rowHeightPx]);

  return rows;
}

export function rowsInSight(scrollTopPx: number, heightPx: number, rowHeightPx: number): VisibleRows {
  const top = Math.floor(scrollTopPx / rowHeightPx / STEP);
  const bottom = Math.ceil((scrollTopPx + heightPx) / rowHeightPx / STEP);
  return { first: Math.max(0, top - 1) * STEP, last: (bottom + 1) * STEP };
}
