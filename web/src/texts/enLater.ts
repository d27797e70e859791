/** The English texts that come with their pages (see `pages/`), for types and tests: the app itself never loads this file. */
import imports from "./en/import.json";
import people from "./en/people.json";
import settings from "./en/settings.json";

export const enLater = { import: imports, people, settings };
