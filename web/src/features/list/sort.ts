/** The order of a list as the URL keeps it: `amount,-created_at`, with a minus for the largest first. */
import type { Sort } from "../../api/records";

/** The server's own order: the newest first. */
export const OWN_SORT: Sort = { property: "created_at", direction: "descending" };

export function parseSorts(text: string | undefined): Sort[] {
  return (text ?? "")
    .split(",")
    .filter((part) => part !== "" && part !== "-")
    .map((part) =>
      part.startsWith("-")
        ? { property: part.slice(1), direction: "descending" }
        : { property: part, direction: "ascending" },
    );
}

export function writeSorts(sorts: Sort[]): string | undefined {
  const parts = sorts.map(({ property, direction }) => (direction === "descending" ? `-${property}` : property));
  return parts.length === 0 ? undefined : parts.join(",");
}

/** By this property before all others, or, `isAdded`, after the others. */
export function withSort(sorts: Sort[], sort: Sort, isAdded = false): Sort[] {
  const others = sorts.filter(({ property }) => property !== sort.property);
  return isAdded ? [...others, sort] : [sort];
}
