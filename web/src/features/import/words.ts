/** Sizes and states in words. */
import { t } from "i18next";
import { isOngoing, type Import } from "../../api/imports";
import { numberFormat } from "../../texts/locale";

/** "48 kB" */
export function formatBytes(bytes: number): string {
  const units = ["kilobyte", "megabyte", "gigabyte"] as const;
  const power = Math.min(units.length, Math.max(1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const format = { style: "unit", unit: units[power - 1], unitDisplay: "short", maximumFractionDigits: 1 } as const;
  return numberFormat(format).format(bytes / 1000 ** power);
}

/** It is at work again. */
export const isBeingUndone = (one: Import): boolean => isOngoing(one) && Boolean(one.undo);

/** What an import is at, with its colour. */
export function stateOf(one: Import): { label: string; color: string } {
  const { status, dryRun, refused } = one;
  if (isBeingUndone(one)) return { label: t("import:undoing"), color: "indigo" };
  switch (status) {
    case "queued":
      return { label: t("import:state.queued"), color: "slate" };
    case "running":
      return { label: t("import:state.running"), color: "indigo" };
    case "failed":
      return { label: t("import:state.failed"), color: "red" };
    case "undone":
      return { label: t("import:state.undone"), color: "gray" };
    default:
      if (dryRun) return { label: t("import:state.rehearsed"), color: "slate" };
      return refused > 0
        ? { label: t("import:state.partly"), color: "orange" }
        : { label: t("import:state.done"), color: "green" };
  }
}
