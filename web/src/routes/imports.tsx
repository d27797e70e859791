/** Imports: a file on its way in, and what became of earlier ones. Their pages come when they are wanted. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { withTexts } from "../texts/i18n";
import { appRoute } from "./app";
import { NotFound } from "./states";

export const importsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "import",
  component: lazyRouteComponent(
    withTexts(() => import("./importPages")),
    "ImportsPage",
  ),
});

export const importRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "import/$importId",
  component: lazyRouteComponent(
    withTexts(() => import("./importPages")),
    "ImportPage",
  ),
  notFoundComponent: NotFound,
});
