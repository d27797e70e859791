/** A task in one line: what, and until when. It is for who writes it, and what else there is to say comes later. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { createTask } from "../../api/activities";
import { refreshRecords } from "../../api/records";
import type { Me } from "../../api/types";
import { Refusal } from "../../ui/Message";
import { LAST_HOUR } from "./drafts";
import classes from "./QuickAdd.module.css";

const DAYS = { today: 0, tomorrow: 1, week: 7, none: null } as const;

type When = keyof typeof DAYS;

export function QuickAdd({ me }: { me: Me }) {
  const client = useQueryClient();
  const [title, setTitle] = useState("");
  const [when, setWhen] = useState<When>("today");
  const add = useMutation({
    mutationFn: () => createTask({ title, assignee: me.user.id, dueAt: dueAt(when, new Date()) }),
    onSuccess: async () => {
      setTitle("");
      await refreshRecords(client);
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (title.trim() !== "" && !add.isPending) add.mutate();
      }}
    >
      <div className={classes.line}>
        <TextInput
          className={classes.title}
          aria-label={t("activities:newTask")}
          placeholder={t("activities:newTaskPlaceholder")}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label={t("activities:due")}
          value={when}
          data={[
            { value: "today", label: t("activities:in.today") },
            { value: "tomorrow", label: t("activities:in.tomorrow") },
            { value: "week", label: t("activities:in.week") },
            { value: "none", label: t("activities:in.none") },
          ]}
          onChange={(event) => setWhen(event.currentTarget.value as When)}
        />
        <Button type="submit" variant="filled" loading={add.isPending}>
          {t("activities:add")}
        </Button>
      </div>
      <Refusal error={add.error} />
    </form>
  );
}

/** The end of work of a day, or of today where that is over. */
function dueAt(when: When, now: Date): string | null {
  const days = DAYS[when];
  if (days === null) return null;
  const day = (hour: number, minute = 0) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, minute);
  const end = day(LAST_HOUR);
  return (end > now ? end : day(23, 59)).toISOString();
}
