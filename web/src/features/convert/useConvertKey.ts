/** `c` on the page of a lead asks what becomes of it. */
import { useEffect, useRef } from "react";

/** Null while it cannot be converted. */
export function useConvertKey(onConvert: (() => void) | null) {
  const latest = useRef(onConvert);
  useEffect(() => {
    latest.current = onConvert;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isElsewhere =
        event.target instanceof Element &&
        event.target.closest("input, textarea, select, [contenteditable], [role=menu]");
      if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || isElsewhere) return;
      if (document.querySelector("[role=dialog]") || !latest.current) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
