/** Where the page is: its object, and the record in it. */
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useParams, useSearch } from "@tanstack/react-router";
import { t } from "i18next";
import { shownProperties } from "../api/objects";
import { recordQuery } from "../api/records";
import type { ObjectType } from "../api/types";
import { titleOf } from "../fields/title";
import classes from "./Crumbs.module.css";

export function Crumbs({ objects }: { objects: ObjectType[] }) {
  const { object: name, recordId } = useParams({ strict: false });
  const object = objects.find((one) => one.name === name);
  const place = useLocation({ select: ({ pathname }) => pathname.split("/")[1] ?? "" });
  if (name === undefined) return <h1 className={classes.page}>{placeName(place)}</h1>;
  if (!object) return null;
  if (recordId === undefined) return <h1 className={classes.page}>{object.pluralLabel}</h1>;
  return (
    <>
      <Link to="/objects/$object" params={{ object: object.name }}>
        {object.pluralLabel}
      </Link>
      <Title object={object} id={recordId} />
    </>
  );
}

/** What the pages beside those of the objects are called. */
function placeName(place: string): string {
  switch (place) {
    case "tasks":
    case "reports":
    case "import":
    case "settings":
      return t(`shell:${place}`);
    default:
      return t("shell:home");
  }
}

function Title({ object, id }: { object: ObjectType; id: string }) {
  const { asOf = null } = useSearch({ strict: false });
  const withHistory = shownProperties(object).map((property) => property.name);
  const { data: record } = useQuery(recordQuery({ object: object.name, id, asOf, withHistory }));
  if (!record) return null;
  return (
    <>
      <span className="quiet"> / </span>
      {titleOf(record, object)}
    </>
  );
}
