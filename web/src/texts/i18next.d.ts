/** Makes a misspelt key of a text a compile error. */
import "i18next";
import type { en } from "./en";
import type { enLater } from "./enLater";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "ui";
    resources: typeof en & typeof enLater;
  }
}
