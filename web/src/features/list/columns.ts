/** Which columns a list shows: read from the schema, the same rule for every object. */
import { shownProperties, stageOf } from "../../api/objects";
import type { ObjectType, Property, PropertyType } from "../../api/types";

export type Column =
  | { kind: "property"; key: string; label: string; property: Property; isTitle: boolean; align: "start" | "end" }
  | { kind: "time-in-stage"; key: "time-in-stage"; label: string; property: Property; align: "start" }
  | { kind: "created"; key: "created_at"; label: string; align: "start" };

/** Beside the title, the stage with its time, and the creation. */
const MORE = 4;

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

export function columnsOf(object: ObjectType): Column[] {
  const properties = shownProperties(object);
  const title = properties.find((property) => property.name === object.primaryProperty);
  const stage = stageOf(object);
  const rest = properties.filter((property) => property !== title && RANKS[property.type] !== null);
  // One text beside the title at most: "company" says what a lead belongs to, "city" and "country" can wait.
  const [belongsTo] = rest.filter((property) => RANKS[property.type] === 0);
  const others = rest
    .filter((property) => property !== belongsTo)
    .sort((left, right) => rankOf(left) - rankOf(right))
    .slice(0, belongsTo ? MORE - 1 : MORE);

  const columns: Column[] = [];
  if (title) columns.push(propertyColumn(title, true));
  if (belongsTo) columns.push(propertyColumn(belongsTo));
  if (stage) {
    columns.push(propertyColumn(stage));
    columns.push({
      kind: "time-in-stage",
      key: "time-in-stage",
      label: `Time in ${stage.label.toLowerCase()}`,
      property: stage,
      align: "start",
    });
  }
  columns.push(...others.map((property) => propertyColumn(property)));
  columns.push({ kind: "created", key: "created_at", label: "Created", align: "start" });
  return columns;
}

function rankOf(property: Property): number {
  // Further texts come after everything that has more to say.
  const rank = RANKS[property.type] ?? 9;
  return rank === 0 ? 4.5 : rank;
}

function propertyColumn(property: Property, isTitle = false): Column {
  const align = property.type === "money" || property.type === "number" ? "end" : "start";
  return { kind: "property", key: property.name, label: property.label, property, isTitle, align };
}

/** The name to sort by; times in a stage are not sorted by the server yet. */
export function sortKeyOf(column: Column): string | null {
  return column.kind === "time-in-stage" ? null : column.key;
}
