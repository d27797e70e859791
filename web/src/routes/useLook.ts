/** How the list of the page is looked at: the open view and what the URL says beside it, and the way to change that. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Me, ObjectType } from "../api/types";
import { tabsOf, viewsQuery } from "../api/views";
import { listRoute } from "./list";
import { isChanged, lookOf, lookOfView, searchFor, type Look } from "./look";

export function useLook(object: ObjectType, me: Me) {
  const search = listRoute.useSearch();
  const navigate = useNavigate({ from: listRoute.fullPath });
  const { data, isPending, isSuccess } = useQuery(viewsQuery);
  const tabs = tabsOf(data ?? [], object.name, me);
  const open = [...tabs.own, ...tabs.others].find(({ id }) => id === search.view);
  const base = open ? lookOfView(open, object) : {};
  const look = lookOf(base, search);
  return {
    look,
    tabs,
    open,
    isChanged: isChanged(base, look),
    /** The view that the URL names is not known yet. */
    isWaiting: search.view !== undefined && isPending,
    isGone: search.view !== undefined && isSuccess && !open,
    /** What is undefined is as usual from then on. */
    change: (part: Look, replace = false) =>
      void navigate({
        search: (before) => ({ ...before, ...searchFor(base, { ...lookOf(base, before), ...part }) }),
        replace,
      }),
    /** As the open view keeps it, or as usual. */
    discard: () => void navigate({ search: ({ asOf }) => ({ asOf, view: open?.id }) }),
  };
}
