/** Where a text with the marks of notes is typed: bold, italic and lists by buttons, and by the usual keys. */
import { ActionIcon, Textarea } from "@mantine/core";
import { t } from "i18next";
import { useRef, type KeyboardEvent } from "react";
import { BoldIcon, ItalicIcon, ListIcon } from "./icons";
import { withList, withMark } from "./marks";
import classes from "./MarkedInput.module.css";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  error?: string;
  minRows?: number;
  hasLabel?: boolean;
  autoFocus?: boolean;
}

type Change = (text: string, from: number, to: number) => [string, number, number];

const bold: Change = (text, from, to) => withMark(text, from, to, "**");
const italic: Change = (text, from, to) => withMark(text, from, to, "*");

export function MarkedInput({
  label,
  value,
  onChange,
  placeholder,
  error,
  minRows = 2,
  hasLabel = false,
  autoFocus,
}: Props) {
  const input = useRef<HTMLTextAreaElement>(null);

  const apply = (change: Change) => {
    const area = input.current;
    if (!area) return;
    const [text, from, to] = change(area.value, area.selectionStart, area.selectionEnd);
    onChange(text);
    // After the new text is in.
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(from, to);
    });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const change = { b: bold, i: italic }[event.key.toLowerCase()];
    if (!change) return;
    event.preventDefault();
    apply(change);
  };

  const marks = [
    { name: t("activities:bold"), icon: <BoldIcon size={14} />, change: bold },
    { name: t("activities:italic"), icon: <ItalicIcon size={14} />, change: italic },
    { name: t("activities:list"), icon: <ListIcon size={14} />, change: withList },
  ];
  return (
    <div className={classes.field}>
      <Textarea
        ref={input}
        autosize
        minRows={minRows}
        maxRows={14}
        label={hasLabel ? label : undefined}
        aria-label={hasLabel ? undefined : label}
        placeholder={placeholder}
        error={error}
        value={value}
        data-autofocus={autoFocus || undefined}
        autoFocus={autoFocus}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className={classes.marks} role="group" aria-label={t("activities:marks", { label })}>
        {marks.map(({ name, icon, change }) => (
          <ActionIcon
            key={name}
            variant="subtle"
            color="gray"
            size={24}
            aria-label={name}
            title={name}
            onClick={() => apply(change)}
          >
            {icon}
          </ActionIcon>
        ))}
      </div>
    </div>
  );
}
