/** Where the link for a new password leads: `/reset-password#token=…`. Behind the `#`, where no server sees it. */
import { useQueryClient } from "@tanstack/react-query";
import { Link, useLocation, useRouter } from "@tanstack/react-router";
import { t } from "i18next";
import { Entry } from "../features/session/Entry";
import { ResetPasswordForm } from "../features/session/ResetPasswordForm";
import { SpentLink } from "../features/session/SpentLink";
import { usePageTitle } from "../ui/usePageTitle";

export function ResetPasswordPage() {
  const token = new URLSearchParams(useLocation().hash).get("token") ?? "";
  const router = useRouter();
  const client = useQueryClient();
  usePageTitle(t("session:newPassword"));
  const finish = async () => {
    client.clear();
    // In its place in the history, so that nobody goes back to a link that is used up.
    await router.navigate({ to: "/sign-in", search: { note: "password" }, replace: true });
  };
  return (
    <Entry title={t("session:chooseNew")} foot={<Link to="/sign-in">{t("session:backToSignIn")}</Link>}>
      <ResetPasswordForm
        token={token}
        onDone={finish}
        spent={
          <SpentLink action={<Link to="/forgot-password">{t("session:askNewLink")}</Link>}>
            {t("session:resetSpent")}
          </SpentLink>
        }
      />
    </Entry>
  );
}
