/** What a report asks, as its page and its URL say it. */
import { hashKey } from "@tanstack/react-query";
import { meaningful } from "../../api/filters";
import { asPeriod, searchOf, type LastingReport, type ReportSearch } from "../../api/lastingReports";
import { propertyOf, shownProperties, stageOf } from "../../api/objects";
import type { ReportKind } from "../../api/reports";
import type { SavedReport } from "../../api/savedReports";
import type { ObjectType, Property } from "../../api/types";
import { TAKES } from "./kinds";

const REPORTABLE = new Set(["stage", "select", "user", "boolean", "text", "number"]);

/** Where a report does not say for how long. */
const USUAL_PERIOD = "12m";

export const reportable = (object: ObjectType): Property[] =>
  shownProperties(object).filter(({ type, name }) => REPORTABLE.has(type) && name !== object.primaryProperty);

/** What a report is about. */
export interface Subject {
  object: ObjectType;
  property: Property;
}

/** What the search names, or what one asks about first. */
export function subjectOf(search: ReportSearch, objects: ObjectType[]): Subject | undefined {
  const object =
    objects.find(({ name }) => name === search.object) ?? objects.find((one) => reportable(one).length > 0);
  const property =
    object && ((search.property && propertyOf(object, search.property)) || stageOf(object) || reportable(object)[0]);
  return property && { object, property };
}

/** What a saved report is about; undefined once that is gone. */
export function subjectOfSaved({ report }: SavedReport, objects: ObjectType[]): Subject | undefined {
  const object = objects.find(({ name }) => name === report.object);
  const property = object && propertyOf(object, report.property ?? "");
  return object && property && { object, property };
}

/** What is asked: all that the kind takes, and nothing else. */
export function lastingOf(kind: ReportKind, search: ReportSearch, { object, property }: Subject): LastingReport {
  const takes = TAKES[kind];
  const hasOwn = search.period === "own" && search.from && search.to;
  const stretch = hasOwn ? { from: search.from, to: search.to } : { period: asPeriod(search.period) ?? USUAL_PERIOD };
  const basis = takes.basis?.find((one) => one === search.basis) ?? takes.basis?.[0];
  return {
    object: object.name,
    property: property.name,
    filterGroups: meaningful(search.filter ?? []),
    ...(takes.period ? { ...stretch, ...(search.zone ? { timeZone: search.zone } : {}) } : {}),
    ...(takes.interval === "none" ? {} : { interval: search.interval ?? "month" }),
    ...(basis ? { basis } : {}),
    ...(takes.clock && search.clock ? { clock: search.clock } : {}),
    ...(takes.groupBy && search.groupBy ? { groupBy: search.groupBy } : {}),
    ...(takes.sources && search.without ? { excludeSources: search.without.split(",") } : {}),
    ...(takes.steps && search.stages ? { stages: search.stages.split(",") } : {}),
    ...(takes.steps && search.skipped ? { skipped: search.skipped } : {}),
    ...(takes.sums && search.sums ? { sums: search.sums.split(",") } : {}),
  };
}

/** Whether something else is asked than the saved report keeps. */
export function isChanged(saved: SavedReport, kind: ReportKind, asked: LastingReport, objects: ObjectType[]): boolean {
  const subject = subjectOfSaved(saved, objects);
  if (saved.kind !== kind || !subject) return true;
  return hashKey([asked]) !== hashKey([lastingOf(kind, searchOf(saved.report), subject)]);
}
