/** Saved views: how an object's records are looked at, under a name; a member's own or shared by all. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import { byOwner, showSaved } from "./saved";
import type { components } from "./schema";
import type { Me } from "./types";

type Schemas = components["schemas"];

export type SavedView = Schemas["View"];
export type ViewBody = Schemas["ViewBody"];
export type ViewPatch = Schemas["ViewPatchBody"];

const KEY = ["views"] as const;

/** The views that the person sees, of all objects, in the order of their tabs. */
export const viewsQuery = queryOptions({
  queryKey: KEY,
  queryFn: async ({ signal }): Promise<SavedView[]> => {
    const page = await answer(api.GET("/api/v1/views", { params: { query: { limit: 1000 } }, signal }));
    return page.results;
  },
  staleTime: 30_000,
});

export const createView = (body: ViewBody): Promise<SavedView> => answer(api.POST("/api/v1/views", { body }));

/** With the version that is known, so that nobody's change is lost. */
export const updateView = ({ id, version }: SavedView, body: ViewPatch): Promise<SavedView> =>
  answer(
    api.PATCH("/api/v1/views/{id}", {
      params: { path: { id }, header: { "If-Match": `"${version}"` } },
      body,
    }),
  );

export const archiveView = ({ id }: SavedView) =>
  answer(api.DELETE("/api/v1/views/{id}", { params: { path: { id } } }));

export const unarchiveView = ({ id }: SavedView): Promise<SavedView> =>
  answer(api.PATCH("/api/v1/views/{id}", { params: { path: { id } }, body: { archived: false } }));

/** Shows a view as it is now, at once. */
export const showView = (client: QueryClient, view: SavedView) => showSaved(client, KEY, view);

export const refreshViews = (client: QueryClient) => client.invalidateQueries({ queryKey: KEY });

/** The views of an object as its tabs stand: the person's own, then what others share. */
export const tabsOf = (views: SavedView[], object: string, me: Me) =>
  byOwner(
    views.filter((view) => view.object === object),
    me,
  );
