/** Signing in, and from there to where one was going. */
import { useQueryClient } from "@tanstack/react-query";
import { createRoute, Link, useRouter } from "@tanstack/react-router";
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
  usePageTitle("Sign in");
  const enter = async () => {
    client.clear();
    if (next === undefined) await router.navigate({ to: "/" });
    else router.history.push(next);
  };
  return (
    <Entry
      title="Sign in"
      foot={
        <>
          New here? <Link to="/sign-up">Create a workspace</Link>
        </>
      }
    >
      {note === "password" && <Note tone="good">Your password is set. Sign in with it.</Note>}
      {note === "ended" && <Note>Your session has ended. Sign in to go on where you were.</Note>}
      <SignInForm onDone={enter} forgotten={<Link to="/forgot-password">Forgotten your password?</Link>} />
    </Entry>
  );
}
