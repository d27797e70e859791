/** Where an invitation leads: `/invitation?token=…`. */
import { useQueryClient } from "@tanstack/react-query";
import { createRoute, Link, useRouter } from "@tanstack/react-router";
import { t } from "i18next";
import { z } from "zod";
import { AcceptInvitationForm } from "../features/session/AcceptInvitationForm";
import { Entry } from "../features/session/Entry";
import { SpentLink } from "../features/session/SpentLink";
import { usePageTitle } from "../ui/usePageTitle";
import { rootRoute } from "./root";

export const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invitation",
  validateSearch: z.object({ token: z.coerce.string().optional().catch(undefined) }),
  component: InvitationPage,
});

function InvitationPage() {
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
