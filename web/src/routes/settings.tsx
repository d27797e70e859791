/** The settings: a page for each subject, which comes when it is wanted. */
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { withTexts } from "../texts/i18n";
import { appRoute } from "./app";
import { oneOf, searchOf, word } from "./search";

export const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "settings",
  component: lazyRouteComponent(
    withTexts(() => import("./settingsPages")),
    "SettingsLayout",
  ),
});

const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/properties", replace: true });
  },
});

const propertiesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "properties",
  validateSearch: searchOf({ object: word, property: word, archived: oneOf(true) }),
  component: lazyRouteComponent(
    withTexts(() => import("./settingsPages")),
    "PropertiesPage",
  ),
});

const lifecyclesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "lifecycles",
  validateSearch: searchOf({ object: word, property: word, moves: oneOf("graph", "table") }),
  component: lazyRouteComponent(
    withTexts(() => import("./settingsPages")),
    "LifecyclesPage",
  ),
});

const workspaceRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "workspace",
  component: lazyRouteComponent(
    withTexts(() => import("./WorkspacePage")),
    "WorkspacePage",
  ),
});

const profileRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "profile",
  component: lazyRouteComponent(
    withTexts(() => import("./peoplePages")),
    "ProfilePage",
  ),
});

const securityRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "security",
  component: lazyRouteComponent(
    withTexts(() => import("./peoplePages")),
    "SecurityPage",
  ),
});

const membersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "members",
  component: lazyRouteComponent(
    withTexts(() => import("./peoplePages")),
    "MembersPage",
  ),
});

const tokensRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "tokens",
  component: lazyRouteComponent(
    withTexts(() => import("./peoplePages")),
    "TokensPage",
  ),
});

export const settingsRoutes = settingsRoute.addChildren([
  settingsIndexRoute,
  propertiesRoute,
  lifecyclesRoute,
  workspaceRoute,
  profileRoute,
  securityRoute,
  membersRoute,
  tokensRoute,
]);
