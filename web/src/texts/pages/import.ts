/** The English texts of the imports, which come with their pages. */
import i18next from "i18next";
import imports from "../en/import.json";

i18next.addResourceBundle("en", "import", imports);
