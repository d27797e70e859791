/** What the one who made a change is called. */
import type { Actor, Member } from "../api/types";

interface Made {
  actor: Actor;
  source: string;
}

export function actorName({ actor, source }: Made, members: Member[]): string {
  if (actor.type === "user") return members.find((member) => member.id === actor.id)?.name ?? "A former member";
  if (actor.type === "automation" || source === "automation") return "A rule";
  if (source === "import") return "An import";
  return actor.type === "system" ? "Leadline" : "The API";
}

/** Beside a date: "Priya", "rule", "import". */
export function shortActorName(made: Made, members: Member[]): string {
  const name = actorName(made, members);
  if (made.actor.type === "user") return name.split(" ")[0] ?? name;
  return name.replace(/^(An?|The) /, "");
}
