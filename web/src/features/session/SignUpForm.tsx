/** Making a workspace and its first user. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
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
        label="Workspace"
        placeholder="Your company or team"
        autoComplete="organization"
        autoFocus
        {...control("workspaceName")}
      />
      <TextInput label="Your name" autoComplete="name" {...control("name")} />
      <TextInput label="Email" type="email" autoComplete="username" {...control("email")} />
      <NewPasswordInput {...control("password")} />
      {needsToken && (
        <TextInput
          label="Set-up token"
          description="The server’s log shows it at each start, until there is a workspace"
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="off"
          autoFocus
          {...control("setupToken")}
          error={asksForToken && form.setupToken !== undefined && "This is not the token that the log shows."}
        />
      )}
      {isCode(submit.error, "SIGNUP_CLOSED") ? (
        <p className={classes.note} role="alert">
          This server takes no sign-ups. Ask a colleague who is in the workspace for an invitation.
        </p>
      ) : (
        !hasOwnPlace && !asksForToken && <Refusal error={submit.error} />
      )}
      <Button type="submit" variant="filled" loading={submit.isPending}>
        Create the workspace
      </Button>
    </form>
  );
}
