/** Which columns a list shows: read from the schema, the same rule for every object. */
import { t } from "i18next";
import { shownProperties, stageOf } from "../../api/objects";
import type { ObjectType, Property, PropertyType } from "../../api/types";
import { givenNameOf } from "../../fields/title";
import { labelInText } from "../../texts/words";

interface Shape {
  label: string;
  align: "start" | "end";
  /** At least; what room is left is shared out. */
  widthPx: number;
}

export type Column = Shape &
  (
    | { kind: "property"; key: string; property: Property; isTitle: boolean }
    | { kind: "time-in-stage"; key: "time-in-stage"; property: Property }
    | { kind: "created"; key: "created_at" }
    | { kind: "updated"; key: "updated_at" }
  );

/** What the columns beside the title may take: with it, a usual laptop shows them all. */
const ROOM_PX = 924;

/** After the title: what it belongs to, then figures, people and choices. Long texts stay on the record's page. */
const RANKS: Record<PropertyType, number | null> = {
  text: 0,
  record: 0,
  money: 1,
  user: 2,
  select: 3,
  date: 3,
  number: 3,
  boolean: 4,
  email: 4,
  phone: 5,
  datetime: 5,
  multi_select: 6,
  url: 6,
  stage: null,
  long_text: null,
};

/** Room for a usual value of the type. */
const WIDTHS_PX: Record<PropertyType, number> = {
  text: 172,
  record: 172,
  money: 116,
  user: 148,
  select: 120,
  date: 108,
  number: 92,
  boolean: 80,
  email: 216,
  phone: 140,
  datetime: 148,
  multi_select: 160,
  url: 180,
  stage: 128,
  long_text: 200,
};

const TITLE_PX = 200;
const TIME_IN_STAGE_PX = 124;
const CREATED_PX = 112;

/** The columns of a list: those that the URL names, in its order and widths, or the object's usual ones. */
export function columnsOf(object: ObjectType, chosen?: string): Column[] {
  if (chosen === undefined) return usualColumns(object);
  const offered = offeredColumns(object);
  const columns = chosen.split(",").flatMap((part) => {
    const [key = "", width] = part.split(":");
    const column = offered.find((one) => one.key === key);
    const widthPx = Number(width);
    return column ? [{ ...column, widthPx: widthPx >= LEAST_PX ? widthPx : column.widthPx }] : [];
  });
  // A row without its title could not be opened.
  return columns.some(isTitleColumn) ? columns : [...offered.filter(isTitleColumn), ...columns];
}

/** As the URL keeps them; undefined where they are the usual ones. */
export function writeColumns(columns: Column[], object: ObjectType): string | undefined {
  const offered = offeredColumns(object);
  const text = (column: Column) =>
    column.widthPx === offered.find(({ key }) => key === column.key)?.widthPx
      ? column.key
      : `${column.key}:${column.widthPx}`;
  const written = columns.map(text).join(",");
  return written === usualColumns(object).map(text).join(",") ? undefined : written;
}

/** Every column that a list of the object can have. */
export function offeredColumns(object: ObjectType): Column[] {
  const given = givenNameOf(object);
  const stage = stageOf(object);
  return [
    ...shownProperties(object).map((property) => {
      const isTitle = property.name === object.primaryProperty;
      const column = propertyColumn(property, isTitle);
      return isTitle && given ? { ...column, label: t("list:name") } : column;
    }),
    ...(stage ? [timeColumn(stage)] : []),
    createdColumn(),
    { kind: "updated", key: "updated_at", label: t("list:updated"), align: "start", widthPx: CREATED_PX },
  ];
}

export const isTitleColumn = (column: Column): boolean => column.kind === "property" && column.isTitle;

export const LEAST_PX = 64;

function usualColumns(object: ObjectType): Column[] {
  const properties = shownProperties(object);
  const title = properties.find((property) => property.name === object.primaryProperty);
  const stage = stageOf(object);
  // A first name stands in the title.
  const given = givenNameOf(object);
  const rest = properties.filter(
    (property) => property !== title && property !== given && RANKS[property.type] !== null,
  );
  // One text beside the title at most: "company" says what a lead belongs to, "city" and "country" can wait.
  const [belongsTo] = rest.filter((property) => RANKS[property.type] === 0);
  const others = rest.filter((property) => property !== belongsTo).sort((left, right) => rankOf(left) - rankOf(right));

  const columns: Column[] = [];
  if (title) columns.push({ ...propertyColumn(title, true), label: given ? t("list:name") : title.label });
  if (belongsTo) columns.push(propertyColumn(belongsTo));
  if (stage) {
    columns.push(propertyColumn(stage));
    columns.push(timeColumn(stage));
  }
  let room = columns.slice(1).reduce((left, column) => left - column.widthPx, ROOM_PX - CREATED_PX);
  for (const property of others) {
    const column = propertyColumn(property);
    if (column.widthPx > room) break;
    room -= column.widthPx;
    columns.push(column);
  }
  columns.push(createdColumn());
  return columns;
}

const timeColumn = (stage: Property): Column => ({
  kind: "time-in-stage",
  key: "time-in-stage",
  label: t("list:timeIn", { stage: labelInText(stage.label) }),
  property: stage,
  align: "start",
  widthPx: TIME_IN_STAGE_PX,
});

const createdColumn = (): Column => ({
  kind: "created",
  key: "created_at",
  label: t("list:created"),
  align: "start",
  widthPx: CREATED_PX,
});

function rankOf(property: Property): number {
  // Further texts come after everything that has more to say.
  const rank = RANKS[property.type] ?? 9;
  return rank === 0 ? 4.5 : rank;
}

function propertyColumn(property: Property, isTitle = false): Column & { kind: "property" } {
  const align = property.type === "money" || property.type === "number" ? "end" : "start";
  const widthPx = isTitle ? TITLE_PX : WIDTHS_PX[property.type];
  return { kind: "property", key: property.name, label: property.label, property, isTitle, align, widthPx };
}

/** The property whose history a cell of the column has. */
export function propertyOfColumn(column: Column): Property | null {
  return column.kind === "created" || column.kind === "updated" ? null : column.property;
}

/** The name to sort by; times in a stage are not sorted by the server yet. */
export function sortKeyOf(column: Column): string | null {
  return column.kind === "time-in-stage" ? null : column.key;
}
