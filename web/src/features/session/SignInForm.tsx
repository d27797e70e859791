/** Signing in to a workspace. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { t } from "i18next";
import { useState, type ReactNode } from "react";
import { signIn } from "../../api/session";
import { messagesByName } from "../../api/problem";
import { Refusal } from "../../ui/Message";
import classes from "./Entry.module.css";

interface Props {
  onDone: () => Promise<void>;
  /** The way for those who do not know their password. */
  forgotten: ReactNode;
}

export function SignInForm({ onDone, forgotten }: Props) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = useMutation({ mutationFn: () => signIn({ email, password }), onSuccess: onDone });
  const errors = messagesByName(submit.error);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
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
      <PasswordInput
        label={t("session:password")}
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        error={errors.password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Refusal error={submit.error} />
      <div className={classes.actions}>
        <Button type="submit" variant="filled" loading={submit.isPending}>
          {t("session:signIn")}
        </Button>
        {forgotten}
      </div>
    </form>
  );
}
