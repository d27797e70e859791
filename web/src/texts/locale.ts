/** How figures and times are written: in the language that is spoken, as they are where the reader lives. */
import i18next from "i18next";

/** The browser's own where it fits the language ("en-US", "de-AT"), else the usual one of the language. */
export function currentLocale(): string {
  const language = i18next.language || "en";
  const own = navigator.languages.find((one) => one === language || one.startsWith(`${language}-`));
  // Bare "en" writes times as in the United States, which fewer readers expect.
  if (own !== undefined && own !== "en") return own;
  return language === "en" ? "en-GB" : language;
}

/** A writer of moments that follows the locale; the formats behind it are made once for each. */
export function dateFormat(options: Intl.DateTimeFormatOptions): (date: Date | number) => string {
  const known = new Map<string, Intl.DateTimeFormat>();
  return (date) => {
    const locale = currentLocale();
    let format = known.get(locale);
    if (!format) {
      format = new Intl.DateTimeFormat(locale, options);
      known.set(locale, format);
    }
    return format.format(date);
  };
}

const numbers = new Map<string, Intl.NumberFormat>();

export function numberFormat(options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const locale = currentLocale();
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    numbers.set(key, format);
  }
  return format;
}

/** "1,234" */
export const formatCount = (count: number): string => numberFormat().format(count);

/** "12.5 %": of a share from 0 to 1. */
export const formatShare = (share: number, digits = 0): string =>
  numberFormat({ style: "percent", maximumFractionDigits: digits }).format(share);

/** What stands between whole and fraction: "." or ",". */
export function decimalSeparator(): string {
  return (
    numberFormat()
      .formatToParts(1.5)
      .find(({ type }) => type === "decimal")?.value ?? "."
  );
}
