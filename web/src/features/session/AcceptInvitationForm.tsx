/** Joining a workspace with the token of an invitation: as someone new, or with the account that the address has. */
import { Button, PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { t } from "i18next";
import { useState, type ReactNode } from "react";
import { acceptInvitation } from "../../api/session";
import { isCode, isStatus, messagesByName } from "../../api/problem";
import { Refusal } from "../../ui/Message";
import classes from "./Entry.module.css";
import { NewPasswordInput } from "./NewPasswordInput";

interface Props {
  token: string;
  onDone: () => Promise<void>;
  /** What stands here instead when the link is no longer good. */
  spent: ReactNode;
}

type Who = "new" | "known";

export function AcceptInvitationForm({ token, onDone, spent }: Props) {
  const [who, setWho] = useState<Who>("new");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const submit = useMutation({
    mutationFn: () => acceptInvitation({ token, password, ...(who === "new" ? { name } : {}) }),
    onSuccess: onDone,
    onError: (error) => {
      // Only the server knows whether the invited address has an account: show the form that fits it.
      if (isCode(error, "INVALID_CREDENTIALS")) setWho("known");
      else if (messagesByName(error).name !== undefined) setWho("new");
    },
  });
  const errors = messagesByName(submit.error);
  if (token === "" || isStatus(submit.error, 403)) return spent;

  const choose = (next: string) => {
    setWho(next === "known" ? "known" : "new");
    setPassword("");
    submit.reset();
  };
  const shared = {
    value: password,
    error: errors.password,
    onChange: (event: { currentTarget: { value: string } }) => setPassword(event.currentTarget.value),
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <SegmentedControl
        aria-label={t("session:haveAccount")}
        value={who}
        data={[
          { value: "new", label: t("session:iAmNew") },
          { value: "known", label: t("session:iHaveAccount") },
        ]}
        onChange={choose}
      />
      {who === "new" ? (
        <>
          <TextInput
            label={t("session:yourName")}
            autoComplete="name"
            required
            withAsterisk={false}
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NewPasswordInput {...shared} />
        </>
      ) : (
        <PasswordInput
          label={t("session:yourPassword")}
          description={t("session:ofAccount")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="current-password"
          required
          withAsterisk={false}
          {...shared}
        />
      )}
      {isCode(submit.error, "INVALID_CREDENTIALS") ? (
        <p className={classes.note} role="alert">
          {t("session:knownAddress")}
        </p>
      ) : (
        errors.name === undefined && errors.password === undefined && <Refusal error={submit.error} />
      )}
      <Button type="submit" variant="filled" loading={submit.isPending}>
        {t("session:joinButton")}
      </Button>
    </form>
  );
}
