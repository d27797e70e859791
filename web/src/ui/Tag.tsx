/** A value with a colour of its own: dot and label on a tint. */
import type { ReactNode } from "react";
import { colored } from "./palette";
import classes from "./Tag.module.css";

export function Tag({ color, children }: { color: string | null | undefined; children: ReactNode }) {
  return (
    <span className={classes.tag} {...colored(color)}>
      {children}
    </span>
  );
}
