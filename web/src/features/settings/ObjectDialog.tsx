/** A kind of record: made here, or called otherwise. */
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { createObject, refreshDefinitions, updateObject } from "../../api/definitions";
import { nameFor } from "../../api/names";
import { shownProperties } from "../../api/objects";
import { messagesByName } from "../../api/problem";
import type { ObjectType } from "../../api/types";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Refusal } from "../../ui/Message";
import classes from "./Settings.module.css";

interface Props {
  /** Null for a new one. */
  object: ObjectType | null;
  objects: ObjectType[];
  onClose: () => void;
  onDone: (name: string) => void;
}

export function ObjectDialog({ object, objects, onClose, onDone }: Props) {
  const client = useQueryClient();
  const [label, setLabel] = useState(object?.label ?? "");
  const [pluralLabel, setPluralLabel] = useState(object?.pluralLabel ?? "");
  const [primary, setPrimary] = useState(object?.primaryProperty ?? null);
  const [hasLifecycle, setHasLifecycle] = useState(true);
  const save = useMutation({
    mutationFn: () =>
      object
        ? updateObject(object.name, { label, pluralLabel, primaryProperty: primary })
        : createObject({
            name: nameFor(
              pluralLabel === "" ? label : pluralLabel,
              objects.map(({ name }) => name),
            ),
            label,
            pluralLabel: pluralLabel === "" ? undefined : pluralLabel,
            lifecycle: hasLifecycle,
          }),
    onSuccess: async ({ name }) => {
      await refreshDefinitions(client);
      onDone(name);
    },
  });
  const errors = messagesByName(save.error);
  const hasOwnPlace = "label" in errors || "pluralLabel" in errors;
  return (
    <Dialog title={object ? object.pluralLabel : t("settings:newObject")} opened onClose={onClose} size={420}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          label={t("settings:one")}
          placeholder={t("settings:oneHint")}
          value={label}
          error={errors.label}
          data-autofocus
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <TextInput
          label={t("settings:many")}
          placeholder={t("settings:manyHint")}
          value={pluralLabel}
          error={errors.pluralLabel}
          onChange={(event) => setPluralLabel(event.currentTarget.value)}
        />
        {object ? (
          <Select
            label={t("settings:titledBy")}
            data={shownProperties(object)
              .filter(({ type, name }) => type === "text" || name === object.primaryProperty)
              .map((one) => ({ value: one.name, label: one.label }))}
            value={primary}
            allowDeselect={false}
            onChange={setPrimary}
          />
        ) : (
          <Switch
            label={t("settings:withLifecycle")}
            description={t("settings:withLifecycleHint")}
            checked={hasLifecycle}
            onChange={(event) => setHasLifecycle(event.currentTarget.checked)}
          />
        )}
        {!hasOwnPlace && <Refusal error={save.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" variant="filled" disabled={label.trim() === ""} loading={save.isPending}>
            {object ? t("ui:save") : t("settings:createObject")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
