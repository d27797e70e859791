/** The English texts of pages that come when they are wanted: a file for each feature. */
import activities from "./en/activities.json";
import convert from "./en/convert.json";
import dashboard from "./en/dashboard.json";
import history from "./en/history.json";
import imports from "./en/import.json";
import keys from "./en/keys.json";
import lineItems from "./en/lineItems.json";
import people from "./en/people.json";
import related from "./en/related.json";
import reports from "./en/reports.json";
import settings from "./en/settings.json";
import start from "./en/start.json";
import workspace from "./en/workspace.json";

export const later = {
  activities,
  convert,
  dashboard,
  history,
  import: imports,
  keys,
  lineItems,
  people,
  related,
  reports,
  settings,
  start,
  workspace,
};
