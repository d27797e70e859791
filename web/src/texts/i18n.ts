/** The languages of the app and the one that is spoken. English is always there, but for pages that come later; others come when chosen. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { first } from "./first";

export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "de", name: "Deutsch" },
] as const;

type Language = (typeof LANGUAGES)[number]["code"];

const KEY = "leadline-language";

void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: first },
  ns: Object.keys(first),
  defaultNS: "ui",
  initAsync: false,
  // React escapes what it shows.
  interpolation: { escapeValue: false },
});

export function currentLanguage(): Language {
  return asLanguage(i18next.language) ?? "en";
}

let later: Promise<void> | undefined;

/** Loads the code of a page together with the texts that only such pages need. */
export const withTexts =
  <Module>(load: () => Promise<Module>) =>
  async (): Promise<Module> => {
    later ??= import("./later").then(({ later: texts }) => {
      for (const [name, own] of Object.entries(texts)) i18next.addResourceBundle("en", name, own);
    });
    const [module] = await Promise.all([load(), later]);
    return module;
  };

/** Speaks it from now on, here and at the next visit. */
export async function chooseLanguage(code: string) {
  const language = asLanguage(code);
  if (language === null) return;
  localStorage.setItem(KEY, language);
  // Saying it once more would draw everything anew.
  if (language !== i18next.language) await speak(language);
}

/** The language that was chosen here before, or else the browser's. */
export async function startLanguage() {
  await speak(asLanguage(localStorage.getItem(KEY)) ?? asLanguage(navigator.language) ?? "en");
}

async function speak(language: Language) {
  if (language === "de" && !i18next.hasResourceBundle("de", "ui")) {
    const { de } = await import("./de");
    for (const [name, texts] of Object.entries(de)) i18next.addResourceBundle("de", name, texts);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

function asLanguage(text: string | null): Language | null {
  return LANGUAGES.find(({ code }) => text === code || text?.startsWith(`${code}-`))?.code ?? null;
}
