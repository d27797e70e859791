/** What the columns of a file most likely are: by their names first, then by what stands in them. Pure. */
import type { ImportKind, NewProperty } from "../../api/imports";
import type { Member, ObjectType, Property, PropertyType } from "../../api/types";

/** The parts of a history row. */
export const PARTS = ["@key", "@property", "@value", "@time", "@user", "@source"] as const;

export type Part = (typeof PARTS)[number];

/** Other names that people give to what the built-in objects hold, in English and German. */
const PROPERTY_WORDS: Record<string, string[]> = {
  name: ["fullname", "contactname", "leadname", "dealname", "accountname", "productname", "bezeichnung"],
  first_name: ["givenname", "vorname"],
  last_name: ["surname", "familyname", "nachname"],
  email: ["mail", "emailaddress", "emailadresse"],
  phone: ["phonenumber", "telephone", "tel", "mobile", "telefon", "telefonnummer", "handy"],
  company: ["companyname", "organisation", "organization", "account", "firma", "unternehmen"],
  stage: ["status", "leadstatus", "dealstage", "phase", "stufe"],
  owner: ["assignedto", "assignee", "ownername", "owneremail", "besitzer", "betreuer", "zustandig"],
  amount: ["value", "dealvalue", "budget", "betrag", "wert", "summe"],
  source: ["leadsource", "quelle", "herkunft"],
  city: ["town", "stadt", "ort"],
  country: ["land"],
  industry: ["branche"],
  domain: ["website", "web", "homepage"],
  close_date: ["closedate", "closingdate", "abschlussdatum"],
  price: ["unitprice", "preis"],
  external_id: ["externalid", "id", "recordid"],
};

const PART_WORDS: Record<Part, string[]> = {
  "@key": ["key", "id", "case", "caseid", "recordid", "objectid", "leadid", "contactid", "dealid", "accountid"],
  "@property": ["property", "propertyname", "field", "fieldname", "eigenschaft", "feld"],
  "@value": ["value", "newvalue", "wert", "neuerwert"],
  "@time": ["time", "timestamp", "datetime", "date", "changedat", "createddate", "zeit", "zeitpunkt", "datum"],
  "@user": ["user", "changedby", "createdby", "actor", "benutzer"],
  "@source": ["source", "quelle"],
};

/** Without case, accents, spaces and signs. */
export const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/ß/g, "ss")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

/** A row is one value at one time where there are columns for the property, its value and the time. */
export function kindOf(columns: string[]): ImportKind {
  const has = (part: Part) => columns.some((column) => PART_WORDS[part].includes(plain(column)));
  return has("@time") && has("@property") && has("@value") ? "history" : "records";
}

export interface Column {
  name: string;
  samples: string[];
}

/** By column: a property's name or a part of a history row; null where nothing fits. Each is given away once. */
export function suggest(
  columns: Column[],
  kind: ImportKind,
  properties: Property[],
  members: Member[],
): (string | null)[] {
  const fits = columns.flatMap((column, index) => [
    ...(kind === "history" ? PARTS.map((part) => ({ index, target: part, score: partScore(column, part) })) : []),
    ...properties.map((property) => ({ index, target: property.name, score: scoreOf(column, property, members) })),
  ]);
  const result: (string | null)[] = columns.map(() => null);
  const taken = new Set<string>();
  for (const { index, target } of fits
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score)) {
    if (result[index] !== null || taken.has(target)) continue;
    result[index] = target;
    taken.add(target);
  }
  return result;
}

const partScore = ({ name }: Column, part: Part): number => (PART_WORDS[part].includes(plain(name)) ? 4 : 0);

function scoreOf({ name, samples }: Column, property: Property, members: Member[]): number {
  const word = plain(name);
  if (word === plain(property.name) || word === plain(property.label)) return 3;
  if (PROPERTY_WORDS[property.name]?.includes(word)) return 2;
  return samples.length > 0 && holds(samples, property, members) ? 1 : 0;
}

/** Whether nearly all samples can be nothing but values of the property. */
function holds(samples: string[], property: Property, members: Member[]): boolean {
  const known = knownTexts(property, members);
  if (known) return most(samples, (sample) => known.has(plain(sample)));
  return property.type === "email" && most(samples, isEmail);
}

function knownTexts(property: Property, members: Member[]): Set<string> | null {
  if (property.type === "user") return new Set(members.flatMap(({ name, email }) => [plain(name), plain(email)]));
  if (property.type !== "select" && property.type !== "stage") return null;
  return new Set(property.options.flatMap(({ value, label }) => [plain(value), plain(label)]));
}

const most = (samples: string[], fits: (sample: string) => boolean): boolean =>
  samples.length > 0 && samples.filter(fits).length >= 0.8 * samples.length;

const isEmail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);

const DATE = /^(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})$/;
const DATE_AND_TIME = /^(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})[T ]\d{1,2}:\d{2}/;
const MONEY = /^([€$£¥]\s?[\d.,]+|[\d.,]+\s?([€$£¥]|EUR|USD|GBP|CHF))$/;
const TRUTH = new Set(["true", "false", "yes", "no", "ja", "nein"]);

/** The type that a new property for these values would have. */
export function guessType(samples: string[]): PropertyType {
  if (samples.length === 0) return "text";
  if (most(samples, isEmail)) return "email";
  if (most(samples, (text) => /^https?:\/\/\S+$/.test(text))) return "url";
  if (most(samples, (text) => DATE_AND_TIME.test(text))) return "datetime";
  if (most(samples, (text) => DATE.test(text))) return "date";
  if (most(samples, (text) => TRUTH.has(text.toLowerCase()))) return "boolean";
  if (most(samples, (text) => MONEY.test(text))) return "money";
  // A figure that begins with a zero is a number in name only: a postcode, a number of an article.
  if (most(samples, (text) => /^-?([1-9][\d.,]*|0([.,]\d+)?)$/.test(text))) return "number";
  if (most(samples, (text) => /^\+\d[\d\s()/-]{6,}$/.test(text))) return "phone";
  return samples.some((text) => text.length > 160) ? "long_text" : "text";
}

/** How these dates are written, as the server takes it; empty for ISO 8601 and where nothing can be told. */
export function guessDateFormat(samples: string[], locale = navigator.language): string {
  if (most(samples, (text) => /^\d{1,2}\.\d{1,2}\.\d{4}/.test(text))) return "DD.MM.YYYY";
  if (most(samples, (text) => /^\d{1,2}-\d{1,2}-\d{4}/.test(text))) return "DD-MM-YYYY";
  if (most(samples, (text) => /^\d{4}\/\d{1,2}\/\d{1,2}/.test(text))) return "YYYY/MM/DD";
  const slashed = samples.flatMap((text) => /^(\d{1,2})\/(\d{1,2})\/\d{4}/.exec(text)?.slice(1, 3).map(Number) ?? []);
  if (slashed.length < samples.length) return "";
  const isFirst = (index: number) => index % 2 === 0;
  if (slashed.some((part, index) => isFirst(index) && part > 12)) return "DD/MM/YYYY";
  if (slashed.some((part, index) => !isFirst(index) && part > 12)) return "MM/DD/YYYY";
  return slashed.length === 0 ? "" : locale === "en-US" ? "MM/DD/YYYY" : "DD/MM/YYYY";
}

/** What a column becomes where it becomes a property of its own. */
export const newProperty = ({ name, samples }: Column): NewProperty => ({ label: name, type: guessType(samples) });

/** Properties that a file can set. */
export const settable = (object: ObjectType): Property[] =>
  object.properties.filter(({ system, archived }) => !system && !archived);
