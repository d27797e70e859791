/** Decimals as people type and read them. Amounts stay text throughout, so that no digit is lost. */
import type { Money, Value } from "../api/types";
import { decimalSeparator, numberFormat } from "../texts/locale";

export function formatNumber(value: Value): string {
  if (typeof value === "number") return numberFormat({ maximumFractionDigits: 20 }).format(value);
  return typeof value === "string" ? value : "";
}

/** "1 250,5", "1,250.50" and "1250.5" are one number; what could be both is read as the locale writes it. Null when it is none. */
export function parseDecimal(typed: string): string | null {
  const digits = typed.replace(/[\s\u00a0\u202f'€$£]/g, "");
  const separator = separatorOf(digits);
  const decimal = separator === "," ? digits.replace(/\./g, "").replace(",", ".") : digits.replace(/,/g, "");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(decimal) ? decimal.replace(/^\+/, "").replace(/\.$/, "") : null;
}

/** Which of "." and "," begins the fraction. */
function separatorOf(digits: string): "." | "," {
  const [point, comma] = [digits.lastIndexOf("."), digits.lastIndexOf(",")];
  if (point >= 0 && comma >= 0) return comma > point ? "," : ".";
  const looksGrouped = /^[+-]?\d{1,3}([.,]\d{3})+$/.test(digits);
  const local = decimalSeparator() === "," ? "," : ".";
  if (comma >= 0) return looksGrouped && local === "." ? "." : ",";
  return looksGrouped && local === "," ? "," : ".";
}

export function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "amount" in value && "currency" in value;
}

/** "€1,250.50"; `short` leaves out cents that are nought. */
export function formatMoney({ amount, currency }: Money, short = false): string {
  const isWhole = !/\.\d*[1-9]/.test(amount);
  const digits = short && isWhole ? 0 : Math.max(2, amount.split(".")[1]?.length ?? 0);
  try {
    const format = numberFormat({
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    // As text, so that no digit is lost on the way.
    return format.format(amount as Intl.StringNumericLiteral);
  } catch {
    // Not a code that the browser knows: the code itself is shown.
    return `${amount} ${currency}`;
  }
}

/** "€1.9M": for figures that are read at a glance. */
export function formatMoneyBriefly({ amount, currency }: Money): string {
  try {
    const options = { style: "currency", currency, currencyDisplay: "narrowSymbol", notation: "compact" } as const;
    return numberFormat({ ...options, maximumFractionDigits: 1 }).format(amount as Intl.StringNumericLiteral);
  } catch {
    return `${amount} ${currency}`;
  }
}
