/** The saved reports as tabs: a new one, then the person's own, then what others share; and what can be done with the open one. */
import { t } from "i18next";
import type { ReactNode } from "react";
import { byOwner } from "../../api/saved";
import {
  archiveSavedReport,
  createSavedReport,
  refreshSavedReports,
  showSavedReport,
  unarchiveSavedReport,
  updateSavedReport,
  type SavedReport,
  type SavedReportBody,
} from "../../api/savedReports";
import type { Me } from "../../api/types";
import { SavedTabs } from "../../ui/SavedTabs";

interface Props {
  me: Me;
  all: SavedReport[];
  open: SavedReport | undefined;
  /** What is shown is not what the open one keeps. */
  isChanged: boolean;
  /** In the past nothing is saved. */
  isReadOnly: boolean;
  /** What is shown, as a saved report keeps it. */
  body: Pick<SavedReportBody, "kind" | "shows" | "report">;
  /** A tab that leads to a saved report; `undefined` is a new one. */
  link: (report: SavedReport | undefined, content: ReactNode) => ReactNode;
  onOpen: (report: SavedReport | undefined) => void;
}

export function ReportTabs({ me, all, open, isChanged, body, onOpen, ...props }: Props) {
  return (
    <SavedTabs
      {...props}
      {...byOwner(all, me)}
      me={me}
      open={open}
      // What is not saved yet is worth saving as it is.
      isChanged={open === undefined || isChanged}
      saves={{
        create: (naming) => createSavedReport({ ...body, ...naming }),
        rewrite: (report) => updateSavedReport(report, body),
        update: updateSavedReport,
        archive: archiveSavedReport,
        unarchive: unarchiveSavedReport,
        show: showSavedReport,
        refresh: refreshSavedReports,
      }}
      words={{
        all: t("reports:saved"),
        unsaved: t("reports:unsaved"),
        saveNew: t("reports:saveNew"),
        new: t("reports:new"),
        stale: t("reports:stale"),
        actions: (name) => t("reports:actions", { name }),
        saved: (name) => t("reports:savedAs", { name }),
        removed: (name) => t("reports:removed", { name }),
      }}
      onOpen={onOpen}
      onDiscard={onOpen}
    />
  );
}
