/** The tree of routes. What a screen keeps in the URL is declared beside its route. */
import type { QueryClient } from "@tanstack/react-query";
import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { appRoute } from "./app";
import { forgotPasswordRoute, invitationRoute, resetPasswordRoute, signInRoute, signUpRoute } from "./entry";
import { homeRoute } from "./home";
import { importRoute, importsRoute } from "./imports";
import { listRoute } from "./list";
import { recordRoute } from "./record";
import { reportRoute, reportsRoute } from "./reports";
import { rootRoute } from "./root";
import { settingsRoutes } from "./settings";
import { NotFound, PageFailure, PageLoading } from "./states";
import { tasksRoute } from "./tasks";

const routeTree = rootRoute.addChildren([
  signInRoute,
  signUpRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  invitationRoute,
  appRoute.addChildren([
    homeRoute,
    listRoute,
    recordRoute,
    tasksRoute,
    reportsRoute,
    reportRoute,
    importsRoute,
    importRoute,
    settingsRoutes,
  ]),
]);

export function makeRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    history,
    context: { queryClient },
    defaultPreload: false,
    scrollRestoration: true,
    defaultPendingMs: 150,
    defaultPendingComponent: PageLoading,
    defaultErrorComponent: PageFailure,
    defaultNotFoundComponent: NotFound,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
