/** The first page: the list of the first object. */
import { createRoute, redirect } from "@tanstack/react-router";
import { objectsQuery } from "../api/objects";
import { appRoute } from "./app";
import { NotFound } from "./states";

export const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/",
  loader: async ({ context }) => {
    const [first] = await context.queryClient.query({ ...objectsQuery, staleTime: "static" });
    if (first) throw redirect({ to: "/objects/$object", params: { object: first.name }, replace: true });
  },
  component: NotFound,
});
