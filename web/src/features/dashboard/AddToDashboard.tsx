/** Puts a report on a dashboard, or on a new one. */
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import {
  createDashboard,
  dashboardsQuery,
  showDashboard,
  updateDashboard,
  type Dashboard,
  type Widget,
} from "../../api/dashboards";
import { canChange } from "../../api/saved";
import type { Me } from "../../api/types";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Refusal } from "../../ui/Message";
import classes from "./Dashboard.module.css";
import { added } from "./layout";
import { newId, usualSize } from "./widgets";

interface Props {
  me: Me;
  /** What the report asks. */
  widget: Pick<Widget, "kind" | "report" | "shows">;
  title: string;
  onClose: () => void;
  onDone: (dashboard: Dashboard) => void;
}

const NEW = "new";

export function AddToDashboard({ me, widget, title, onClose, onDone }: Props) {
  const client = useQueryClient();
  const { data = [] } = useQuery(dashboardsQuery);
  const own = data.filter((dashboard) => canChange(dashboard, me));
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [called, setCalled] = useState(title);
  const open = own.find(({ id }) => id === (chosen ?? own[0]?.id));
  const isNew = chosen === NEW || !open;
  const save = useMutation({
    mutationFn: () => {
      const one = { ...widget, id: newId(), title: called.trim() || undefined, x: 0, y: 0, ...usualSize(widget.kind) };
      return isNew
        ? createDashboard({ name: name.trim(), widgets: [one] })
        : updateDashboard(open, { widgets: added(open.widgets, one) });
    },
    onSuccess: (dashboard) => {
      showDashboard(client, dashboard);
      onDone(dashboard);
    },
  });
  return (
    <Dialog title={t("dashboard:addReport")} opened onClose={onClose} size={420}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Select
          label={t("dashboard:dashboard")}
          data={[
            ...own.map((one) => ({ value: one.id, label: one.name })),
            { value: NEW, label: t("dashboard:create") },
          ]}
          value={isNew ? NEW : open.id}
          allowDeselect={false}
          onChange={setChosen}
        />
        {isNew && (
          <TextInput
            label={t("dashboard:name")}
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <TextInput
          label={t("dashboard:title")}
          value={called}
          maxLength={200}
          onChange={(event) => setCalled(event.currentTarget.value)}
        />
        <Refusal error={save.error} />
        <DialogActions>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" variant="filled" disabled={isNew && name.trim() === ""} loading={save.isPending}>
            {t("dashboard:add")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
