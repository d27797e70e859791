/** What a change set says, in parts that the change list puts together. Pure. */
import { t } from "i18next";
import type { Change, ChangeSet, ValueSpan } from "../../api/types";
import { sourceText } from "../../texts/words";
import { spellDuration } from "../../ui/duration";

/** A write counts as late when it was recorded more than this after it became true. */
const LATE_SECONDS = 90;

export type Verb = "created" | "archived" | "unarchived" | "moved" | "set" | "cleared" | "changed" | "corrected";

/** What was done to one property. `isStage`: stages are moved between, other values are changed. */
export function verbOf(change: Change, isStage: boolean, isCorrection: boolean): Verb {
  if (change.property === "archived") return change.to === true ? "archived" : "unarchived";
  if (isCorrection) return "corrected";
  if (change.to === null) return "cleared";
  if (change.from === null) return "set";
  return isStage ? "moved" : "changed";
}

const VERBS = {
  created: () => t("history:verb.created"),
  archived: () => t("history:verb.archived"),
  unarchived: () => t("history:verb.unarchived"),
  moved: () => t("history:verb.moved"),
  set: () => t("history:verb.set"),
  cleared: () => t("history:verb.cleared"),
  changed: () => t("history:verb.changed"),
  corrected: () => t("history:verb.corrected"),
} satisfies Record<Verb, () => string>;

export const verbText = (verb: Verb): string => VERBS[verb]();

/** Whether the change set states anew what was true in the past, instead of telling what happened. */
export function isCorrection(changeSet: ChangeSet): boolean {
  return changeSet.changes.some((change) => Boolean(change.validFrom));
}

/** When the first of the spans was recorded, in milliseconds. */
export function firstRecordedAt(spans: Record<string, ValueSpan[] | undefined>): number {
  const all = Object.values(spans).flatMap((lane) => lane ?? []);
  return Math.min(...all.map((span) => Date.parse(span.recordedAt)));
}

/** "after 64 days": how long the value held that the change ended; null when that is not known. */
export function heldFor(change: Change, validFrom: string, spans: ValueSpan[] | undefined): string | null {
  if (change.from === null) return null;
  const ended = spans?.find((span) => span.validTo === validFrom && span.value !== null);
  return ended ? t("history:after", { length: spellDuration(ended.durationSeconds) }) : null;
}

/**
 * How it came and how late, as far as that is not plain: "import", "recorded 1 day late". `knownSince` is when the
 * record was first recorded, in milliseconds: a past that was brought along with it is not late.
 */
export function notesOf(changeSet: ChangeSet, knownSince: number): string[] {
  const notes: string[] = [];
  if (changeSet.source !== "user" && changeSet.source !== "system") notes.push(sourceText(changeSet.source));
  const recordedAt = Date.parse(changeSet.recordedAt);
  const late = (recordedAt - Date.parse(changeSet.validFrom)) / 1000;
  const isBroughtAlong = recordedAt - knownSince < LATE_SECONDS * 1000;
  if (late > LATE_SECONDS && !isBroughtAlong && !isCorrection(changeSet))
    notes.push(t("history:late", { length: spellDuration(late) }));
  if (changeSet.reason) notes.push(t("history:because", { reason: changeSet.reason }));
  return notes;
}
