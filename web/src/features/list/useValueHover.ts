/** Which cell's history is shown: the one that the pointer rests on, or whose row has the focus when `h` is pressed. */
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";

const OPEN_AFTER_MS = 300;
/** Time to move from the cell into what opened below it. */
const CLOSE_AFTER_MS = 150;

export interface HoveredValue {
  recordId: string;
  property: string;
  /** Where the cell is, in the window. */
  place: DOMRect;
}

export function useValueHover(scroller: RefObject<HTMLElement | null>) {
  const [hovered, setHovered] = useState<HoveredValue | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const over = useRef<Element | null>(null);

  const later = (next: HoveredValue | null) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHovered(next), next === null ? CLOSE_AFTER_MS : OPEN_AFTER_MS);
  };

  useEffect(() => {
    const element = scroller.current;
    const close = () => {
      clearTimeout(timer.current);
      setHovered(null);
    };
    element?.addEventListener("scroll", close, { passive: true });
    return () => {
      clearTimeout(timer.current);
      element?.removeEventListener("scroll", close);
    };
  }, [scroller]);

  const listeners = {
    onPointerOver: (event: PointerEvent) => {
      const cell = event.target instanceof Element ? event.target.closest("td[data-property]") : null;
      if (event.pointerType !== "mouse" || cell === over.current) return;
      over.current = cell;
      later(cell ? valueAt(cell) : null);
    },
    onPointerLeave: () => {
      over.current = null;
      later(null);
    },
    onKeyUp: (event: KeyboardEvent) => {
      if (event.key === "Escape") setHovered(null);
      if (event.key !== "h" || event.altKey || event.ctrlKey || event.metaKey) return;
      const row = event.target instanceof Element ? event.target.closest("tr[data-record]") : null;
      // Of a row, the stage tells most; without one, its first value does.
      const cell = row?.querySelector("td[data-stage]") ?? row?.querySelector("td[data-property]");
      if (cell) setHovered((before) => (before === null ? valueAt(cell) : null));
    },
    onBlur: () => setHovered(null),
  };

  /** The pointer is inside what opened. */
  const keepOpen = (isInside: boolean) => {
    if (isInside) clearTimeout(timer.current);
    else later(null);
  };

  const close = () => {
    clearTimeout(timer.current);
    setHovered(null);
  };

  return { hovered, listeners, keepOpen, close };
}

function valueAt(cell: Element): HoveredValue | null {
  const recordId = cell.closest("tr")?.dataset.record;
  const property = cell.getAttribute("data-property");
  if (recordId === undefined || property === null) return null;
  // The value itself, not the width of its column.
  const place = (cell.firstElementChild ?? cell).getBoundingClientRect();
  return { recordId, property, place };
}
