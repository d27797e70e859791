/** A decimal number. */
import { formatNumber, parseDecimal } from "./decimal";
import { faint, type EditProps, type Field } from "./field";
import { LineEdit } from "./LineEdit";

function Edit(props: EditProps) {
  const toValue = (typed: string) => {
    const decimal = parseDecimal(typed);
    return decimal === null ? typed : Number(decimal);
  };
  return <LineEdit {...props} inputMode="decimal" toValue={toValue} />;
}

export const number: Field = {
  Show: ({ value }) => <span className="num">{formatNumber(value)}</span>,
  Edit,
  asText: formatNumber,
  tone: faint,
  align: "end",
};
