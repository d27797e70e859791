/** The order of a list as the URL keeps it: `amount`, or `-amount` for the largest first. */
import type { Sort } from "../../api/records";

/** The server's own order: the newest first. */
export const OWN_SORT: Sort = { property: "created_at", direction: "descending" };

export function parseSort(text: string | undefined): Sort | null {
  if (text === undefined || text === "" || text === "-") return null;
  return text.startsWith("-")
    ? { property: text.slice(1), direction: "descending" }
    : { property: text, direction: "ascending" };
}

/** What a click on a column's head makes of the order: up, then down, then the list's own. */
export function nextSort(current: string | undefined, property: string): string | undefined {
  if (current === property) return `-${property}`;
  return current === `-${property}` ? undefined : property;
}
