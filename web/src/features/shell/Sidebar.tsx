/** The objects of the workspace with the number of their records at the moment that is shown. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { countQuery, type AsOf } from "../../api/records";
import type { ObjectType, Workspace } from "../../api/types";
import { formatCount } from "../../texts/locale";
import classes from "./Shell.module.css";

interface Props {
  workspace: Workspace;
  objects: ObjectType[];
  asOf: AsOf;
}

export function Sidebar({ workspace, objects, asOf }: Props) {
  return (
    <nav className={classes.sidebar} aria-label={t("shell:places")}>
      <div className={classes.workspace}>
        <img src="/icon.svg" alt="" className={classes.mark} />
        {workspace.name}
      </div>
      {objects.map((object) => (
        <Link
          key={object.name}
          to="/objects/$object"
          params={{ object: object.name }}
          className={classes.link}
          activeOptions={{ includeSearch: false }}
        >
          {object.pluralLabel}
          <Count object={object.name} asOf={asOf} />
        </Link>
      ))}
    </nav>
  );
}

function Count({ object, asOf }: { object: string; asOf: AsOf }) {
  const { data: count } = useQuery(countQuery(object, asOf));
  return count === undefined ? null : <span className={classes.count}>{formatCount(count)}</span>;
}
