/** Making an API token: what it may do, until when; then its secret, once. */
import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { createToken, SCOPES, tokensQuery, type Scope } from "../../api/people";
import { messagesByName } from "../../api/problem";
import { CopyField } from "../../ui/CopyField";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Refusal } from "../../ui/Message";
import classes from "./People.module.css";

const DAY_MS = 86_400_000;

const ENDS = ["30", "90", "365", "never"] as const;

export function TokenDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["read"]);
  const [end, setEnd] = useState<(typeof ENDS)[number]>("90");
  const create = useMutation({
    mutationFn: () =>
      createToken({
        name,
        scopes,
        expiresAt: end === "never" ? null : new Date(Date.now() + Number(end) * DAY_MS).toISOString(),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  const errors = messagesByName(create.error);
  const hasOwnPlace = "name" in errors || "scopes" in errors;
  if (create.data) return <SecretDialog name={create.data.name} secret={create.data.secret ?? ""} onClose={onClose} />;
  return (
    <Dialog title={t("people:newToken")} opened onClose={onClose} size={440}>
      <form
        className={classes.dialog}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextInput
          label={t("people:tokenName")}
          placeholder={t("people:tokenNameHint")}
          value={name}
          error={errors.name}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group
          label={t("people:scopes")}
          value={scopes}
          error={errors.scopes}
          onChange={(next) => setScopes(SCOPES.filter((scope) => next.includes(scope)))}
        >
          <div className={classes.scopes}>
            {SCOPES.map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={t(`people:scope.${scope}`)}
                description={t(`people:scopeHint.${scope}`)}
              />
            ))}
          </div>
        </Checkbox.Group>
        <Select
          label={t("people:endLabel")}
          data={ENDS.map((one) => ({ value: one, label: t(`people:end${one}`) }))}
          value={end}
          allowDeselect={false}
          onChange={(next) => setEnd(ENDS.find((one) => one === next) ?? end)}
        />
        {!hasOwnPlace && <Refusal error={create.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button
            type="submit"
            variant="filled"
            disabled={name.trim() === "" || scopes.length === 0}
            loading={create.isPending}
          >
            {t("people:createToken")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface SecretProps {
  name: string;
  secret: string;
  onClose: () => void;
}

function SecretDialog({ name, secret, onClose }: SecretProps) {
  return (
    <Dialog title={t("people:tokenMade", { name })} opened onClose={onClose} size={520}>
      <p>{t("people:tokenMadeHint")}</p>
      <CopyField label={t("people:secret")} text={secret} />
      <p className={classes.hint}>
        <code>{"Authorization: Bearer …"}</code>
      </p>
      <DialogActions>
        <Button variant="filled" onClick={onClose}>
          {t("people:done")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
