/** What a refused or failed call throws: the server's problem document (RFC 9457), or what stands for a lost connection. */
import { t } from "i18next";

export interface Problem {
  title: string;
  status: number;
  code: string;
  detail?: string | null;
  requestId?: string | null;
  errors?: InputError[] | null;
}

/** One thing wrong with an input. */
export interface InputError {
  pointer?: string | null;
  code: string;
  message: string;
}

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
  if (isProblem(body)) return new ApiError(body);
  return new ApiError({
    title: "The server gave no readable answer",
    status,
    code: "UNREADABLE_ANSWER",
    detail: t("api:unreadable", { status }),
  });
}

/** What stands between may answer with JSON of its own. */
function isProblem(body: unknown): body is Problem {
  if (typeof body !== "object" || body === null) return false;
  const { title, status, code } = body as Partial<Record<keyof Problem, unknown>>;
  return typeof title === "string" && typeof status === "number" && typeof code === "string";
}

/** The error for a call that never got an answer. */
export function connectionLost(): ApiError {
  return new ApiError({
    title: "The server cannot be reached",
    status: 0,
    code: "CONNECTION_LOST",
    detail: t("api:lost"),
  });
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code;
}

/** What went wrong, in whole sentences. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return t("api:none");
  const errors = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  if (errors.length === 0) return sentence(error.message);
  return errors.map(({ pointer, message }) => sentence(withSubject(pointer, message))).join(" ");
}

/** Messages by the last part of their JSON pointer: `{"email": "Must be an address of mail."}`. */
export function messagesByName(error: unknown): Record<string, string> {
  return error instanceof ApiError ? messagesWithin(error.problem.errors ?? []) : {};
}

/** The same of one part of a body that has several: of `/contact/properties/email` with "contact". */
export function messagesWithin(errors: InputError[], part?: string): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const { pointer, message } of errors) {
    const whole = partsOf(pointer);
    if (part !== undefined && whole[0] !== part) continue;
    // A money's or a list's error points below the property: /properties/amount/currency.
    const parts = part === undefined ? whole : whole.slice(1);
    const name = parts[0] === "properties" ? parts[1] : parts[0];
    if (name !== undefined) messages[name] ??= sentence(message);
  }
  return messages;
}

/** Most messages are said of a field: "must not lie in the future" of "/set/0/validFrom" begins with "Valid from". */
function withSubject(pointer: string | null | undefined, message: string): string {
  const name = partsOf(pointer).findLast((part) => !/^\d+$/.test(part));
  if (name === undefined || !/^(is|are|must|may|can|cannot|has|have|needs?|was|names?)\b/.test(message)) return message;
  const words = name.replace(/[_-]/g, " ").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words} ${message}`;
}

const partsOf = (pointer: string | null | undefined) => (pointer ?? "").split("/").filter((part) => part !== "");

/** The server speaks in clauses, for programs and people alike; people get a capital and a full stop. */
function sentence(clause: string): string {
  const text = clause.charAt(0).toUpperCase() + clause.slice(1);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
