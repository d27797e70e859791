/** One record. The URL holds what of its history is shown. */
import { createRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";
import { objectsQuery } from "../api/objects";
import { withTexts } from "../texts/i18n";
import { appRoute } from "./app";
import { oneOf, searchOf, word } from "./search";
import { NotFound } from "./states";

const readSearch = searchOf({
  period: word,
  lanes: oneOf("all"),
  /** What was known at a moment, RFC 3339. */
  known: word,
  /** What stands beside the properties, the timeline if absent; a narrow screen shows it alone, and the properties if absent. */
  half: oneOf("timeline", "history"),
  /** The only kind that the timeline shows. */
  kind: oneOf("change", "activity", "note", "task"),
  /** Whether it is asked what becomes of the lead. */
  convert: oneOf(true),
});

export const recordRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "objects/$object/$recordId",
  validateSearch: readSearch,
  loader: async ({ context, params }) => {
    const objects = await context.queryClient.query({ ...objectsQuery, staleTime: "static" });
    if (!objects.some((object) => object.name === params.object)) throw notFound();
  },
  component: lazyRouteComponent(
    withTexts(() => import("./RecordPage")),
    "RecordPage",
  ),
  notFoundComponent: NotFound,
});
