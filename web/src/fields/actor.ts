/** What the one who made a change is called. */
import { t } from "i18next";
import type { Actor, Member } from "../api/types";

interface Made {
  actor: Actor;
  source: string;
}

export function actorName({ actor, source }: Made, members: Member[]): string {
  if (actor.type === "user") return members.find((member) => member.id === actor.id)?.name ?? t("fields:formerActor");
  if (actor.type === "automation" || source === "automation") return t("fields:aRule");
  if (source === "import") return t("fields:anImport");
  return actor.type === "system" ? "Leadline" : t("fields:theApi");
}

/** Beside a date: "Priya", "rule", "import". */
export function shortActorName(made: Made, members: Member[]): string {
  const name = actorName(made, members);
  if (made.actor.type === "user") return name.split(" ")[0] ?? name;
  return name.replace(/^(An?|The|Eine?|Die) /, "");
}
