/** The German texts: a file for each feature. */
import activities from "./de/activities.json";
import api from "./de/api.json";
import board from "./de/board.json";
import convert from "./de/convert.json";
import create from "./de/create.json";
import dashboard from "./de/dashboard.json";
import fields from "./de/fields.json";
import filter from "./de/filter.json";
import history from "./de/history.json";
import imports from "./de/import.json";
import keys from "./de/keys.json";
import lineItems from "./de/lineItems.json";
import list from "./de/list.json";
import page from "./de/page.json";
import palette from "./de/palette.json";
import people from "./de/people.json";
import record from "./de/record.json";
import related from "./de/related.json";
import reports from "./de/reports.json";
import session from "./de/session.json";
import settings from "./de/settings.json";
import shell from "./de/shell.json";
import start from "./de/start.json";
import time from "./de/time.json";
import ui from "./de/ui.json";
import views from "./de/views.json";
import workspace from "./de/workspace.json";

export const de = {
  activities,
  api,
  board,
  convert,
  create,
  dashboard,
  fields,
  filter,
  history,
  import: imports,
  keys,
  lineItems,
  list,
  page,
  palette,
  people,
  record,
  related,
  reports,
  session,
  settings,
  shell,
  start,
  time,
  ui,
  views,
  workspace,
};
