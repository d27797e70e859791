/** What is to be done. The URL holds whose, and whether what is done is shown. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { withTexts } from "../texts/i18n";
import { appRoute } from "./app";
import { oneOf, searchOf } from "./search";

const readSearch = searchOf({
  /** One's own if absent. */
  whose: oneOf("team"),
  /** What is open if absent. */
  status: oneOf("done"),
});

export const tasksRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "tasks",
  validateSearch: readSearch,
  component: lazyRouteComponent(
    withTexts(() => import("./TasksPage")),
    "TasksPage",
  ),
});
