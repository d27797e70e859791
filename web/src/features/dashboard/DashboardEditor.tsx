/** A dashboard while it is changed: widgets come, go, move and grow, until it is saved or left as it was. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState, type ComponentProps } from "react";
import { refreshDashboards, showDashboard, updateDashboard, type Dashboard, type Widget } from "../../api/dashboards";
import { isStatus, messageOf } from "../../api/problem";
import { Empty } from "../../ui/Message";
import { PlusIcon } from "../../ui/icons";
import { notify } from "../../ui/notices";
import classes from "./Dashboard.module.css";
import { Grid } from "./Grid";
import { added, placed, without } from "./layout";
import { WidgetDialog } from "./WidgetDialog";

interface Props extends Omit<ComponentProps<typeof Grid>, "widgets" | "editing"> {
  dashboard: Dashboard;
  filters: ComponentProps<typeof WidgetDialog>["filters"];
  onDone: () => void;
}

export function DashboardEditor({ dashboard, filters, onDone, ...grid }: Props) {
  const client = useQueryClient();
  const [widgets, setWidgets] = useState(dashboard.widgets);
  const [open, setOpen] = useState<Widget | "new" | null>(null);
  const save = useMutation({
    mutationFn: () => updateDashboard(dashboard, { widgets }),
    onSuccess: (after) => {
      showDashboard(client, after);
      onDone();
    },
    onError: (error) => {
      // What was changed stays; the next try goes by the version that there is now.
      if (isStatus(error, 412)) void refreshDashboards(client);
    },
  });
  const remove = (widget: Widget) => {
    const before = widgets;
    setWidgets(without(widgets, widget.id));
    notify({ text: t("dashboard:widgetRemoved"), undo: () => setWidgets(before) });
  };
  const take = (widget: Widget) => {
    const isKnown = widgets.some(({ id }) => id === widget.id);
    setWidgets(
      isKnown
        ? placed(
            widgets.map((one) => (one.id === widget.id ? widget : one)),
            widget.id,
            {},
          )
        : added(widgets, widget),
    );
    setOpen(null);
  };
  const add = (
    <Button leftSection={<PlusIcon size={12} />} onClick={() => setOpen("new")}>
      {t("dashboard:addWidget")}
    </Button>
  );
  return (
    <>
      <div className={classes.bar} data-editing>
        <b>{dashboard.name}</b>
        <span className="quiet">{t("dashboard:editingHint")}</span>
        <span className={classes.space} />
        {save.error && (
          <span role="alert" className={classes.failed}>
            {isStatus(save.error, 412) ? t("dashboard:stale") : messageOf(save.error)}
          </span>
        )}
        {add}
        <Button onClick={onDone}>{t("ui:cancel")}</Button>
        <Button variant="filled" loading={save.isPending} onClick={() => save.mutate()}>
          {t("ui:save")}
        </Button>
      </div>
      <div className={classes.scroll}>
        {widgets.length === 0 ? (
          <Empty title={t("dashboard:empty")} action={add} />
        ) : (
          <Grid widgets={widgets} editing={{ onChange: setWidgets, onEdit: setOpen, onRemove: remove }} {...grid} />
        )}
      </div>
      {open !== null && (
        <WidgetDialog
          widget={open === "new" ? null : open}
          objects={grid.objects}
          filters={filters}
          onClose={() => setOpen(null)}
          onDone={take}
        />
      )}
    </>
  );
}
