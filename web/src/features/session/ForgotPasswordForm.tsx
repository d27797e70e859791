/** Asking for a new password. The server sends no mail: an administrator makes the link and passes it on. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { askForNewPassword } from "../../api/session";
import { messagesByName } from "../../api/problem";
import { Refusal } from "../../ui/Message";
import classes from "./Entry.module.css";

export function ForgotPasswordForm() {
  const [email, setEmail] = useState("");
  const submit = useMutation({ mutationFn: () => askForNewPassword({ email: email.trim() }) });
  const errors = messagesByName(submit.error);
  if (submit.isSuccess) {
    return (
      <div className={classes.form} role="status">
        <p>{t("session:noted")}</p>
        <code className={classes.command}>leadline user reset-password {email.trim()}</code>
        <p className="quiet">{t("session:usedOnce")}</p>
      </div>
    );
  }
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <p className="quiet">{t("session:byLink")}</p>
      <TextInput
        label={t("session:email")}
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        autoFocus
        value={email}
        error={errors.email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      {errors.email === undefined && <Refusal error={submit.error} />}
      <Button type="submit" variant="filled" loading={submit.isPending}>
        {t("session:askLink")}
      </Button>
    </form>
  );
}
