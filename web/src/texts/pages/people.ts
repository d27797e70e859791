/** The English texts of the settings about people, which come with their pages. */
import i18next from "i18next";
import people from "../en/people.json";

i18next.addResourceBundle("en", "people", people);
