/** Reports over the history of a property. The URL holds all of what is asked. */
import { createRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";
import { readFilterGroups } from "../api/filters";
import { KINDS } from "../api/reports";
import { withTexts } from "../texts/i18n";
import { appRoute } from "./app";
import { oneOf, searchOf, word } from "./search";
import { NotFound } from "./states";

const readSearch = searchOf({
  object: word,
  property: word,
  period: word,
  from: word,
  to: word,
  interval: word,
  basis: word,
  clock: word,
  groupBy: word,
  zone: word,
  without: word,
  stages: word,
  skipped: word,
  sums: word,
  filter: readFilterGroups,
  shows: oneOf("table"),
  // The saved report that is open; alone, all is as that keeps it.
  saved: word,
});

export const reportsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "reports",
  validateSearch: readSearch,
  component: lazyRouteComponent(
    withTexts(() => import("./ReportsPage")),
    "ReportsPage",
  ),
});

export const reportRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "reports/$kind",
  validateSearch: readSearch,
  loader: ({ params }) => {
    if (!KINDS.some((kind) => kind === params.kind)) throw notFound();
  },
  component: lazyRouteComponent(
    withTexts(() => import("./ReportsPage")),
    "ReportsPage",
  ),
  notFoundComponent: NotFound,
});
