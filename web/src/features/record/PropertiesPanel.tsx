/** A record's properties in their groups, each edited in place. */
import { t } from "i18next";
import type { ReactNode } from "react";
import { shownProperties } from "../../api/objects";
import type { LeadlineRecord, ObjectType, Property } from "../../api/types";
import { InlineValue } from "./InlineValue";
import classes from "./PropertiesPanel.module.css";

interface Props {
  object: ObjectType;
  record: LeadlineRecord;
  isReadOnly: boolean;
  /** What stands at the end of a property's row. */
  aside: (property: Property) => ReactNode;
}

export function PropertiesPanel({ object, record, isReadOnly, aside }: Props) {
  return (
    <section className={classes.panel} aria-label={t("record:properties")}>
      {groupsOf(shownProperties(object)).map(([group, properties]) => (
        <div key={group}>
          <h2 className={classes.group}>{group}</h2>
          <dl>
            {properties.map((property) => (
              <div key={property.name} className={classes.row}>
                <dt className={classes.label} title={property.description ?? undefined}>
                  {property.label}
                </dt>
                <dd className={classes.value}>
                  <InlineValue record={record} property={property} isReadOnly={isReadOnly} />
                </dd>
                <dd>{aside(property)}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}

/** In the order in which each group is first named. */
function groupsOf(properties: Property[]): [string, Property[]][] {
  const groups = new Map<string, Property[]>();
  for (const property of properties) {
    const group = property.group ?? t("record:properties");
    groups.set(group, [...(groups.get(group) ?? []), property]);
  }
  return [...groups];
}
