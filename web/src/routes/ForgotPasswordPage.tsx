/** Asking for a new password. */
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { Entry } from "../features/session/Entry";
import { ForgotPasswordForm } from "../features/session/ForgotPasswordForm";
import { usePageTitle } from "../ui/usePageTitle";

export function ForgotPasswordPage() {
  usePageTitle(t("session:forgottenPassword"));
  return (
    <Entry
      title={t("session:forgottenPassword")}
      foot={
        <>
          {t("session:remembered")} <Link to="/sign-in">{t("session:signIn")}</Link>
        </>
      }
    >
      <ForgotPasswordForm />
    </Entry>
  );
}
