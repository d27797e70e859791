/** What objects and properties are: their definitions now and as of a moment, and the ways to change them. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import { objectsQuery } from "./objects";
import { recordKeys, type AsOf } from "./records";
import type { components } from "./schema";
import type { ObjectType, Property } from "./types";

type Schemas = components["schemas"];

/** Formulas are not available yet. */
export type PropertyBody = Omit<Schemas["PropertyBody"], "formula">;
export type PropertyPatch = Omit<Schemas["PropertyPatchBody"], "formula">;
export type OptionBody = Schemas["OptionBody"];

/** Allowed moves; `from: null` is the entry. */
export interface Transition {
  from: string | null;
  to: string;
}

/** Objects with their properties, archived properties too; as they were defined at a moment. */
export function definitionsQuery(asOf: AsOf) {
  if (asOf === null) return objectsQuery;
  return queryOptions({
    ...objectsQuery,
    queryKey: [...objectsQuery.queryKey, asOf],
    queryFn: async ({ signal }): Promise<ObjectType[]> => {
      const query = { limit: 1000, include: "properties", asOf };
      const page = await answer(api.GET("/api/v1/objects", { params: { query }, signal }));
      return page.results.map((object) => ({ ...object, properties: object.properties ?? [] }));
    },
  });
}

export const createProperty = (object: string, body: PropertyBody): Promise<Property> =>
  answer(api.POST("/api/v1/objects/{object}/properties", { params: { path: { object } }, body }));

export const updateProperty = (object: string, property: string, body: PropertyPatch): Promise<Property> =>
  answer(api.PATCH("/api/v1/objects/{object}/properties/{property}", { params: { path: { object, property } }, body }));

export const archiveProperty = (object: string, property: string) =>
  answer(api.DELETE("/api/v1/objects/{object}/properties/{property}", { params: { path: { object, property } } }));

/** Puts properties in this order: they share out the places that they have. */
export async function orderProperties(object: string, properties: Property[]) {
  const places = placesOf(properties);
  for (const [index, { name, position }] of properties.entries()) {
    const place = places[index] ?? index;
    if (place !== position) await updateProperty(object, name, { position: place });
  }
}

/** The places that these hold, in order; counted anew where two share one. */
function placesOf(properties: Property[]): number[] {
  const held = properties.map(({ position }) => position).sort((left, right) => left - right);
  const first = held[0] ?? 0;
  return new Set(held).size === held.length ? held : held.map((_, index) => first + index);
}

export const createObject = (body: Schemas["ObjectBody"]) => answer(api.POST("/api/v1/objects", { body }));

export const updateObject = (object: string, body: Schemas["ObjectPatchBody"]) =>
  answer(api.PATCH("/api/v1/objects/{object}", { params: { path: { object } }, body }));

/** Shows a new order at once; what the server says comes after. */
export function showOrder(client: QueryClient, object: string, properties: Property[]) {
  const places = placesOf(properties);
  const placed = new Map(properties.map(({ name }, index) => [name, places[index] ?? index]));
  client.setQueryData(objectsQuery.queryKey, (objects: ObjectType[] | undefined) =>
    objects?.map((one) =>
      one.name === object
        ? {
            ...one,
            properties: one.properties
              .map((property) => ({ ...property, position: placed.get(property.name) ?? property.position }))
              .sort((left, right) => left.position - right.position),
          }
        : one,
    ),
  );
}

/** Reads again what is defined, and the records that are shown by it. */
export async function refreshDefinitions(client: QueryClient) {
  await client.invalidateQueries({ queryKey: objectsQuery.queryKey });
  await client.invalidateQueries({ queryKey: recordKeys.all });
}
