/** A text to take along: it can be read, chosen whole, and copied with one click. */
import { Button, TextInput } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { t } from "i18next";
import classes from "./CopyField.module.css";

export function CopyField({ label, text }: { label: string; text: string }) {
  const clipboard = useClipboard({ timeout: 2_000 });
  return (
    <div className={classes.field}>
      <TextInput
        label={label}
        value={text}
        readOnly
        spellCheck={false}
        classNames={{ input: classes.text, root: classes.root }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button onClick={() => clipboard.copy(text)}>{clipboard.copied ? t("ui:copied") : t("ui:copy")}</Button>
    </div>
  );
}
