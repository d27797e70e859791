/** One's own name and address, and how the app looks and speaks here. */
import { Button, PasswordInput, SegmentedControl, TextInput, useMantineColorScheme } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { keepMe, updateMe } from "../../api/people";
import { messagesByName } from "../../api/problem";
import type { Me } from "../../api/types";
import { chooseLanguage, currentLanguage, LANGUAGES } from "../../texts/i18n";
import { Refusal } from "../../ui/Message";
import { notify } from "../../ui/notices";
import classes from "./People.module.css";

interface Props {
  me: Me;
  isReadOnly: boolean;
}

export function ProfileView({ me, isReadOnly }: Props) {
  return (
    <div className={classes.page}>
      <section className={classes.section} aria-label={t("people:profile")}>
        <div className={classes.head}>
          <div>
            <h2 className={classes.title}>{t("people:profile")}</h2>
            <p>{t("people:profileHint")}</p>
          </div>
        </div>
        <ProfileForm me={me} isReadOnly={isReadOnly} />
      </section>
      <Looks />
    </div>
  );
}

function ProfileForm({ me, isReadOnly }: Props) {
  const client = useQueryClient();
  const [name, setName] = useState(me.user.name);
  const [email, setEmail] = useState(me.user.email);
  const [password, setPassword] = useState("");
  const isNewAddress = email.trim() !== me.user.email;
  const isChanged = name.trim() !== me.user.name || isNewAddress;
  const save = useMutation({
    mutationFn: () =>
      updateMe({ name, ...(isNewAddress ? { email: email.trim(), currentPassword: password || undefined } : {}) }),
    onSuccess: async (now) => {
      setName(now.user.name);
      setEmail(now.user.email);
      setPassword("");
      await keepMe(client, now);
      notify({ text: t("people:profileSaved") });
    },
  });
  const errors = messagesByName(save.error);
  const hasOwnPlace = "name" in errors || "email" in errors || "currentPassword" in errors;
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <fieldset className={classes.fields} disabled={isReadOnly}>
        <TextInput
          label={t("people:name")}
          autoComplete="name"
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t("people:email")}
          description={t("people:emailHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          type="email"
          autoComplete="username"
          value={email}
          error={errors.email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        {isNewAddress && (
          <PasswordInput
            label={t("people:currentPassword")}
            description={t("people:passwordForEmail")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            autoComplete="current-password"
            value={password}
            error={errors.currentPassword}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
      </fieldset>
      {!hasOwnPlace && <Refusal error={save.error} />}
      {!isReadOnly && (
        <Button
          type="submit"
          variant="filled"
          className={classes.submit}
          disabled={!isChanged}
          loading={save.isPending}
        >
          {t("people:saveProfile")}
        </Button>
      )}
    </form>
  );
}

/** Of this browser: nothing that is kept of the person. */
function Looks() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <section className={classes.section} aria-label={t("people:looks")}>
      <h2 className={classes.title}>{t("people:looks")}</h2>
      <div className={classes.choice}>
        <span>{t("shell:appearance")}</span>
        <SegmentedControl
          aria-label={t("shell:appearance")}
          fullWidth
          value={colorScheme}
          data={[
            { value: "light", label: t("shell:light") },
            { value: "dark", label: t("shell:dark") },
            { value: "auto", label: t("shell:system") },
          ]}
          onChange={(next) => setColorScheme(next)}
        />
      </div>
      <div className={classes.choice}>
        <span>{t("shell:language")}</span>
        <SegmentedControl
          aria-label={t("shell:language")}
          fullWidth
          value={currentLanguage()}
          data={LANGUAGES.map(({ code, name }) => ({ value: code, label: name }))}
          onChange={(next) => void chooseLanguage(next)}
        />
      </div>
    </section>
  );
}
