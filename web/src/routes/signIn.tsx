/** Signing in, and from there to where one was going. */
import { useQueryClient } from "@tanstack/react-query";
import { createRoute, Link, useRouter } from "@tanstack/react-router";
import { t } from "i18next";
import { z } from "zod";
import { Entry, Note } from "../features/session/Entry";
import { SignInForm } from "../features/session/SignInForm";
import { usePageTitle } from "../ui/usePageTitle";
import { rootRoute } from "./root";

const searchSchema = z.object({
  /** A path of this app. */
  next: z
    .string()
    // A path only: "//evil.example" and "/\evil.example" are other hosts.
    .regex(/^\/(?![/\\])/)
    .optional()
    .catch(undefined),
  /** Why one is here: a password was just set, or the session ended. */
  note: z.enum(["password", "ended"]).optional().catch(undefined),
});

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: searchSchema,
  component: SignInPage,
});

function SignInPage() {
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
