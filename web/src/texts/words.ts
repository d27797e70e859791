/** Names of the schema in running text: English writes them small, German as they stand. */
import i18next, { t } from "i18next";

interface Named {
  label: string;
  pluralLabel: string;
}

/** "Lead" as it stands within a sentence: "New lead". */
export const nounOf = ({ label }: Named): string => labelInText(label);

/** "Leads" as it stands within a sentence. */
export const nounsOf = ({ pluralLabel }: Named): string => labelInText(pluralLabel);

/** A label within a sentence; abbreviations stay as they are. */
export function labelInText(label: string): string {
  if (i18next.language !== "en") return label;
  return /^[\p{Lu}\d\W]{2,}/u.test(label) ? label : label.toLowerCase();
}

/** How a change came, in words. */
export function sourceText(source: string): string {
  switch (source) {
    case "import":
    case "automation":
    case "api":
    case "bulk":
    case "merge":
    case "restore":
    case "system":
    case "user":
      return t(`ui:source.${source}`);
    default:
      return source;
  }
}

/** "a, b and c" */
export function listed(parts: string[], type: "and" | "or" = "and"): string {
  const style = type === "and" ? "conjunction" : "disjunction";
  return new Intl.ListFormat(i18next.language, { type: style }).format(parts);
}
