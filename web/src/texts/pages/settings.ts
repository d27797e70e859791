/** The English texts of the settings, which come with their pages. */
import i18next from "i18next";
import settings from "../en/settings.json";

i18next.addResourceBundle("en", "settings", settings);
