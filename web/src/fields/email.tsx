/** An address of mail. */
import { type EditProps, faint, type Field, plainText, type ShowProps } from "./field";
import { LineEdit } from "./LineEdit";

function Show({ value, plain }: ShowProps) {
  return plain ? <>{plainText(value)}</> : <a href={`mailto:${encodeURI(plainText(value))}`}>{plainText(value)}</a>;
}

function Edit(props: EditProps) {
  return <LineEdit {...props} type="email" />;
}

export const email: Field = { Show, Edit, asText: plainText, tone: faint, align: "start" };
