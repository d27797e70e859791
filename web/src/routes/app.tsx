/** Everything behind the sign-in: loads who is there and the schema, keeps the moment, draws the shell. */
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createRoute, Outlet, redirect, retainSearchParams, useNavigate, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { objectsQuery } from "../api/objects";
import { isStatus } from "../api/problem";
import { meQuery, signOut } from "../api/session";
import { Shell } from "../features/shell/Shell";
import { ShellLoading } from "../features/shell/ShellLoading";
import { usePreferences } from "../features/shell/usePreferences";
import { parseMoment } from "../features/time-machine/moments";
import { PastBanner } from "../features/time-machine/PastBanner";
import { TimeMachine } from "../features/time-machine/TimeMachine";
import { withTexts } from "../texts/i18n";
import { onDemand } from "../ui/onDemand";
import { Crumbs } from "./Crumbs";
import { Finder } from "./Finder";
import { rootRoute } from "./root";

const Reminders = onDemand(
  withTexts(() => import("../features/activities/Reminders").then((module) => module.Reminders)),
);

export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  // A moment in the past, RFC 3339; absent is now.
  validateSearch: ({ asOf }: Record<string, unknown>): { asOf?: string } => ({
    asOf: (typeof asOf === "string" && parseMoment(asOf, Date.now())) || undefined,
  }),
  search: { middlewares: [retainSearchParams(["asOf"])] },
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.query({ ...meQuery, staleTime: "static" });
    } catch (error) {
      if (isStatus(error, 401)) throw redirect({ to: "/sign-in", search: { next: location.href } });
      throw error;
    }
  },
  loader: ({ context }) => context.queryClient.query({ ...objectsQuery, staleTime: "static" }),
  component: App,
  pendingComponent: ShellLoading,
});

function App() {
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const { asOf = null } = appRoute.useSearch();
  const navigate = useNavigate();
  const router = useRouter();
  const client = useQueryClient();
  const [isFinding, setFinding] = useState(false);
  usePreferences();

  const travel = (moment: string | null) =>
    void navigate({ to: ".", search: (before) => ({ ...before, asOf: moment ?? undefined }) });

  const leave = async () => {
    await signOut();
    client.clear();
    await router.navigate({ to: "/sign-in", search: {} });
  };

  return (
    <Shell
      me={me}
      objects={objects}
      asOf={asOf}
      crumbs={<Crumbs objects={objects} />}
      timeMachine={<TimeMachine asOf={asOf} onChange={travel} />}
      banner={asOf !== null ? <PastBanner asOf={asOf} onChange={travel} /> : <Reminders />}
      onSearch={() => setFinding(true)}
      onSignOut={() => void leave()}
    >
      <Outlet />
      <Finder
        me={me}
        objects={objects}
        asOf={asOf}
        opened={isFinding}
        onOpened={setFinding}
        onTravel={travel}
        onSignOut={() => void leave()}
      />
    </Shell>
  );
}
