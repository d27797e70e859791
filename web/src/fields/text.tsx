/** One line of text. */
import { faint, type Field, plainText } from "./field";
import { LineEdit } from "./LineEdit";

export const text: Field = {
  Show: ({ value }) => <>{plainText(value)}</>,
  Edit: LineEdit,
  asText: plainText,
  tone: faint,
  align: "start",
};
