/** What a refused or failed call throws: the server's problem document (RFC 9457), or what stands for a lost connection. */
import { z } from "zod";

// The content security policy forbids the code generation that zod otherwise probes for.
z.config({ jitless: true });

const problemSchema = z.object({
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string().nullish(),
  requestId: z.string().nullish(),
  errors: z.array(z.object({ pointer: z.string().nullish(), code: z.string(), message: z.string() })).nullish(),
});

export type Problem = z.infer<typeof problemSchema>;

export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
    this.problem = problem;
  }

  get status() {
    return this.problem.status;
  }

  get code() {
    return this.problem.code;
  }
}

/** The error for an answer that is not a success. `body` is whatever came, parsed if it was JSON. */
export function errorOf(status: number, body: unknown): ApiError {
  const parsed = problemSchema.safeParse(body);
  if (parsed.success) return new ApiError(parsed.data);
  return new ApiError({
    title: "The server gave no readable answer",
    status,
    code: "UNREADABLE_ANSWER",
    detail: `The server answered with status ${status}. Nothing is known to have changed; try again.`,
  });
}

/** The error for a call that never got an answer. */
export function connectionLost(): ApiError {
  return new ApiError({
    title: "The server cannot be reached",
    status: 0,
    code: "CONNECTION_LOST",
    detail: "The server cannot be reached. Check the connection and try again.",
  });
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something failed that has no description.";
}

/** Messages by the last part of their JSON pointer: `{"email": "This is not an email address."}`. */
export function messagesByName(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const messages: Record<string, string> = {};
  for (const { pointer, message } of error.problem.errors ?? []) {
    // A money's or a list's error points below the property: /properties/amount/currency.
    const parts = (pointer ?? "").split("/").filter((part) => part !== "");
    const name = parts[0] === "properties" ? parts[1] : parts[0];
    if (name !== undefined) messages[name] ??= message;
  }
  return messages;
}
