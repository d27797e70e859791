/** The properties of one object, with the form of the one that is open. */
import { Button, SegmentedControl } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import type { AsOf } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { PlusIcon } from "../../ui/icons";
import { SideSheet } from "../../ui/SideSheet";
import { ObjectDialog } from "./ObjectDialog";
import { PropertyForm } from "./PropertyForm";
import { PropertyList } from "./PropertyList";
import classes from "./Settings.module.css";

/** As the URL keeps it. */
export interface PropertiesSearch {
  object?: string;
  /** The name of the one that is open; `+` for a new one. */
  property?: string;
  archived?: true;
}

interface Props {
  objects: ObjectType[];
  asOf: AsOf;
  isReadOnly: boolean;
  search: PropertiesSearch;
  onSearch: (part: PropertiesSearch) => void;
}

const NEW = "+";

export function PropertiesView({ objects, asOf, isReadOnly, search, onSearch }: Props) {
  const [editing, setEditing] = useState<"new" | "this" | null>(null);
  const object = objects.find(({ name }) => name === search.object) ?? objects[0];
  if (!object) return null;
  const open = object.properties.find(({ name, system }) => name === search.property && !system);
  const isNew = search.property === NEW && !isReadOnly;
  const close = () => onSearch({ property: undefined });
  const count = object.properties.filter(({ system, archived }) => !system && archived).length;
  return (
    <div className={classes.view}>
      <div className={classes.toolbar}>
        <nav className={classes.objects} aria-label={t("settings:objects")}>
          {objects.map((one) => (
            <button
              key={one.name}
              type="button"
              className={classes.object}
              aria-current={one === object ? "true" : undefined}
              onClick={() => onSearch({ object: one.name, property: undefined, archived: undefined })}
            >
              {one.pluralLabel}
            </button>
          ))}
          {!isReadOnly && (
            <Button variant="subtle" leftSection={<PlusIcon size={12} />} onClick={() => setEditing("new")}>
              {t("settings:newObject")}
            </Button>
          )}
        </nav>
        {(count > 0 || search.archived) && (
          <SegmentedControl
            aria-label={t("settings:whichProperties")}
            data={[
              { value: "used", label: t("settings:inUse") },
              { value: "archived", label: t("settings:archivedSome", { count }) },
            ]}
            value={search.archived ? "archived" : "used"}
            onChange={(next) => onSearch({ archived: next === "archived" ? true : undefined })}
          />
        )}
        {!isReadOnly && (
          <>
            <Button onClick={() => setEditing("this")}>{t("settings:editObject")}</Button>
            <Button variant="filled" leftSection={<PlusIcon size={14} />} onClick={() => onSearch({ property: NEW })}>
              {t("settings:newProperty")}
            </Button>
          </>
        )}
      </div>
      <div className={classes.scroll}>
        <PropertyList
          key={object.name}
          object={object}
          objects={objects}
          asOf={asOf}
          isReadOnly={isReadOnly}
          showsArchived={search.archived ?? false}
          onOpen={({ name }) => onSearch({ property: name })}
        />
      </div>
      {(open ?? isNew) && (
        <SideSheet title={open?.label ?? t("settings:newPropertyOf", { label: object.label })} onClose={close}>
          <PropertyForm
            key={open?.name ?? NEW}
            object={object}
            objects={objects}
            property={open ?? null}
            isReadOnly={isReadOnly || open?.archived === true}
            onDone={close}
          />
        </SideSheet>
      )}
      {editing !== null && (
        <ObjectDialog
          object={editing === "this" ? object : null}
          objects={objects}
          onClose={() => setEditing(null)}
          onDone={(name) => {
            setEditing(null);
            onSearch({ object: name, property: undefined });
          }}
        />
      )}
    </div>
  );
}
