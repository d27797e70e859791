/** The objects of the workspace with the number of their records at the moment that is shown. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { countQuery, type AsOf } from "../../api/records";
import type { ObjectType, Workspace } from "../../api/types";
import { formatCount } from "../../texts/locale";
import { SearchIcon } from "../../ui/icons";
import classes from "./Shell.module.css";

interface Props {
  workspace: Workspace;
  objects: ObjectType[];
  asOf: AsOf;
  onSearch: () => void;
}

export function Sidebar({ workspace, objects, asOf, onSearch }: Props) {
  return (
    <nav className={classes.sidebar} aria-label={t("shell:places")}>
      <div className={classes.workspace}>
        <img src="/icon.svg" alt="" className={classes.mark} />
        {workspace.name}
      </div>
      <button type="button" className={classes.search} onClick={onSearch}>
        <SearchIcon size={14} />
        {t("shell:search")}
        <kbd className={classes.kbd}>{/Mac/.test(navigator.userAgent) ? "⌘ K" : "Ctrl K"}</kbd>
      </button>
      <Link to="/" preload="intent" className={classes.link} activeOptions={{ includeSearch: false, exact: true }}>
        {t("shell:home")}
      </Link>
      {objects.map((object) => (
        <Link
          key={object.name}
          to="/objects/$object"
          preload="intent"
          params={{ object: object.name }}
          className={classes.link}
          activeOptions={{ includeSearch: false }}
        >
          {object.pluralLabel}
          <Count object={object.name} asOf={asOf} />
        </Link>
      ))}
      <Link to="/reports" preload="intent" className={classes.link} activeOptions={{ includeSearch: false }}>
        {t("shell:reports")}
      </Link>
      <div className={classes.last}>
        <Link to="/import" className={classes.link} activeOptions={{ includeSearch: false }}>
          {t("shell:import")}
        </Link>
        <Link to="/settings" className={classes.link} activeOptions={{ includeSearch: false }}>
          {t("shell:settings")}
        </Link>
      </div>
    </nav>
  );
}

function Count({ object, asOf }: { object: string; asOf: AsOf }) {
  const { data: count } = useQuery(countQuery(object, asOf));
  return count === undefined ? null : <span className={classes.count}>{formatCount(count)}</span>;
}
