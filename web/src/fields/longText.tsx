/** Text of many lines. */
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { type EditProps, faint, type Field, plainText, type ShowProps } from "./field";
import classes from "./fields.module.css";

function Show({ value, plain }: ShowProps) {
  return plain ? <>{plainText(value)}</> : <span className={classes.lines}>{plainText(value)}</span>;
}

function Edit({ value, onChange, onCommit, input }: EditProps) {
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

export const longText: Field = { Show, Edit, asText: plainText, tone: faint, align: "start" };
