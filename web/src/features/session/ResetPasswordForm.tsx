/** Choosing a new password with the token of a link. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { t } from "i18next";
import { useState, type ReactNode } from "react";
import { resetPassword } from "../../api/session";
import { messagesByName } from "../../api/problem";
import { Refusal } from "../../ui/Message";
import classes from "./Entry.module.css";
import { NewPasswordInput } from "./NewPasswordInput";

interface Props {
  token: string;
  onDone: () => Promise<void>;
  /** What stands here instead when the link is no longer good. */
  spent: ReactNode;
}

export function ResetPasswordForm({ token, onDone, spent }: Props) {
  const [password, setPassword] = useState("");
  const submit = useMutation({ mutationFn: () => resetPassword({ token, password }), onSuccess: onDone });
  const errors = messagesByName(submit.error);
  if (token === "" || errors.token !== undefined) return spent;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <NewPasswordInput
        label={t("session:newPassword")}
        autoFocus
        value={password}
        error={errors.password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <p className="quiet">{t("session:signedOutElsewhere")}</p>
      {errors.password === undefined && <Refusal error={submit.error} />}
      <Button type="submit" variant="filled" loading={submit.isPending}>
        {t("session:setPassword")}
      </Button>
    </form>
  );
}
