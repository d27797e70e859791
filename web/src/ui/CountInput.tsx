/** A control for a whole number from 0. */
import { TextInput } from "@mantine/core";

interface Props {
  label: string;
  value: number | undefined;
  onChange: (count: number | undefined) => void;
}

export function CountInput({ label, value, onChange }: Props) {
  return (
    <TextInput
      label={label}
      inputMode="numeric"
      maxLength={9}
      value={value ?? ""}
      onChange={({ currentTarget }) => {
        const digits = currentTarget.value.replace(/\D/g, "");
        onChange(digits === "" ? undefined : Number(digits));
      }}
    />
  );
}
