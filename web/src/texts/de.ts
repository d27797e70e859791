/** The German texts: a file for each feature. */
import api from "./de/api.json";
import board from "./de/board.json";
import convert from "./de/convert.json";
import create from "./de/create.json";
import fields from "./de/fields.json";
import filter from "./de/filter.json";
import history from "./de/history.json";
import home from "./de/home.json";
import imports from "./de/import.json";
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
import time from "./de/time.json";
import ui from "./de/ui.json";

export const de = {
  api,
  board,
  convert,
  create,
  fields,
  filter,
  history,
  home,
  import: imports,
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
  time,
  ui,
};
