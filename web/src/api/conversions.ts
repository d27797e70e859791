/** Leads that become accounts, contacts and deals: what would come of it, and doing it. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { stageOf } from "./objects";
import type { InputError } from "./problem";
import type { Values } from "./records";
import type { components } from "./schema";
import type { LeadlineRecord, ObjectType } from "./types";

/** The object whose records are converted. */
export const LEADS = "leads";

export type PartName = "account" | "contact" | "deal";

/** In the order in which they are made: later ones link to earlier ones. */
export const PARTS: readonly { name: PartName; object: string }[] = [
  { name: "account", object: "accounts" },
  { name: "contact", object: "contacts" },
  { name: "deal", object: "deals" },
];

export interface Part {
  action: "create" | "link" | "none";
  record: LeadlineRecord | null;
  /** What a new record gets. */
  properties: Values;
  matches: { by: string; record: LeadlineRecord }[];
}

export type Conversion = Record<PartName, Part> & {
  lead: LeadlineRecord;
  /** Of a preview: all that would be refused. */
  errors: InputError[];
};

/** What is wanted of a part: a record that there is, a new one, or none. */
export type Wish = { id: string } | { properties: Values } | null;

export type ConversionRequest = Record<PartName, Wish> & { lead?: { properties: Values } };

/** Asked anew each time, and not again while someone fills it in. */
export function conversionPreviewQuery(id: string) {
  return queryOptions({
    queryKey: ["conversion", id],
    queryFn: ({ signal }) => ask(id, { dryRun: true }, signal),
    staleTime: Infinity,
    gcTime: 0,
  });
}

/** `key` makes it safe to send again after a lost answer. */
export function convertLead(id: string, request: ConversionRequest, key: string): Promise<Conversion> {
  return ask(id, request, undefined, { "Idempotency-Key": key });
}

async function ask(
  id: string,
  body: components["schemas"]["ConversionRequest"],
  signal?: AbortSignal,
  headers?: Record<string, string>,
): Promise<Conversion> {
  const path = { object: LEADS, id };
  const conversion = await answer(
    api.POST("/api/v1/objects/{object}/{id}/convert", { params: { path }, body, signal, headers }),
  );
  return { ...(conversion as Conversion), errors: conversion.errors ?? [] };
}

/** Whether the record is a lead that is not in the stage to which a conversion moves it. */
export function canConvert(object: ObjectType, record: LeadlineRecord): boolean {
  const stage = object.name === LEADS ? stageOf(object) : undefined;
  const stages = stage?.options.filter(({ archived }) => !archived) ?? [];
  const converted =
    stages.find(({ value }) => value === "converted") ?? stages.find(({ category }) => category === "won");
  return stage !== undefined && converted !== undefined && record.properties[stage.name] !== converted.value;
}
