/** What views, dashboards and saved reports have in common: a name, an owner, a place among the others, a version. */
import type { QueryClient } from "@tanstack/react-query";
import type { components } from "./schema";
import type { Me } from "./types";

export type Visibility = components["schemas"]["Visibility"];

export interface Saved {
  id: string;
  name: string;
  owner: string;
  visibility: Visibility;
  position: number;
  archived: boolean;
  version: number;
}

/** Shows one as it is now, at once, among those that are kept under the key. */
export function showSaved(client: QueryClient, key: readonly string[], one: Saved) {
  client.setQueryData(key, (all: Saved[] | undefined) => {
    const others = all?.filter(({ id }) => id !== one.id) ?? [];
    const next = one.archived ? others : [...others, one];
    return next.sort((left, right) => left.position - right.position || (left.id < right.id ? -1 : 1));
  });
}

/** As their tabs stand: the person's own, then what others share. */
export const byOwner = <One extends Saved>(all: One[], me: Me): { own: One[]; others: One[] } => ({
  own: all.filter(({ owner }) => owner === me.user.id),
  others: all.filter(({ owner }) => owner !== me.user.id),
});

/** Its owner changes it, and managers and those above them change what is shared. */
export const canChange = ({ owner }: { owner: string }, me: Me): boolean =>
  me.permissions.includes("views.write") && (owner === me.user.id || ["owner", "admin", "manager"].includes(me.role));

/** What all see comes from who may write records. */
export const canShare = (me: Me): boolean => me.permissions.includes("records.write");
