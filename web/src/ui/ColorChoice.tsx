/** One of the data colours. */
import { Popover } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import classes from "./ColorChoice.module.css";
import { colored } from "./palette";

const COLORS = [
  "slate",
  "gray",
  "blue",
  "indigo",
  "violet",
  "pink",
  "red",
  "orange",
  "yellow",
  "green",
  "teal",
  "cyan",
  "brown",
] as const;

interface Props {
  /** Of what. */
  label: string;
  value: string | null | undefined;
  isReadOnly?: boolean;
  onChange: (color: string) => void;
}

export function ColorChoice({ label, value, isReadOnly = false, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const name = t("ui:color", { label });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.button}
          disabled={isReadOnly}
          aria-label={name}
          onClick={() => setOpened(!opened)}
          {...colored(value)}
        />
      </Popover.Target>
      <Popover.Dropdown className={classes.colors} role="group" aria-label={name}>
        {COLORS.map((color) => (
          <button
            key={color}
            type="button"
            className={classes.color}
            aria-label={t(`ui:colors.${color}`)}
            aria-pressed={color === value}
            title={t(`ui:colors.${color}`)}
            onClick={() => {
              onChange(color);
              setOpened(false);
            }}
            {...colored(color)}
          />
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
