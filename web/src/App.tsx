/** The app around its routes: theme, server data, router. The tests start here too. */
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider, type AnyRoute, type RouterHistory } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, isCode } from "./api/problem";
import { meQuery } from "./api/session";
import { makeRouter } from "./routes/router";
import "./texts/i18n";
import { cssVariablesResolver, theme } from "./ui/theme";

const colorSchemes = localStorageColorSchemeManager({ key: "leadline-color-scheme" });

interface Props {
  history?: RouterHistory;
  /** Of the page's content security policy. */
  nonce?: string;
}

export function App({ history, nonce }: Props) {
  const [{ client, router }] = useState(() => start(history));
  // Texts are read where they are needed, in components and out of them: another language draws everything anew.
  const { i18n } = useTranslation();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={nonce === undefined ? undefined : () => nonce}
    >
      <QueryClientProvider client={client}>
        <RouterProvider key={i18n.language} router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function start(history: RouterHistory | undefined) {
  /** The session ended while a page was open: sign in, and come back to it. */
  const askToSignIn = (error: unknown) => {
    const { pathname, href } = router.state.location;
    if (!isCode(error, "UNAUTHENTICATED") || pathname === "/sign-in") return;
    void router.navigate({ to: "/sign-in", search: { next: href, note: "ended" }, replace: true });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // A page that is being entered asks who is there, and leads to the sign-in by itself.
        const isEntering = query.queryKey[0] === meQuery.queryKey[0] && query.getObserversCount() === 0;
        if (!isEntering) askToSignIn(error);
      },
    }),
    mutationCache: new MutationCache({ onError: askToSignIn }),
    defaultOptions: {
      // "always": the browser's idea of being online says nothing of a server in the same building.
      queries: { retry: isWorthRetrying, staleTime: 5_000, networkMode: "always", refetchOnReconnect: true },
      mutations: { networkMode: "always" },
    },
  });
  const router = makeRouter(client, history);
  // The page's code comes while the server is still asked who is there.
  const routes: Partial<Record<string, AnyRoute>> = router.routesById;
  const { pathname, search } = router.latestLocation;
  for (const { routeId } of router.matchRoutes(pathname, search)) {
    const route = routes[routeId];
    if (route) void router.loadRouteChunk(route);
  }
  return { client, router };
}

/** What the server refused it will refuse again. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503);
}
