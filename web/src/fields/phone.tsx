/** A telephone number. */
import { type EditProps, faint, type Field, plainText, type ShowProps } from "./field";
import { LineEdit } from "./LineEdit";

function Show({ value, plain }: ShowProps) {
  if (plain) return <>{plainText(value)}</>;
  return (
    <a className="num" href={`tel:${plainText(value).replace(/[^+\d]/g, "")}`}>
      {plainText(value)}
    </a>
  );
}

function Edit(props: EditProps) {
  return <LineEdit {...props} type="tel" />;
}

export const phone: Field = { Show, Edit, asText: plainText, tone: faint, align: "start" };
