/** An amount in a currency. */
import type { Property, Value } from "../api/types";
import { formatMoney, isMoney, parseDecimal } from "./decimal";
import type { EditProps, Field, ShowProps } from "./field";
import { LineEdit } from "./LineEdit";

function Show({ value, plain }: ShowProps) {
  return <span className="num">{isMoney(value) ? formatMoney(value, plain) : String(value)}</span>;
}

function Edit(props: EditProps) {
  const currency = currencyOf(props.value, props.property);
  return (
    <LineEdit
      {...props}
      inputMode="decimal"
      suffix={currency}
      toText={(value) => (isMoney(value) ? value.amount : String(value))}
      toValue={(typed) => ({ amount: parseDecimal(typed) ?? typed, currency })}
    />
  );
}

function currencyOf(value: Value | null, property: Property): string {
  return isMoney(value) ? value.currency : (property.currency ?? "EUR");
}

export const money: Field = {
  Show,
  Edit,
  asText: (value) => (isMoney(value) ? formatMoney(value, true) : String(value)),
  tone: () => ({ color: "indigo", strength: "tint" }),
  align: "end",
};
