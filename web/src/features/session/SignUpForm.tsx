/** Making a workspace and its first user. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { signUp, type SignUp } from "../../api/session";
import { messagesByName } from "../../api/problem";
import { Refusal } from "../../ui/Message";
import classes from "./Entry.module.css";

export function SignUpForm({ onDone }: { onDone: () => Promise<void> }) {
  const [form, setForm] = useState<SignUp>({ workspaceName: "", name: "", email: "", password: "" });
  const submit = useMutation({ mutationFn: () => signUp(form), onSuccess: onDone });
  const errors = messagesByName(submit.error);
  const hasOwnPlace = Object.keys(errors).some((name) => name in form);
  const control = (name: keyof SignUp) => ({
    required: true,
    withAsterisk: false,
    value: form[name],
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
        label="Workspace"
        placeholder="Your company or team"
        autoComplete="organization"
        autoFocus
        {...control("workspaceName")}
      />
      <TextInput label="Your name" autoComplete="name" {...control("name")} />
      <TextInput label="Email" type="email" autoComplete="username" {...control("email")} />
      <PasswordInput
        label="Password"
        description="8 to 128 characters"
        inputWrapperOrder={["label", "input", "description", "error"]}
        autoComplete="new-password"
        minLength={8}
        maxLength={128}
        {...control("password")}
      />
      {!hasOwnPlace && <Refusal error={submit.error} />}
      <Button type="submit" variant="filled" loading={submit.isPending}>
        Create the workspace
      </Button>
    </form>
  );
}
