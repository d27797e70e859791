/** The lifecycles of the workspace: each property that holds a stage, one of them open. */
import { t } from "i18next";
import { shownProperties } from "../../api/objects";
import type { AsOf } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { Empty } from "../../ui/Message";
import { LifecycleEditor } from "./LifecycleEditor";
import type { MovesShown } from "./Moves";
import classes from "./Settings.module.css";

/** As the URL keeps it. */
interface LifecyclesSearch {
  object?: string;
  property?: string;
  moves?: MovesShown;
}

interface Props {
  objects: ObjectType[];
  asOf: AsOf;
  isReadOnly: boolean;
  search: LifecyclesSearch;
  onSearch: (part: LifecyclesSearch) => void;
}

export function LifecyclesView({ objects, asOf, isReadOnly, search, onSearch }: Props) {
  const lifecycles = objects.flatMap((object) =>
    shownProperties(object)
      .filter(({ type }) => type === "stage")
      .map((property, _, all) => ({ object, property, isOnly: all.length === 1 })),
  );
  const open =
    lifecycles.find(({ object, property }) => object.name === search.object && property.name === search.property) ??
    lifecycles.find(({ object }) => object.name === search.object) ??
    lifecycles[0];
  if (!open) return <Empty title={t("settings:noLifecycle")}>{t("settings:noLifecycleHint")}</Empty>;
  return (
    <div className={classes.view}>
      <div className={classes.toolbar}>
        <nav className={classes.objects} aria-label={t("settings:lifecycles")}>
          {lifecycles.map((one) => (
            <button
              key={one.property.id}
              type="button"
              className={classes.object}
              aria-current={one === open ? "true" : undefined}
              onClick={() => onSearch({ object: one.object.name, property: one.property.name })}
            >
              {one.isOnly ? one.object.pluralLabel : `${one.object.pluralLabel}: ${one.property.label}`}
            </button>
          ))}
        </nav>
      </div>
      <LifecycleEditor
        key={open.property.id}
        object={open.object}
        property={open.property}
        asOf={asOf}
        isReadOnly={isReadOnly}
        moves={search.moves}
        onMoves={(moves) => onSearch({ moves })}
      />
    </div>
  );
}
