/** What the values of a property are called: options by their labels, members by their names. */
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { useCallback } from "react";
import { membersQuery, optionOf } from "../../api/objects";
import type { Property } from "../../api/types";
import type { NameOf } from "./model";

export function useNames(property: Property | undefined): NameOf {
  const { data: members } = useQuery({ ...membersQuery, enabled: property?.type === "user" });
  return useCallback(
    (value) => {
      if (value === null || value === "" || !property) return t("reports:noValue");
      if (property.type === "boolean") return value === true || value === "true" ? t("fields:yes") : t("fields:no");
      if (property.type === "user") return members?.find(({ id }) => id === value)?.name ?? t("fields:formerMember");
      return optionOf(property, value)?.label ?? String(value);
    },
    [property, members],
  );
}
