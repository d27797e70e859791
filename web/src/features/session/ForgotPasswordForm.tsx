/** Asking for a new password. The server sends no mail: an administrator makes the link and passes it on. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
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
        <p>
          Noted. Now ask whoever runs this server for your link: they make it with this command and pass it on to you.
        </p>
        <code className={classes.command}>leadline user reset-password {email.trim()}</code>
        <p className="quiet">It can be used once, and soon ends. Your password stays as it is until then.</p>
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
      <p className="quiet">You choose a new one with a link that is good once.</p>
      <TextInput
        label="Email"
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
        Ask for a link
      </Button>
    </form>
  );
}
