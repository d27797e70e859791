/** The one way to the server: typed by the OpenAPI document, with every failure turned into an `ApiError`. */
import createClient from "openapi-fetch";
import { reportConnection } from "./connection";
import { connectionLost, errorOf } from "./problem";
import type { paths } from "./schema";

// Looked up at each call, so that tests can put their own in its place.
export const api = createClient<paths>({ fetch: (request) => globalThis.fetch(request) });

/** The body of a successful answer; throws an `ApiError` for any other. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    // `fetch` rejects with a TypeError when there was no answer; an abort is not a failure of the connection.
    if (!(cause instanceof TypeError)) throw cause;
    reportConnection("lost");
    throw connectionLost();
  });
  reportConnection("up");
  if (!response.ok) throw errorOf(response.status, error);
  return data as T;
}
