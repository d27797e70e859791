/** What is to be done. The URL holds whose, and how it is looked at. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { withTexts } from "../texts/i18n";
import { appRoute } from "./app";
import { oneOf, searchOf, word } from "./search";

const readSearch = searchOf({
  /** One's own if absent. */
  whose: oneOf("team"),
  /** What is open if absent. */
  status: oneOf("done"),
  /** As a list if absent. */
  as: oneOf("calendar"),
  /** Of the calendar: "2026-11"; the present month if absent. */
  month: word,
  /** Of the calendar: any day of the week that is shown in place of a month. */
  week: word,
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
