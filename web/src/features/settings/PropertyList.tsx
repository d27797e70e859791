/** The properties of an object in their order: what they hold, and how many records have them. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { archiveProperty, orderProperties, refreshDefinitions, showOrder, updateProperty } from "../../api/definitions";
import { messageOf } from "../../api/problem";
import { countOfQuery, type AsOf } from "../../api/records";
import type { ObjectType, Property } from "../../api/types";
import { typeName } from "../../fields/names";
import { formatCount, formatShare } from "../../texts/locale";
import { nounsOf } from "../../texts/words";
import { notify } from "../../ui/notices";
import { Reorderable } from "../../ui/Reorderable";
import { movedTo } from "./drafts";
import classes from "./Settings.module.css";

interface Props {
  object: ObjectType;
  objects: ObjectType[];
  asOf: AsOf;
  isReadOnly: boolean;
  showsArchived: boolean;
  onOpen: (property: Property) => void;
}

export function PropertyList({ object, objects, asOf, isReadOnly, showsArchived, onOpen }: Props) {
  const client = useQueryClient();
  const total = useQuery(countOfQuery(object.name, [], asOf)).data;
  const own = object.properties.filter(({ system }) => !system);
  const shown = own.filter(({ archived }) => archived === showsArchived);
  const failed = (error: Error) => {
    notify({ text: messageOf(error), tone: "bad" });
    void refreshDefinitions(client);
  };
  const order = useMutation({
    // One after the other: each begins where the one before ends.
    scope: { id: "order" },
    mutationFn: (properties: Property[]) => orderProperties(object.name, properties),
    onMutate: (properties) => showOrder(client, object.name, properties),
    onSuccess: () => refreshDefinitions(client),
    onError: failed,
  });
  const setArchived = useMutation({
    mutationFn: async ({ property, archived }: { property: Property; archived: boolean }) => {
      if (archived) await archiveProperty(object.name, property.name);
      else await updateProperty(object.name, property.name, { archived: false });
    },
    onSuccess: async (_, { property, archived }) => {
      await refreshDefinitions(client);
      const text = t(archived ? "settings:archivedNotice" : "settings:restoredNotice", { label: property.label });
      notify({ text, undo: () => setArchived.mutate({ property, archived: !archived }) });
    },
    onError: failed,
  });

  return (
    <>
      <div className={classes.columns} aria-hidden>
        <span>{t("settings:property")}</span>
        <span>{t("settings:type")}</span>
        <span>{t("settings:group")}</span>
        <span>{t("settings:filled")}</span>
      </div>
      <Reorderable
        items={shown}
        keyOf={({ name }) => name}
        labelOf={({ label }) => label}
        label={t("settings:propertiesOf", { nouns: nounsOf(object) })}
        isFixed={isReadOnly || showsArchived}
        onMove={(from, to) => order.mutate(movedTo(shown, from, to))}
      >
        {(property) => (
          <div className={classes.property}>
            <button type="button" className={classes.propertyName} onClick={() => onOpen(property)}>
              {property.label}
            </button>
            <span className={classes.marks}>
              {property.name === object.primaryProperty && <span>{t("settings:title")}</span>}
              {property.required && <span>{t("settings:requiredMark")}</span>}
              {property.unique && <span>{t("settings:uniqueMark")}</span>}
            </span>
            <span className={classes.propertyType}>{typeOf(property, objects)}</span>
            <span className={classes.propertyGroup}>{property.group}</span>
            <Fill object={object.name} property={property.name} total={total} asOf={asOf} />
            {!isReadOnly && property.name !== object.primaryProperty && (
              <Button
                className={classes.archive}
                variant="subtle"
                color="gray"
                aria-label={t(property.archived ? "settings:restoreNamed" : "settings:archiveNamed", {
                  label: property.label,
                })}
                onClick={() => setArchived.mutate({ property, archived: !property.archived })}
              >
                {property.archived ? t("settings:restore") : t("settings:archive")}
              </Button>
            )}
          </div>
        )}
      </Reorderable>
      {showsArchived && shown.length === 0 && <p className={classes.nothing}>{t("settings:noneArchived")}</p>}
    </>
  );
}

/** "Link to accounts", "Choice of 5" */
function typeOf({ type, targetObject, options }: Property, objects: ObjectType[]): string {
  const target = objects.find(({ name }) => name === targetObject);
  if (target) return t("settings:linkTo", { nouns: nounsOf(target) });
  const count = options.filter(({ archived }) => !archived).length;
  return count > 0 ? t("settings:ofSome", { type: typeName(type), figure: formatCount(count) }) : typeName(type);
}

interface FillProps {
  object: string;
  property: string;
  total: number | undefined;
  asOf: AsOf;
}

/** How many records have a value, as a part of all. */
function Fill({ object, property, total, asOf }: FillProps) {
  const filters = [{ filters: [{ property, operator: "HAS_PROPERTY" }] }];
  const { data: count } = useQuery(countOfQuery(object, filters, asOf));
  if (count === undefined || !total) return <span className={classes.fill} />;
  const share = count / total;
  return (
    <span
      className={classes.fill}
      title={t("settings:filledOf", { count: formatCount(count), total: formatCount(total) })}
    >
      <svg className={classes.fillBar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
        <rect width="100" height="4" className={classes.fillAll} />
        <rect width={100 * share} height="4" className={classes.fillPart} />
      </svg>
      <span className={classes.fillShare}>{formatShare(share)}</span>
    </span>
  );
}
