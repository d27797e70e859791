/** What the person prefers in this workspace, in every browser in which they sign in. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Preferences = Schemas["Preferences"];
export type PreferencesPatch = Schemas["PreferencesBody"];

export const preferencesQuery = queryOptions({
  queryKey: ["preferences"],
  queryFn: ({ signal }): Promise<Preferences> => answer(api.GET("/api/v1/me/preferences", { signal })),
  staleTime: 60_000,
});

export const updatePreferences = (body: PreferencesPatch): Promise<Preferences> =>
  answer(api.PATCH("/api/v1/me/preferences", { body }));
