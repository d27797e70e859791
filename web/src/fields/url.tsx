/** A web, mail or telephone link. */
import { type EditProps, faint, type Field, plainText, type ShowProps } from "./field";
import { LineEdit } from "./LineEdit";

const SAFE = /^(https?|mailto|tel):/i;

function Show({ value, plain }: ShowProps) {
  const address = plainText(value);
  // The server stores no other scheme; whatever else stands here is text.
  if (plain || !SAFE.test(address)) return <>{address}</>;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {address.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "")}
    </a>
  );
}

function Edit(props: EditProps) {
  return <LineEdit {...props} type="url" />;
}

export const url: Field = { Show, Edit, asText: plainText, tone: faint, align: "start" };
