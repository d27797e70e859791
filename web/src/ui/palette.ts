/** Data colours: what an option's colour name becomes on the screen. */
import type { CSSProperties } from "react";

/** How a value is coloured where it stands as an area: a colour of the palette or `#rrggbb`, and how much of it. */
export interface Tone {
  color: string | null;
  strength: "solid" | "tint" | "faint";
}

const HASHED = ["slate", "blue", "violet", "teal", "pink", "orange", "green", "cyan", "brown", "indigo"] as const;

/** Props that give an element the variables `--c` and `--c-solid`. */
export function colored(color: string | null | undefined): { "data-color"?: string; style?: CSSProperties } {
  if (color?.startsWith("#")) {
    const variables = { "--c": color, "--c-solid": `color-mix(in srgb, ${color} 68%, black)` };
    return { style: variables as CSSProperties };
  }
  return { "data-color": color ?? "slate" };
}

/** A colour that is always the same for a key, for things that have none of their own. */
export function colorFor(key: string): string {
  let hash = 0;
  for (const char of key) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return HASHED[hash % HASHED.length] ?? "slate";
}
