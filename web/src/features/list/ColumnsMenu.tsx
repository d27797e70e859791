/** Which columns the list shows. */
import { Button, Checkbox } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import type { ObjectType } from "../../api/types";
import { Panel } from "../../ui/Panel";
import { isTitleColumn, offeredColumns, writeColumns, type Column } from "./columns";
import classes from "./RecordList.module.css";

interface Props {
  object: ObjectType;
  columns: Column[];
  onColumns: (columns: string | undefined) => void;
}

export function ColumnsMenu({ object, columns, onColumns }: Props) {
  const [opened, setOpened] = useState(false);
  const offered = offeredColumns(object);
  const isShown = ({ key }: Column) => columns.some((column) => column.key === key);
  const toggle = (column: Column) =>
    onColumns(
      writeColumns(isShown(column) ? columns.filter(({ key }) => key !== column.key) : [...columns, column], object),
    );
  return (
    <Panel
      opened={opened}
      onClose={() => setOpened(false)}
      width={240}
      position="bottom-end"
      label={t("list:columns")}
      target={
        <Button aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {t("list:columns")}
        </Button>
      }
    >
      <ul className={classes.choices}>
        {offered.map((column) => (
          <li key={column.key}>
            <Checkbox
              size="xs"
              label={column.label}
              checked={isShown(column)}
              disabled={isTitleColumn(column)}
              onChange={() => toggle(column)}
            />
          </li>
        ))}
      </ul>
      <Button fullWidth mt={10} onClick={() => onColumns(undefined)}>
        {t("list:usualColumns")}
      </Button>
    </Panel>
  );
}
