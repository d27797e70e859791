/** The German texts: a file for each feature. */
import api from "./de/api.json";
import board from "./de/board.json";
import create from "./de/create.json";
import fields from "./de/fields.json";
import filter from "./de/filter.json";
import history from "./de/history.json";
import list from "./de/list.json";
import page from "./de/page.json";
import record from "./de/record.json";
import session from "./de/session.json";
import shell from "./de/shell.json";
import time from "./de/time.json";
import ui from "./de/ui.json";

export const de = { api, board, create, fields, filter, history, list, page, record, session, shell, time, ui };
