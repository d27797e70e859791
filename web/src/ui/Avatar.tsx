/** The initials of a person or a record on its own tint. Decorative: the name stands beside it. */
import { colored, colorFor } from "./palette";
import classes from "./Avatar.module.css";

interface Props {
  name: string;
  /** What the colour is taken from, so that it stays when the name changes. */
  of: string;
  size?: "small" | "large";
}

export function Avatar({ name, of, size = "small" }: Props) {
  return (
    <span
      className={classes.avatar}
      data-size={size}
      data-initials={initialsOf(name)}
      aria-hidden
      {...colored(colorFor(of))}
    />
  );
}

/** "Bram Moreau" is BM, "Kestrel" is KE. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const [first = "", ...rest] = words;
  const last = rest.at(-1);
  // By code points: a name's first letter may lie beyond the basic plane.
  const letters = last === undefined ? Array.from(first).slice(0, 2) : [Array.from(first)[0], Array.from(last)[0]];
  return letters.join("").toUpperCase();
}
