/** Which tasks are overdue, as a filter: what stands on every page asks for no more than their number. */
import type { FilterGroup } from "./filters";

/** Tasks that are open and were due before a moment; of one member, or of all. */
export function overdueFilter(before: string, assignee?: string): FilterGroup[] {
  return [
    {
      filters: [
        { property: "done_at", operator: "NOT_HAS_PROPERTY" },
        { property: "due_at", operator: "LT", value: before },
        ...(assignee === undefined ? [] : [{ property: "assignee", operator: "EQ" as const, value: assignee }]),
      ],
    },
  ];
}
