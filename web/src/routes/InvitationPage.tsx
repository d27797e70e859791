/** Where an invitation leads: `/invitation?token=…`. */
import { useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { t } from "i18next";
import { AcceptInvitationForm } from "../features/session/AcceptInvitationForm";
import { Entry } from "../features/session/Entry";
import { SpentLink } from "../features/session/SpentLink";
import { usePageTitle } from "../ui/usePageTitle";
import { invitationRoute } from "./entry";

export function InvitationPage() {
  const { token = "" } = invitationRoute.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  usePageTitle(t("session:invitation"));
  const enter = async () => {
    client.clear();
    await router.navigate({ to: "/", replace: true });
  };
  return (
    <Entry title={t("session:join")} foot={<Link to="/sign-in">{t("session:signInInstead")}</Link>}>
      <AcceptInvitationForm
        token={token}
        onDone={enter}
        spent={<SpentLink>{t("session:invitationSpent")}</SpentLink>}
      />
    </Entry>
  );
}
