/** The sidebar of a phone: five places at most, the rest behind the last. */
import { Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import type { ObjectType } from "../../api/types";
import { HomeIcon, MoreIcon, ObjectIcon, TasksIcon } from "../../ui/icons";
import classes from "./Shell.module.css";

/** Beside home and the tasks: the rest stands behind the last. */
const PLACES = 3;

export function BottomBar({ objects }: { objects: ObjectType[] }) {
  const first = objects.slice(0, PLACES - 1);
  const rest = objects.slice(first.length);
  return (
    <nav className={classes.bottombar} aria-label={t("shell:places")}>
      <Link to="/" preload="intent" className={classes.tab} activeOptions={{ includeSearch: false, exact: true }}>
        <HomeIcon size={18} />
        <span>{t("shell:home")}</span>
      </Link>
      {first.map((object) => (
        <Link
          key={object.name}
          to="/objects/$object"
          preload="intent"
          params={{ object: object.name }}
          className={classes.tab}
          activeOptions={{ includeSearch: false }}
        >
          <ObjectIcon name={object.name} />
          <span>{object.pluralLabel}</span>
        </Link>
      ))}
      <Link to="/tasks" preload="intent" className={classes.tab} activeOptions={{ includeSearch: false }}>
        <TasksIcon size={18} />
        <span>{t("shell:tasks")}</span>
      </Link>
      <Menu position="top-end">
        <Menu.Target>
          <button type="button" className={classes.tab}>
            <MoreIcon size={18} />
            <span>{t("shell:more")}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {rest.map((object) => (
            <Menu.Item
              key={object.name}
              renderRoot={(props: object) => (
                <Link to="/objects/$object" preload="intent" params={{ object: object.name }} {...props} />
              )}
            >
              {object.pluralLabel}
            </Menu.Item>
          ))}
          <Menu.Item renderRoot={(props: object) => <Link to="/reports" {...props} />}>{t("shell:reports")}</Menu.Item>
          <Menu.Item renderRoot={(props: object) => <Link to="/import" {...props} />}>{t("shell:import")}</Menu.Item>
          <Menu.Item renderRoot={(props: object) => <Link to="/settings" {...props} />}>
            {t("shell:settings")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
