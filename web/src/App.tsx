/** The app around its routes: theme, server data, router. The tests start here too. */
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider, type RouterHistory } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, isStatus } from "./api/problem";
import { meQuery } from "./api/session";
import { makeRouter } from "./routes/router";
import { cssVariablesResolver, theme } from "./ui/theme";

const colorSchemes = localStorageColorSchemeManager({ key: "leadline-color-scheme" });

interface Props {
  history?: RouterHistory;
  /** Of the page's content security policy. */
  nonce?: string;
}

export function App({ history, nonce }: Props) {
  const [{ client, router }] = useState(() => start(history));
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={nonce === undefined ? undefined : () => nonce}
    >
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function start(history: RouterHistory | undefined) {
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // The session ended while a page was open: asking again who is there leads to the sign-in.
        if (!isStatus(error, 401) || query.queryKey[0] === meQuery.queryKey[0]) return;
        client.removeQueries({ queryKey: meQuery.queryKey });
        void router.invalidate();
      },
    }),
    defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 5_000, refetchOnWindowFocus: true } },
  });
  const router = makeRouter(client, history);
  return { client, router };
}

/** What the server refused it will refuse again. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503);
}
