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
