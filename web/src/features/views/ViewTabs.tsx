/** The views of an object as tabs: all records, then the person's own, then what others share; and what can be done with the open one. */
import { t } from "i18next";
import type { ReactNode } from "react";
import type { Me } from "../../api/types";
import {
  archiveView,
  createView,
  refreshViews,
  showView,
  unarchiveView,
  updateView,
  type SavedView,
  type ViewBody,
} from "../../api/views";
import { SavedTabs } from "../../ui/SavedTabs";

interface Props {
  me: Me;
  own: SavedView[];
  others: SavedView[];
  open: SavedView | undefined;
  /** What is shown is not what the open view keeps, or not all records as usual. */
  isChanged: boolean;
  /** In the past nothing is saved. */
  isReadOnly: boolean;
  /** What is shown, as a view keeps it. */
  body: () => Omit<ViewBody, "name">;
  /** A tab that leads to a view; `undefined` is all records. */
  link: (view: SavedView | undefined, content: ReactNode) => ReactNode;
  onOpen: (view: SavedView | undefined) => void;
  /** Back to what the open view keeps. */
  onDiscard: () => void;
}

export function ViewTabs({ body, ...props }: Props) {
  return (
    <SavedTabs
      {...props}
      spot="views"
      saves={{
        create: (naming) => createView({ ...body(), ...naming }),
        rewrite: (view) => {
          const { kind, filterGroups, query, sorts, columns, board } = body();
          return updateView(view, { kind, filterGroups, query, sorts, columns, board });
        },
        update: updateView,
        archive: archiveView,
        unarchive: unarchiveView,
        show: showView,
        refresh: refreshViews,
      }}
      words={{
        all: t("views:views"),
        unsaved: t("views:all"),
        saveNew: t("views:saveNew"),
        new: t("views:new"),
        stale: t("views:stale"),
        actions: (name) => t("views:actions", { name }),
        saved: (name) => t("views:saved", { name }),
        removed: (name) => t("views:removed", { name }),
      }}
    />
  );
}
