/** Makes a misspelt key of a text a compile error. */
import "i18next";
import type { en } from "./en";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "ui";
    resources: typeof en;
  }
}
