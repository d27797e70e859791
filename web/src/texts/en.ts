/** The English texts that are there from the first page on: a file for each feature. Others come with their pages; see `pages/`. */
import activities from "./en/activities.json";
import api from "./en/api.json";
import board from "./en/board.json";
import convert from "./en/convert.json";
import create from "./en/create.json";
import dashboard from "./en/dashboard.json";
import fields from "./en/fields.json";
import filter from "./en/filter.json";
import history from "./en/history.json";
import lineItems from "./en/lineItems.json";
import list from "./en/list.json";
import page from "./en/page.json";
import palette from "./en/palette.json";
import record from "./en/record.json";
import related from "./en/related.json";
import reports from "./en/reports.json";
import session from "./en/session.json";
import shell from "./en/shell.json";
import time from "./en/time.json";
import ui from "./en/ui.json";
import views from "./en/views.json";
import workspace from "./en/workspace.json";

export const en = {
  activities,
  api,
  board,
  convert,
  create,
  dashboard,
  fields,
  filter,
  history,
  lineItems,
  list,
  page,
  palette,
  record,
  related,
  reports,
  session,
  shell,
  time,
  ui,
  views,
  workspace,
};
