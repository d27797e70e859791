/** The order of the list, key by key. */
import { ActionIcon, Button, Select } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import type { Sort } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { ArrowDownIcon, ArrowUpIcon, CloseIcon } from "../../ui/icons";
import { Panel } from "../../ui/Panel";
import { offeredColumns, sortKeyOf } from "./columns";
import classes from "./RecordList.module.css";
import { OWN_SORT, withSort } from "./sort";

interface Props {
  object: ObjectType;
  sorts: Sort[];
  onSorts: (sorts: Sort[]) => void;
}

export function SortMenu({ object, sorts, onSorts }: Props) {
  const [opened, setOpened] = useState(false);
  const choices = offeredColumns(object).flatMap((column) => {
    const key = sortKeyOf(column);
    return key === null ? [] : [{ value: key, label: column.label }];
  });
  const labelOf = (name: string) => choices.find(({ value }) => value === name)?.label ?? name;
  const [main = OWN_SORT] = sorts;
  const shown = sorts.length > 1 ? `${labelOf(main.property)} +${sorts.length - 1}` : labelOf(main.property);
  return (
    <Panel
      opened={opened}
      onClose={() => setOpened(false)}
      position="bottom-end"
      label={t("list:order")}
      target={
        <Button
          aria-expanded={opened}
          aria-label={t("list:orderBy", { property: shown })}
          rightSection={main.direction === "ascending" ? <ArrowUpIcon size={12} /> : <ArrowDownIcon size={12} />}
          onClick={() => setOpened(!opened)}
        >
          {shown}
        </Button>
      }
    >
      <ol className={classes.sorts}>
        {sorts.map((sort, index) => (
          <li key={sort.property} className={classes.sortRow}>
            <span className="quiet">{index === 0 ? t("list:by") : t("list:thenBy")}</span>
            <b>{labelOf(sort.property)}</b>
            <Button
              leftSection={sort.direction === "ascending" ? <ArrowUpIcon size={12} /> : <ArrowDownIcon size={12} />}
              onClick={() =>
                onSorts(
                  sorts.with(index, {
                    ...sort,
                    direction: sort.direction === "ascending" ? "descending" : "ascending",
                  }),
                )
              }
            >
              {t(`list:sort.${sort.direction}`)}
            </Button>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("list:sort.removeNamed", { property: labelOf(sort.property) })}
              onClick={() => onSorts(sorts.toSpliced(index, 1))}
            >
              <CloseIcon size={12} />
            </ActionIcon>
          </li>
        ))}
      </ol>
      <Select
        aria-label={t("list:addSort")}
        placeholder={t("list:addSort")}
        data={choices.filter(({ value }) => !sorts.some(({ property }) => property === value))}
        value={null}
        searchable
        onChange={(property) => {
          if (property !== null) onSorts(withSort(sorts, { property, direction: "ascending" }, true));
        }}
      />
    </Panel>
  );
}
