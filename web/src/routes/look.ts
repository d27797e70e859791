/** How a list is looked at: the state of a view, what the URL says beside it, and the two put together. Pure. */
import { hashKey } from "@tanstack/react-query";
import { meaningful, readFilterGroups, type FilterGroup } from "../api/filters";
import { shownProperties, stageOf } from "../api/objects";
import type { Sort } from "../api/records";
import type { ObjectType, Property } from "../api/types";
import type { SavedView, ViewBody } from "../api/views";
import { parseSorts, writeSorts } from "../features/list/sort";

/** As the URL keeps it; what is absent is as usual. */
export interface Look {
  q?: string;
  sort?: string;
  filter?: FilterGroup[];
  columns?: string;
  as?: "table" | "board";
  by?: string;
}

const NAMES = ["q", "sort", "filter", "columns", "as", "by"] as const;

/** What the URL says where a view says more than usual, and the list shall not. */
const USUAL = { q: "", sort: "", filter: [], columns: "-", as: "table", by: "-" } as const satisfies Required<Look>;

/** The column of the time in the stage, as the URL calls it. */
const TIME_IN_STAGE = "time-in-stage";

const same = (left: unknown, right: unknown): boolean => hashKey([left ?? null]) === hashKey([right ?? null]);

/** Without what is as usual. */
function tidy(look: Look): Look {
  const kept = NAMES.flatMap((name) => {
    const value = name === "filter" ? meaningful(look.filter ?? []) : look[name];
    return value === undefined || same(value, USUAL[name]) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}

/** What is shown: the view, and what the URL says beside it. */
export function lookOf(base: Look, search: Look): Look {
  const said = Object.fromEntries(NAMES.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])));
  return tidy({ ...base, ...said });
}

/** What the URL has to say so that `look` is shown; all names, so that what is no longer said goes. */
export function searchFor(base: Look, look: Look): Look {
  const wanted = tidy(look);
  return Object.fromEntries(
    NAMES.map((name) => [name, same(wanted[name], base[name]) ? undefined : (wanted[name] ?? USUAL[name])]),
  );
}

/** Whether more is shown than the view has, or less, or otherwise. */
export const isChanged = (base: Look, look: Look): boolean => NAMES.some((name) => !same(base[name], look[name]));

/** The properties whose options can be a board's columns; the stage comes first. */
export function boardsOf(object: ObjectType): Property[] {
  const stage = stageOf(object);
  const others = shownProperties(object).filter(({ type }) => type === "stage" || type === "select");
  return stage ? [stage, ...others.filter((one) => one !== stage)] : others;
}

/** The look that a view keeps. */
export function lookOfView(view: SavedView, object: ObjectType): Look {
  const [usual] = boardsOf(object);
  const stage = stageOf(object);
  const columns = view.columns?.flatMap(({ property, shows, width }) => {
    const name = shows === "age" ? (property === stage?.name ? TIME_IN_STAGE : null) : property;
    return name === null ? [] : [width ? `${name}:${width}` : name];
  });
  return tidy({
    q: view.query ?? undefined,
    sort: writeSorts(sortsOf(view.sorts)),
    filter: readFilterGroups(view.filterGroups),
    columns: columns?.join(","),
    as: view.kind === "board" ? "board" : undefined,
    by: view.board && view.board.property !== usual?.name ? view.board.property : undefined,
  });
}

/** The API takes short forms too. */
function sortsOf(given: unknown): Sort[] {
  if (!Array.isArray(given)) return [];
  return given.flatMap((one: unknown) => {
    if (typeof one === "string") return parseSorts(one);
    if (typeof one !== "object" || one === null || !("property" in one) || typeof one.property !== "string") return [];
    const direction = "direction" in one && /^desc/i.test(String(one.direction)) ? "descending" : "ascending";
    return [{ property: one.property, direction } satisfies Sort];
  });
}

type Kept = Pick<ViewBody, "kind" | "filterGroups" | "query" | "sorts" | "columns" | "board">;

/** A look as a view keeps it. */
export function viewBody(look: Look, object: ObjectType): Kept {
  const [usual] = boardsOf(object);
  const by = look.by ?? usual?.name;
  const isBoard = look.as === "board" && by !== undefined;
  return {
    kind: isBoard ? "board" : "list",
    filterGroups: look.filter ?? [],
    query: look.q ?? null,
    sorts: parseSorts(look.sort),
    columns: look.columns === undefined ? null : columnsOf(look.columns, object),
    board: isBoard ? { property: by } : null,
  };
}

function columnsOf(text: string, object: ObjectType): NonNullable<ViewBody["columns"]> {
  const stage = stageOf(object);
  return text.split(",").flatMap((part) => {
    const [name = "", given] = part.split(":");
    const width = given === undefined ? undefined : Math.round(Number(given));
    const column =
      name === TIME_IN_STAGE ? stage && { property: stage.name, shows: "age" as const } : { property: name };
    return column && name !== "" ? [{ ...column, ...(width ? { width } : {}) }] : [];
  });
}
