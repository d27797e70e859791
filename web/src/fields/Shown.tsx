/** The value of any property, or a dash where it is empty. */
import { t } from "i18next";
import type { Property, Value } from "../api/types";
import { fieldOf } from "./fields";

interface Props {
  value: Value | null | undefined;
  property: Property;
  plain?: boolean;
}

export function Shown({ value, property, plain }: Props) {
  if (value === null || value === undefined || value === "") {
    return (
      <span className="quiet">
        <span aria-hidden>–</span>
        <span className="hidden-text">{t("fields:empty")}</span>
      </span>
    );
  }
  const { Show } = fieldOf(property);
  return <Show value={value} property={property} plain={plain} />;
}
