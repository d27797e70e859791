/** Signing in, and from there to where one was going. */
import { useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { t } from "i18next";
import { Entry, Note } from "../features/session/Entry";
import { SignInForm } from "../features/session/SignInForm";
import { usePageTitle } from "../ui/usePageTitle";
import { signInRoute } from "./entry";

export function SignInPage() {
  const { next, note } = signInRoute.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  usePageTitle(t("session:signIn"));
  const enter = async () => {
    client.clear();
    if (next === undefined) await router.navigate({ to: "/" });
    else router.history.push(next);
  };
  return (
    <Entry
      title={t("session:signIn")}
      foot={
        <>
          {t("session:newHere")} <Link to="/sign-up">{t("session:createWorkspace")}</Link>
        </>
      }
    >
      {note === "password" && <Note tone="good">{t("session:passwordSet")}</Note>}
      {note === "ended" && <Note>{t("session:ended")}</Note>}
      <SignInForm onDone={enter} forgotten={<Link to="/forgot-password">{t("session:forgottenYours")}</Link>} />
    </Entry>
  );
}
