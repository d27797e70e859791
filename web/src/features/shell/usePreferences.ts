/** Makes the app look as the person prefers, and keeps what they choose: at once here, and for their other browsers. */
import { useMantineColorScheme } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { messageOf } from "../../api/problem";
import { preferencesQuery, updatePreferences, type Preferences, type PreferencesPatch } from "../../api/preferences";
import { chooseLanguage } from "../../texts/i18n";
import { setDensity } from "../../ui/density";
import { notify } from "../../ui/notices";

/** Follows what is preferred, for as long as the app is open. What nobody has said stays as this browser has it. */
export function usePreferences() {
  const { data } = useQuery(preferencesQuery);
  const apply = useApply();
  useEffect(() => {
    if (data) apply(data);
  }, [data, apply]);
}

/** Chooses: it shows at once, and stays here should the server refuse it. */
export function usePrefer(): (part: PreferencesPatch) => void {
  const client = useQueryClient();
  const apply = useApply();
  return (part) => {
    apply(part);
    client.setQueryData(
      preferencesQuery.queryKey,
      (before: Preferences | undefined) => before && { ...before, ...part },
    );
    updatePreferences(part).then(
      // More may have been chosen meanwhile: the answer counts only where nothing was known.
      (after) => client.setQueryData(preferencesQuery.queryKey, (known: Preferences | undefined) => known ?? after),
      (error: unknown) => notify({ text: messageOf(error), tone: "bad" }),
    );
  };
}

function useApply(): (preferences: PreferencesPatch) => void {
  const { setColorScheme } = useMantineColorScheme();
  return useCallback(
    ({ theme, density, locale }) => {
      if (theme) setColorScheme(theme);
      if (density) setDensity(density);
      if (locale) void chooseLanguage(locale);
    },
    [setColorScheme],
  );
}
