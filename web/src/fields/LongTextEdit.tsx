/** The control for text of many lines, loaded when one is edited. */
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { plainText, type EditProps } from "./field";

export function LongTextEdit({ value, onChange, onCommit, input }: EditProps) {
  const [text, setText] = useState(value === null ? "" : plainText(value));
  const read = (typed: string) => (typed.trim() === "" ? null : typed);
  return (
    <Textarea
      {...input}
      autosize
      minRows={2}
      maxRows={12}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(read(event.currentTarget.value));
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onCommit?.(read(text));
      }}
      onBlur={() => onCommit?.(read(text))}
    />
  );
}
