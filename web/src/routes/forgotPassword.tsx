/** Asking for a new password. */
import { createRoute, Link } from "@tanstack/react-router";
import { Entry } from "../features/session/Entry";
import { ForgotPasswordForm } from "../features/session/ForgotPasswordForm";
import { usePageTitle } from "../ui/usePageTitle";
import { rootRoute } from "./root";

export const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forgot-password",
  component: ForgotPasswordPage,
});

function ForgotPasswordPage() {
  usePageTitle("Forgotten password");
  return (
    <Entry
      title="Forgotten password"
      foot={
        <>
          Remembered it? <Link to="/sign-in">Sign in</Link>
        </>
      }
    >
      <ForgotPasswordForm />
    </Entry>
  );
}
