/** What a record has to do with others: labelled links, and properties that link, in both directions. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { Filter } from "./filters";
import { shownProperties } from "./objects";
import { recordKeys, searchRecords, type AsOf } from "./records";
import type { LeadlineRecord, ObjectType, Property } from "./types";

/** Why two records are related. */
export type Reason =
  | { kind: "association"; label: string | null }
  /** A property of this record names the other one. */
  | { kind: "out"; property: Property }
  /** A property of the other one names this record. */
  | { kind: "in"; property: Property };

export interface RelatedRecord {
  id: string;
  reasons: Reason[];
  /** Where it came with the answer; others are read by their id. */
  record?: LeadlineRecord;
}

export interface RelatedGroup {
  object: ObjectType;
  records: RelatedRecord[];
  /** Of properties by which more records name this one than are shown: how many in all, and the filter that finds them. */
  more: { total: number; filter: Filter }[];
}

/** Records that are shown of those that name this one by one property. */
const SHOWN = 8;

interface Of {
  object: ObjectType;
  record: LeadlineRecord;
  objects: ObjectType[];
  asOf: AsOf;
}

export function relatedQuery(of: Of) {
  const { object, record, asOf } = of;
  const named = linksOf(object).map(({ name }) => record.properties[name]);
  return queryOptions({
    queryKey: [...recordKeys.one(object.name, record.id), "related", asOf, named],
    queryFn: async ({ signal }): Promise<RelatedGroup[]> => {
      const groups = await Promise.all(of.objects.map((other) => groupOf(of, other, signal)));
      return groups.filter(({ records }) => records.length > 0);
    },
  });
}

const linksOf = (object: ObjectType) => shownProperties(object).filter(({ type }) => type === "record");

async function groupOf({ object, record, asOf }: Of, other: ObjectType, signal: AbortSignal): Promise<RelatedGroup> {
  const found = new Map<string, RelatedRecord>();
  const add = (id: string, reason: Reason, full?: LeadlineRecord) => {
    const known = found.get(id);
    found.set(id, { id, reasons: [...(known?.reasons ?? []), reason], record: known?.record ?? full });
  };
  const incoming = linksOf(other).filter(({ targetObject }) => targetObject === object.name);
  const [links, ...pages] = await Promise.all([
    associationsOf(object.name, record.id, other.name, asOf, signal),
    ...incoming.map(({ name }) => {
      const filterGroups = [{ filters: [namedBy(name, record.id)] }];
      const view = { object: other.name, query: "", filterGroups, sorts: [], asOf, withHistory: [] };
      return searchRecords(view, { limit: SHOWN, count: "exact" }, signal);
    }),
  ]);
  for (const property of linksOf(object).filter(({ targetObject }) => targetObject === other.name)) {
    const value = record.properties[property.name];
    if (typeof value === "string") add(value, { kind: "out", property });
  }
  for (const { id, label } of links) add(id, { kind: "association", label: label ?? null });
  const more: RelatedGroup["more"] = [];
  incoming.forEach((property, index) => {
    const page = pages[index];
    for (const one of page?.records ?? []) add(one.id, { kind: "in", property }, one);
    const total = page?.total?.value ?? 0;
    if (total > SHOWN) more.push({ total, filter: namedBy(property.name, record.id) });
  });
  return { object: other, records: [...found.values()], more };
}

const namedBy = (property: string, id: string): Filter => ({ property, operator: "EQ", value: id });

async function associationsOf(object: string, id: string, toObject: string, asOf: AsOf, signal: AbortSignal) {
  const params = { path: { object, id, toObject }, query: { asOf: asOf ?? undefined, limit: 100 } };
  const page = await answer(api.GET("/api/v1/objects/{object}/{id}/associations/{toObject}", { params, signal }));
  return page.results;
}

interface Ends {
  object: string;
  id: string;
  toObject: string;
}

export const linkRecords = (path: Ends, body: { id: string; label?: string }) =>
  answer(api.POST("/api/v1/objects/{object}/{id}/associations/{toObject}", { params: { path }, body }));

/** Ends all links between the two, whatever their labels. */
export const unlinkRecords = (path: Ends, id: string) =>
  answer(api.DELETE("/api/v1/objects/{object}/{id}/associations/{toObject}", { params: { path, query: { id } } }));
