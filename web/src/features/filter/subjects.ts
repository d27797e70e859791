/** What can be asked about: the object's properties, those of the records it links to, and what Leadline keeps itself. */
import { t } from "i18next";
import { propertyOf, shownProperties } from "../../api/objects";
import type { ObjectType, Property, PropertyType } from "../../api/types";

export interface Subject {
  /** As the API names it: `stage`, `account.industry`, `created_at`. */
  name: string;
  label: string;
  property: Property;
  /** Only properties of the record itself are asked about their history. */
  hasHistory: boolean;
}

export function subjectsOf(object: ObjectType, objects: ObjectType[]): Subject[] {
  const own = shownProperties(object);
  const linked = own
    .filter(({ type }) => type === "record")
    .flatMap((link) => {
      const target = objects.find(({ name }) => name === link.targetObject);
      return target ? shownProperties(target).map((property) => linkedSubject(link, property)) : [];
    });
  return [...own.map((property) => subject(property.name, property.label, property, true)), ...systemOf(), ...linked];
}

/** Also of what is archived or belongs to Leadline: an old filter still has to be read. */
export function subjectNamed(name: string, object: ObjectType, objects: ObjectType[]): Subject {
  const system = systemOf().find((one) => one.name === name);
  if (system) return system;
  const property = propertyOf(object, name);
  if (property) return subject(name, property.label, property, true);
  const [linkName = "", farName = ""] = name.split(".");
  const link = propertyOf(object, linkName);
  const target = objects.find((one) => one.name === link?.targetObject);
  const far = target && propertyOf(target, farName);
  if (link && far) return linkedSubject(link, far);
  return subject(name, name === "id" ? t("filter:records") : name, invented(name, "text"), false);
}

const subject = (name: string, label: string, property: Property, hasHistory: boolean): Subject => ({
  name,
  label,
  property,
  hasHistory,
});

const linkedSubject = (link: Property, property: Property): Subject =>
  subject(`${link.name}.${property.name}`, `${link.label} › ${property.label}`, property, false);

function systemOf(): Subject[] {
  return [
    subject("created_at", t("filter:created"), invented("created_at", "datetime"), false),
    subject("updated_at", t("filter:updated"), invented("updated_at", "datetime"), false),
    subject("created_by", t("filter:createdBy"), invented("created_by", "user"), false),
    subject("archived", t("filter:archived"), invented("archived", "boolean"), false),
  ];
}

/** What Leadline keeps of a record is no property, but is asked about as if it were. */
function invented(name: string, type: PropertyType): Property {
  return {
    id: name,
    name,
    label: name,
    type,
    required: false,
    unique: false,
    options: [],
    builtin: true,
    system: true,
    archived: false,
    position: 0,
    createdAt: "",
    updatedAt: "",
  };
}
