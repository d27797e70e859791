/** The workspace's schema: its objects with their properties, and its members. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { Member, ObjectType, Option, Property } from "./types";

export const objectsQuery = queryOptions({
  queryKey: ["objects"],
  queryFn: async ({ signal }): Promise<ObjectType[]> => {
    const query = { limit: 1000, include: "properties" };
    const page = await answer(api.GET("/api/v1/objects", { params: { query }, signal }));
    return page.results.map((object) => ({ ...object, properties: object.properties ?? [] }));
  },
  staleTime: 60_000,
});

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: async ({ signal }): Promise<Member[]> =>
    (await answer(api.GET("/api/v1/users", { params: { query: { limit: 1000 } }, signal }))).results,
  staleTime: 60_000,
});

/** The properties that people see and set, in the schema's order. */
export function shownProperties(object: ObjectType): Property[] {
  return object.properties.filter((property) => !property.system && !property.archived);
}

/** The property that holds the object's default lifecycle. */
export function stageOf(object: ObjectType): Property | undefined {
  return shownProperties(object).find((property) => property.type === "stage");
}

export function propertyOf(object: ObjectType, name: string): Property | undefined {
  return object.properties.find((property) => property.name === name);
}

export function optionOf(property: Property, value: unknown): Option | undefined {
  return property.options.find((option) => option.value === value);
}
