/** A day, the same in every time zone. */
import type { Value } from "../api/types";
import { formatDay } from "../ui/time";
import { type EditProps, faint, type Field, plainText } from "./field";
import { LineEdit } from "./LineEdit";

/** The day's own noon stands for it, so that no zone moves it to the day before. */
const asText = (value: Value) => formatDay(`${plainText(value)}T12:00:00`);

function Edit(props: EditProps) {
  return <LineEdit {...props} type="date" />;
}

export const date: Field = {
  Show: ({ value }) => <time dateTime={plainText(value)}>{asText(value)}</time>,
  Edit,
  asText,
  tone: faint,
  align: "start",
};
