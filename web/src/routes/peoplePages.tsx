/** The settings that are about people, apart from their routes so that they come when they are wanted. */
import { useSuspenseQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { t } from "i18next";
import { meQuery } from "../api/session";
import { MembersView } from "../features/people/MembersView";
import { ProfileView } from "../features/people/ProfileView";
import { SecurityView } from "../features/people/SecurityView";
import { TokensView } from "../features/people/TokensView";
import { usePageTitle } from "../ui/usePageTitle";

export function ProfilePage() {
  const { data: me } = useSuspenseQuery(meQuery);
  usePageTitle(t("people:profile"));
  return <ProfileView me={me} isReadOnly={useIsPast()} />;
}

export function SecurityPage() {
  usePageTitle(t("people:security"));
  return <SecurityView isReadOnly={useIsPast()} />;
}

export function MembersPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  usePageTitle(t("people:members"));
  const isPast = useIsPast();
  return <MembersView me={me} isReadOnly={isPast || !me.permissions.includes("users.manage")} />;
}

export function TokensPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  usePageTitle(t("people:tokens"));
  const isPast = useIsPast();
  return <TokensView isReadOnly={isPast || !me.permissions.includes("tokens.manage")} />;
}

/** People have no past here: as they are now they are shown, and changed only now. */
function useIsPast(): boolean {
  return useSearch({ from: "/app/settings" }).asOf !== undefined;
}
