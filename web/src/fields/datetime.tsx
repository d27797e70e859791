/** An instant. */
import { Moment } from "../ui/Moment";
import { formatMoment, fromLocalInput, toLocalInput } from "../ui/time";
import { type EditProps, faint, type Field, plainText } from "./field";
import { LineEdit } from "./LineEdit";

function Edit(props: EditProps) {
  return (
    <LineEdit
      {...props}
      type="datetime-local"
      toText={(value) => toLocalInput(plainText(value))}
      toValue={(typed) => fromLocalInput(typed) ?? typed}
    />
  );
}

export const datetime: Field = {
  Show: ({ value }) => <Moment at={plainText(value)} />,
  Edit,
  asText: (value) => formatMoment(plainText(value)),
  tone: faint,
  align: "start",
};
