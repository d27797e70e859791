/** What stands above a list: the words to look for, and making a record. */
import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { t } from "i18next";
import { useState, type ReactNode } from "react";
import type { ObjectType } from "../../api/types";
import { nounsOf } from "../../texts/words";
import { SearchIcon } from "../../ui/icons";
import classes from "./RecordList.module.css";

interface Props {
  object: ObjectType;
  query: string;
  onQuery: (query: string) => void;
  /** Before the words: which way the records are shown. */
  views?: ReactNode;
  children: ReactNode;
}

export function ListToolbar({ object, query, onQuery, views, children }: Props) {
  const [typed, setTyped] = useState(query);
  const [settled, setSettled] = useState(query);
  const search = useDebouncedCallback((text: string) => {
    setSettled(text);
    onQuery(text);
  }, 200);
  // The URL changed by another way than by typing here.
  if (query !== settled) {
    setSettled(query);
    setTyped(query);
  }
  const change = (text: string) => {
    setTyped(text);
    search(text.trim());
  };
  return (
    <div className={classes.toolbar} role="search">
      {views}
      <TextInput
        className={classes.query}
        type="search"
        aria-label={t("list:search", { nouns: nounsOf(object) })}
        placeholder={t("list:search", { nouns: nounsOf(object) })}
        leftSection={<SearchIcon size={14} />}
        rightSection={
          typed !== "" && <CloseButton size="sm" aria-label={t("list:clearQuery")} onClick={() => change("")} />
        }
        value={typed}
        onChange={(event) => change(event.currentTarget.value)}
      />
      <span className={classes.space} />
      {children}
    </div>
  );
}
