/** The objects of the workspace with the number of their records at the moment that is shown. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import { overdueFilter } from "../../api/overdue";
import { countOfQuery, countQuery, type AsOf } from "../../api/records";
import type { Me, ObjectType } from "../../api/types";
import { formatCount } from "../../texts/locale";
import { SearchIcon } from "../../ui/icons";
import classes from "./Shell.module.css";

interface Props {
  me: Me;
  objects: ObjectType[];
  asOf: AsOf;
  onSearch: () => void;
}

export function Sidebar({ me, objects, asOf, onSearch }: Props) {
  return (
    <nav className={classes.sidebar} aria-label={t("shell:places")}>
      <div className={classes.workspace}>
        <img src="/icon.svg" alt="" className={classes.mark} />
        {me.workspace.name}
      </div>
      <button type="button" className={classes.search} data-tour="search" onClick={onSearch}>
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
      <Link to="/tasks" preload="intent" className={classes.link} activeOptions={{ includeSearch: false }}>
        {t("shell:tasks")}
        <Overdue me={me} asOf={asOf} />
      </Link>
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

/** How many of one's own tasks should have been done by now. */
function Overdue({ me, asOf }: { me: Me; asOf: AsOf }) {
  const [openedAt] = useState(() => new Date().toISOString());
  const { data: count } = useQuery(countOfQuery("tasks", overdueFilter(asOf ?? openedAt, me.user.id), asOf));
  return count === undefined || count === 0 ? null : (
    <span className={classes.count} data-late>
      {formatCount(count)}
    </span>
  );
}
