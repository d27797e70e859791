/** Creating a workspace with its first user. */
import { useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { t } from "i18next";
import { Entry } from "../features/session/Entry";
import { SignUpForm } from "../features/session/SignUpForm";
import { usePageTitle } from "../ui/usePageTitle";

export function SignUpPage() {
  const router = useRouter();
  const client = useQueryClient();
  usePageTitle(t("session:createWorkspace"));
  const enter = async () => {
    client.clear();
    await router.navigate({ to: "/" });
  };
  return (
    <Entry
      title={t("session:createWorkspace")}
      foot={
        <>
          {t("session:haveOne")} <Link to="/sign-in">{t("session:signIn")}</Link>
        </>
      }
    >
      <SignUpForm onDone={enter} />
    </Entry>
  );
}
