/** What activities, notes and tasks are called, and the words of their choices. */
import { t } from "i18next";
import type { ItemKind } from "./drafts";

export function kindText(kind: ItemKind): string {
  return t(`activities:kind.${kind}`);
}

/** The options that every workspace begins with have words of each language; others are shown as they are named. */
export function outcomeText(outcome: string): string {
  switch (outcome) {
    case "connected":
    case "left_message":
    case "no_answer":
      return t(`activities:outcome.${outcome}`);
    default:
      return outcome;
  }
}

export function directionText(direction: string): string {
  return direction === "inbound" || direction === "outbound" ? t(`activities:direction.${direction}`) : direction;
}

export function priorityText(priority: string): string {
  switch (priority) {
    case "low":
    case "normal":
    case "high":
      return t(`activities:priority.${priority}`);
    default:
      return priority;
  }
}
