/** What a view or a dashboard is called, and whether all members see it. */
import { Button, Switch, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { messagesByName } from "../api/problem";
import type { Visibility } from "../api/saved";
import { Dialog, DialogActions } from "./Dialog";
import { Refusal } from "./Message";
import classes from "./NamingDialog.module.css";

export interface Naming {
  name: string;
  visibility: Visibility;
}

interface Props<Saved> {
  title: string;
  name: string;
  visibility: Visibility;
  /** Nothing is put before everyone by who only looks. */
  canShare: boolean;
  onSave: (naming: Naming) => Promise<Saved>;
  onDone: (saved: Saved) => void;
  onClose: () => void;
}

export function NamingDialog<Saved>({ title, canShare, onSave, onDone, onClose, ...before }: Props<Saved>) {
  const [name, setName] = useState(before.name);
  const [isShared, setShared] = useState(before.visibility === "shared");
  const save = useMutation({
    mutationFn: () => onSave({ name: name.trim(), visibility: isShared ? "shared" : "private" }),
    onSuccess: onDone,
  });
  const errors = messagesByName(save.error);
  return (
    <Dialog title={title} opened onClose={onClose} size={400}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          label={t("ui:name")}
          value={name}
          error={errors.name}
          maxLength={200}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {canShare && (
          <Switch
            label={t("ui:share")}
            description={t("ui:shareHint")}
            checked={isShared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        )}
        {!("name" in errors) && <Refusal error={save.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" variant="filled" disabled={name.trim() === ""} loading={save.isPending}>
            {t("ui:save")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
