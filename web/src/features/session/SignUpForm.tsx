/** Making a workspace and its first user. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { signUp, type SignUp } from "../../api/session";
import { isCode, messagesByName } from "../../api/problem";
import { Refusal } from "../../ui/Message";
import classes from "./Entry.module.css";
import { NewPasswordInput } from "./NewPasswordInput";

export function SignUpForm({ onDone }: { onDone: () => Promise<void> }) {
  const [form, setForm] = useState<SignUp>({ workspaceName: "", name: "", email: "", password: "" });
  const submit = useMutation({ mutationFn: () => signUp(form), onSuccess: onDone });
  const errors = messagesByName(submit.error);
  const hasOwnPlace = Object.keys(errors).some((name) => name in form);
  // The first sign-up from another machine has to show that it may: from then on the form asks for it.
  const asksForToken = isCode(submit.error, "SETUP_TOKEN_REQUIRED");
  const needsToken = asksForToken || form.setupToken !== undefined;
  const control = (name: keyof SignUp) => ({
    required: true,
    withAsterisk: false,
    value: form[name] ?? "",
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [name]: value }));
    },
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <TextInput
        label={t("session:workspace")}
        placeholder={t("session:workspaceHint")}
        autoComplete="organization"
        autoFocus
        {...control("workspaceName")}
      />
      <TextInput label={t("session:yourName")} autoComplete="name" {...control("name")} />
      <TextInput label={t("session:email")} type="email" autoComplete="username" {...control("email")} />
      <NewPasswordInput {...control("password")} />
      {needsToken && (
        <TextInput
          label={t("session:setupToken")}
          description={t("session:setupHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="off"
          autoFocus
          {...control("setupToken")}
          error={asksForToken && form.setupToken !== undefined && t("session:wrongToken")}
        />
      )}
      {isCode(submit.error, "SIGNUP_CLOSED") ? (
        <p className={classes.note} role="alert">
          {t("session:closed")}
        </p>
      ) : (
        !hasOwnPlace && !asksForToken && <Refusal error={submit.error} />
      )}
      <Button type="submit" variant="filled" loading={submit.isPending}>
        {t("session:createTheWorkspace")}
      </Button>
    </form>
  );
}
