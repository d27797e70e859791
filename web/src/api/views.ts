/** Saved views: how an object's records are looked at, under a name; a member's own or shared by all. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { components } from "./schema";
import type { Me } from "./types";

type Schemas = components["schemas"];

export type SavedView = Schemas["View"];
export type ViewBody = Schemas["ViewBody"];
export type ViewPatch = Schemas["ViewPatchBody"];
export type Visibility = Schemas["Visibility"];

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

/** Puts views in this order: they are counted anew. */
export async function orderViews(views: SavedView[]) {
  for (const [position, view] of views.entries()) {
    if (view.position !== position) await updateView(view, { position });
  }
}

/** Shows a view as it is now, at once. */
export function showView(client: QueryClient, view: SavedView) {
  client.setQueryData(KEY, (views: SavedView[] | undefined) => {
    const others = views?.filter(({ id }) => id !== view.id) ?? [];
    const all = view.archived ? others : [...others, view];
    return all.sort((left, right) => left.position - right.position || (left.id < right.id ? -1 : 1));
  });
}

export const refreshViews = (client: QueryClient) => client.invalidateQueries({ queryKey: KEY });

/** The views of an object as its tabs stand: the person's own, then what others share. */
export function tabsOf(views: SavedView[], object: string, me: Me): { own: SavedView[]; others: SavedView[] } {
  const all = views.filter((view) => view.object === object);
  return {
    own: all.filter(({ owner }) => owner === me.user.id),
    others: all.filter(({ owner }) => owner !== me.user.id),
  };
}

/** Its owner changes it, and managers and those above them change what is shared. */
export const canChange = ({ owner }: { owner: string }, me: Me): boolean =>
  me.permissions.includes("views.write") && (owner === me.user.id || ["owner", "admin", "manager"].includes(me.role));

/** What all see comes from who may write records. */
export const canShare = (me: Me): boolean => me.permissions.includes("records.write");
