/** The English texts of pages that come when they are wanted: a file for each feature. */
import dashboard from "./en/dashboard.json";
import history from "./en/history.json";
import imports from "./en/import.json";
import reports from "./en/reports.json";
import settings from "./en/settings.json";
import workspace from "./en/workspace.json";

export const later = {
  dashboard,
  history,
  import: imports,
  reports,
  settings,
  workspace,
};
