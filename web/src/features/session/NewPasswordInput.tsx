/** The control for a password that is being chosen, with the rule it has to keep. */
import { PasswordInput, type PasswordInputProps } from "@mantine/core";

export function NewPasswordInput(props: PasswordInputProps) {
  return (
    <PasswordInput
      label="Password"
      description="8 to 128 characters"
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
