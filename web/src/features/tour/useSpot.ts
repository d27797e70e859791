/** Where a control of the app stands, found by its `data-tour`, for as long as the tour points at it. */
import { useEffect, useState } from "react";

export interface Spot {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Null until the control is on the page. */
export function useSpot(name: string): Spot | null {
  const [found, setFound] = useState<{ name: string; spot: Spot } | null>(null);
  useEffect(() => {
    const look = () => {
      const spot = spotOf(name);
      setFound((before) => {
        if (spot === null) return null;
        return before?.name === name && isSame(before.spot, spot) ? before : { name, spot };
      });
    };
    const frame = requestAnimationFrame(look);
    // Pages come when they are wanted, and move what stands on them.
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    window.addEventListener("resize", look);
    document.addEventListener("scroll", look, { capture: true, passive: true });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      window.removeEventListener("resize", look);
      document.removeEventListener("scroll", look, { capture: true });
    };
  }, [name]);
  return found?.name === name ? found.spot : null;
}

function spotOf(name: string): Spot | null {
  const rect = document.querySelector(`[data-tour="${name}"]`)?.getBoundingClientRect();
  return rect ? { left: rect.left, top: rect.top, width: rect.width, height: rect.height } : null;
}

const isSame = (a: Spot, b: Spot): boolean =>
  a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
