/** Reminds of a task whose time has come: a line above the page, until it is done or put off. */
import { Button, Menu } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { remindersQuery } from "../../api/activities";
import { ChevronIcon } from "../../ui/icons";
import { Moment } from "../../ui/Moment";
import { AboutLinks } from "./AboutLinks";
import { remindLater, tickTask } from "./actions";
import { BellIcon } from "./icons";
import classes from "./Reminders.module.css";

const HOUR_MS = 3_600_000;

export function Reminders() {
  const client = useQueryClient();
  const { data: tasks = [] } = useQuery(remindersQuery);
  const [task, ...rest] = tasks;
  if (!task) return null;
  const later = (remindAt: string | null) => void remindLater(client, task, remindAt);
  return (
    <aside className={classes.reminder} aria-label={t("activities:reminder")}>
      <BellIcon size={14} />
      <p className={classes.text} role="status">
        <b>{task.title}</b>
        {task.dueAt && (
          <span className="quiet">
            {" "}
            · {t("activities:dueWord")} <Moment at={task.dueAt} />
          </span>
        )}
      </p>
      <AboutLinks records={task.records} />
      {rest.length > 0 && <Link to="/tasks">{t("activities:moreReminders", { count: rest.length })}</Link>}
      <span className={classes.space} />
      <Button onClick={() => void tickTask(client, task)}>{t("activities:done")}</Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button rightSection={<ChevronIcon size={12} />}>{t("activities:later")}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => later(new Date(Date.now() + HOUR_MS).toISOString())}>
            {t("activities:inAnHour")}
          </Menu.Item>
          <Menu.Item onClick={() => later(tomorrowMorning())}>{t("activities:tomorrow")}</Menu.Item>
          <Menu.Item onClick={() => later(null)}>{t("activities:noMore")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </aside>
  );
}

function tomorrowMorning(): string {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9).toISOString();
}
