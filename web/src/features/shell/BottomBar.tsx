/** The sidebar of a phone: five places at most, the rest behind the last. */
import { Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import type { ObjectType } from "../../api/types";
import { MoreIcon, ObjectIcon } from "../../ui/icons";
import classes from "./Shell.module.css";

const PLACES = 5;

export function BottomBar({ objects }: { objects: ObjectType[] }) {
  const first = objects.length > PLACES ? objects.slice(0, PLACES - 1) : objects;
  const rest = objects.slice(first.length);
  return (
    <nav className={classes.bottombar} aria-label={t("shell:places")}>
      {first.map((object) => (
        <Link
          key={object.name}
          to="/objects/$object"
          params={{ object: object.name }}
          className={classes.tab}
          activeOptions={{ includeSearch: false }}
        >
          <ObjectIcon name={object.name} />
          <span>{object.pluralLabel}</span>
        </Link>
      ))}
      {rest.length > 0 && (
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
                  <Link to="/objects/$object" params={{ object: object.name }} {...props} />
                )}
              >
                {object.pluralLabel}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </nav>
  );
}
