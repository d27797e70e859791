/** A text of the catalogue with parts in bold: what stands between `<b>` and `</b>`. */
import { Fragment } from "react";

export function Rich({ text }: { text: string }) {
  const parts = text.split(/<b>(.*?)<\/b>/s);
  return (
    <>
      {parts.map((part, index) => (
        // Every second part was inside.
        <Fragment key={index}>{index % 2 === 1 ? <b>{part}</b> : part}</Fragment>
      ))}
    </>
  );
}
