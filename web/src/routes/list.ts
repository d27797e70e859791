/** An object's records. The URL holds how they are looked at. */
import { createRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";
import { readFilterGroups } from "../api/filters";
import { objectsQuery } from "../api/objects";
import { viewsQuery } from "../api/views";
import { appRoute } from "./app";
import { oneOf, searchOf, word } from "./search";
import { NotFound } from "./states";

const readSearch = searchOf({
  /** Words to look for. */
  q: word,
  /** `amount,-created_at`: by amount, then the newest first. */
  sort: word,
  /** As the API takes them. */
  filter: readFilterGroups,
  /** Names and widths: `name:240,stage,amount`. */
  columns: word,
  /** As a table if absent, and the view says nothing else. */
  as: oneOf("table", "board"),
  /** The property whose options are the board's columns; the stage if absent. */
  by: word,
  /** The saved view that is open: what is absent above is as it says. */
  view: word,
  /** Making one was asked for elsewhere. */
  create: oneOf(true),
  /** The record that is open at the side. */
  peek: word,
});

export type ListSearch = ReturnType<typeof readSearch>;

export const listRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "objects/$object",
  validateSearch: readSearch,
  loader: async ({ context, params }) => {
    const objects = await context.queryClient.query({ ...objectsQuery, staleTime: "static" });
    if (!objects.some((object) => object.name === params.object)) throw notFound();
    // On its way with the page; whoever needs it tells when it cannot be had.
    context.queryClient.query(viewsQuery).catch(() => undefined);
  },
  component: lazyRouteComponent(() => import("./ListPage"), "ListPage"),
  notFoundComponent: NotFound,
});
