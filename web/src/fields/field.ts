/** What a type of property brings: how its value is shown, edited, coloured and put in words. */
import type { ComponentType } from "react";
import type { Property, Value } from "../api/types";
import type { Tone } from "../ui/palette";

export interface ShowProps {
  value: Value;
  property: Property;
  /** As bare text, for places that bring their own colour. */
  plain?: boolean;
}

export interface EditProps {
  value: Value | null;
  property: Property;
  onChange: (value: Value | null) => void;
  /** The value is final: Enter was pressed, an option chosen, the control left. Absent where a form has its own button. */
  onCommit?: (value: Value | null) => void;
  input: InputProps;
}

/** What the surroundings decide about the control. */
export interface InputProps {
  label?: string;
  "aria-label"?: string;
  description?: string;
  error?: string;
  withAsterisk?: boolean;
  "data-autofocus"?: boolean;
  autoFocus?: boolean;
}

export interface Field {
  Show: ComponentType<ShowProps>;
  Edit: ComponentType<EditProps>;
  /** In words, for titles and labels, where nothing has to be looked up for it. */
  asText: (value: Value, property: Property) => string;
  tone: (value: Value, property: Property) => Tone;
  /** Figures stand at the end of their column. */
  align: "start" | "end";
}

/** For types whose values have no colour of their own. */
export const faint = (): Tone => ({ color: null, strength: "faint" });

/** A scalar value as it stands. Lists and money have their own files and never come here. */
export const plainText = (value: Value): string => (typeof value === "object" ? "" : String(value));
