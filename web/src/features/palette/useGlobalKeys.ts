/** Keys that work on every page: the palette, the list of keys, and `g` and a letter to go somewhere. */
import { useEffect, useRef } from "react";

/** The second key has to come this soon. */
const SOON_MS = 1200;

interface Actions {
  onPalette: () => void;
  onKeys: () => void;
  /** By the letter after `g`. */
  places: Record<string, () => void>;
}

export function useGlobalKeys(actions: Actions) {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let pressedAt = -Infinity;
    const onKeyDown = (event: KeyboardEvent) => {
      const { onPalette, onKeys, places } = latest.current;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onPalette();
        return;
      }
      const isTyping =
        event.target instanceof Element &&
        event.target.closest(
          "input:not([type=checkbox]):not([type=range]), textarea, select, [contenteditable], [role=dialog]",
        );
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const wasSoon = event.timeStamp - pressedAt < SOON_MS;
      pressedAt = event.key === "g" ? event.timeStamp : -Infinity;
      const go = wasSoon ? places[event.key] : undefined;
      if (go) {
        event.preventDefault();
        event.stopPropagation();
        go();
      } else if (event.key === "?") {
        event.preventDefault();
        onKeys();
      }
    };
    // Before the keys of what has the focus: "g h" is not "h".
    document.addEventListener("keydown", onKeyDown, { capture: true });
    return () => document.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
}
