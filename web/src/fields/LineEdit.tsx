/** The control of every type that is typed on one line. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { Value } from "../api/types";
import type { EditProps } from "./field";

interface Props extends EditProps {
  type?: "text" | "email" | "tel" | "url" | "date" | "datetime-local";
  inputMode?: "decimal";
  /** From the value to what is typed, and back. What is typed and makes no value is passed on for the server to refuse. */
  toText?: (value: Value) => string;
  toValue?: (text: string) => Value;
  suffix?: string;
}

const asString = (value: Value) => (typeof value === "object" ? "" : String(value));

export function LineEdit({
  value,
  onChange,
  onCommit,
  input,
  type = "text",
  inputMode,
  toText = asString,
  toValue = (text) => text,
  suffix,
}: Props) {
  const [text, setText] = useState(value === null ? "" : toText(value));
  const read = (typed: string) => (typed.trim() === "" ? null : toValue(typed.trim()));
  return (
    <TextInput
      {...input}
      type={type}
      inputMode={inputMode}
      value={text}
      step={type === "datetime-local" ? 60 : undefined}
      rightSection={suffix === undefined ? undefined : <span className="quiet">{suffix}</span>}
      rightSectionWidth={44}
      rightSectionPointerEvents="none"
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(read(event.currentTarget.value));
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && onCommit) {
          event.preventDefault();
          onCommit(read(text));
        }
      }}
      onBlur={() => onCommit?.(read(text))}
    />
  );
}
