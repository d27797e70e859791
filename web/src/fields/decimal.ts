/** Decimals as people type and read them. Amounts stay text throughout, so that no digit is lost. */
import type { Money, Value } from "../api/types";

const numbers = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 20 });

export function formatNumber(value: Value): string {
  if (typeof value === "number") return numbers.format(value);
  return typeof value === "string" ? value : "";
}

/** "1 250,5", "1,250.50" and "1250.5" are one number; null when the text is none. */
export function parseDecimal(typed: string): string | null {
  const digits = typed.replace(/[\s\u00a0\u202f'€$£]/g, "");
  const decimal =
    /,\d{1,2}$/.test(digits) && !digits.includes(".") ? digits.replace(",", ".") : digits.replace(/,/g, "");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(decimal) ? decimal.replace(/^\+/, "").replace(/\.$/, "") : null;
}

export function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "amount" in value && "currency" in value;
}

/** "€ 1,250.50"; `short` leaves out cents that are nought. */
export function formatMoney({ amount, currency }: Money, short = false): string {
  const [whole = "0", fraction = ""] = amount.replace(/^-/, "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const cents = short && /^0*$/.test(fraction) ? "" : `.${fraction.padEnd(2, "0")}`;
  return `${amount.startsWith("-") ? "−" : ""}${symbolOf(currency)}\u00a0${grouped}${cents}`;
}

const symbols = new Map<string, string>();

function symbolOf(currency: string): string {
  const known = symbols.get(currency);
  if (known !== undefined) return known;
  let symbol = currency;
  try {
    const format = new Intl.NumberFormat("en-GB", { style: "currency", currency, currencyDisplay: "narrowSymbol" });
    symbol = format.formatToParts(0).find((part) => part.type === "currency")?.value ?? currency;
  } catch {
    // Not a code that the browser knows: the code itself is shown.
  }
  symbols.set(currency, symbol);
  return symbol;
}
