/** The English texts of the pages that most visits begin with, and of what stands around every page: a file for each feature. */
import api from "./en/api.json";
import board from "./en/board.json";
import create from "./en/create.json";
import fields from "./en/fields.json";
import filter from "./en/filter.json";
import list from "./en/list.json";
import page from "./en/page.json";
import palette from "./en/palette.json";
import record from "./en/record.json";
import session from "./en/session.json";
import shell from "./en/shell.json";
import time from "./en/time.json";
import ui from "./en/ui.json";
import views from "./en/views.json";

export const first = {
  api,
  board,
  create,
  fields,
  filter,
  list,
  page,
  palette,
  record,
  session,
  shell,
  time,
  ui,
  views,
};
