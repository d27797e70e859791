/** Imports: a file and what to make of it, how far it is, what it refused, and taking it back. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { components } from "./schema";
import type { PropertyType } from "./types";

type Schemas = components["schemas"];

export type Import = Schemas["Import"];
export type ImportKind = Schemas["ImportKind"];
export type ImportFormat = Schemas["ImportFormat"];

/** A property to be made by an import. */
export interface NewProperty {
  label: string;
  type: PropertyType;
  unique?: boolean;
  targetObject?: string;
}

export interface MappingEntry {
  column: string;
  /** A property's name, or a part of a history row: `@key`, `@property`, `@value`, `@time`, `@user`, `@source`. */
  property: string;
  createProperty?: NewProperty;
  createOptions?: boolean;
  createRecord?: boolean;
}

export interface ImportOptions {
  object: string;
  kind: ImportKind;
  format?: ImportFormat;
  mapping: MappingEntry[];
  idProperty?: string;
  dateFormat?: string;
  timeZone?: string;
  delimiter?: string;
  /** Everything is done, and nothing of it kept. */
  dryRun: boolean;
}

const importKeys = {
  all: ["imports"] as const,
  one: (id: string) => ["imports", "one", id] as const,
};

const PAGE = 30;
const ASK_AGAIN_MS = 700;

/** Imports, newest first. Asked for again while one of them goes on. */
export const importsQuery = infiniteQueryOptions({
  queryKey: [...importKeys.all, "list"],
  queryFn: ({ pageParam, signal }) =>
    answer(api.GET("/api/v1/imports", { params: { query: { limit: PAGE, after: pageParam ?? undefined } }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.paging?.next.after ?? null,
  refetchInterval: ({ state }) =>
    state.data?.pages.some(({ results }) => results.some(isOngoing)) ? 4 * ASK_AGAIN_MS : false,
});

export function importQuery(id: string) {
  return queryOptions({
    queryKey: importKeys.one(id),
    queryFn: ({ signal }): Promise<Import> =>
      answer(api.GET("/api/v1/imports/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isOngoing(state.data) ? ASK_AGAIN_MS : false),
  });
}

export const isOngoing = ({ status }: Import): boolean => status === "queued" || status === "running";

/** What ended can be taken back once, unless nothing of it was kept. */
export const isUndoable = ({ status, dryRun }: Import): boolean =>
  !dryRun && (status === "succeeded" || status === "failed");

export function createImport(file: File, options: ImportOptions): Promise<Import> {
  const form = new FormData();
  form.append("options", JSON.stringify(options));
  form.append("file", file, file.name);
  // What is sent is the form; the body only has the type that the API's description gives it.
  const body = { file: file.name, options: { object: options.object } };
  return answer(api.POST("/api/v1/imports", { body, bodySerializer: () => form }));
}

export const undoImport = (id: string) => answer(api.POST("/api/v1/imports/{id}/undo", { params: { path: { id } } }));

/** Where the browser fetches the refused rows, all of them. */
export const errorFile = (id: string): string => `/api/v1/imports/${id}/errors.csv`;

const READ_BYTES = 64 * 1024;

/** The beginning of the file of refused rows: enough to see what is wrong. */
export function firstErrorsQuery(id: string, isWanted: boolean) {
  return queryOptions({
    queryKey: [...importKeys.one(id), "errors"],
    queryFn: async ({ signal }): Promise<string> => {
      const stream = await answer(
        api.GET("/api/v1/imports/{id}/errors.csv", { params: { path: { id } }, parseAs: "stream", signal }),
      );
      return stream ? textOf(stream.getReader()) : "";
    },
    enabled: isWanted,
    staleTime: Infinity,
  });
}

async function textOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  while (text.length < READ_BYTES) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  // Of the last line only a part was read.
  return text.slice(0, text.lastIndexOf("\n"));
}
