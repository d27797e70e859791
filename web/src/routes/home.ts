/** The first page: a dashboard. The URL says which, and whether it is being changed. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { withTexts } from "../texts/i18n";
import { appRoute } from "./app";
import { oneOf, searchOf, word } from "./search";

const readSearch = searchOf({
  /** The id of a dashboard, or `usual`; the person's own choice if absent. */
  dashboard: word,
  edit: oneOf(true),
});

export const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/",
  validateSearch: readSearch,
  component: lazyRouteComponent(
    withTexts(() => import("./HomePage")),
    "HomePage",
  ),
});
