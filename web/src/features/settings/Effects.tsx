/** Whom a change of a lifecycle touches, counted before it is saved. */
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { countOfQuery } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { formatCount } from "../../texts/locale";
import { nounOf, nounsOf } from "../../texts/words";
import classes from "./Lifecycle.module.css";
import type { Effect } from "./lifecycle";

export function Effects({ object, effects }: { object: ObjectType; effects: Effect[] }) {
  return (
    <ul className={classes.effects} aria-label={t("settings:effects")}>
      {effects.map((effect, index) => (
        <li key={index}>
          <Sentence object={object} effect={effect} />
        </li>
      ))}
    </ul>
  );
}

function Sentence({ object, effect }: { object: ObjectType; effect: Effect }) {
  const { data: count } = useQuery(countOfQuery(object.name, effect.groups, null));
  if (count === undefined) return <>{t("settings:effect.counting", { stage: effect.stage })}</>;
  const noun = count === 1 ? nounOf(object) : nounsOf(object);
  const parts = { count, figure: formatCount(count), noun, stage: effect.stage };
  switch (effect.kind) {
    case "archived":
      return <>{t("settings:effect.archived", parts)}</>;
    case "required":
      return <>{t("settings:effect.required", { ...parts, property: effect.property })}</>;
    case "stuck":
      return <>{t("settings:effect.stuck", parts)}</>;
    case "late":
      return <>{t("settings:effect.late", parts)}</>;
  }
}
