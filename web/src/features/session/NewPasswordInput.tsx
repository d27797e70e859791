/** The control for a password that is being chosen, with the rule it has to keep. */
import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { t } from "i18next";

export function NewPasswordInput(props: PasswordInputProps) {
  return (
    <PasswordInput
      label={t("session:password")}
      description={t("session:passwordRule")}
      inputWrapperOrder={["label", "input", "description", "error"]}
      autoComplete="new-password"
      minLength={8}
      maxLength={128}
      required
      withAsterisk={false}
      {...props}
    />
  );
}
