/** Creating a workspace with its first user. */
import { useQueryClient } from "@tanstack/react-query";
import { createRoute, Link, useRouter } from "@tanstack/react-router";
import { Entry } from "../features/session/Entry";
import { SignUpForm } from "../features/session/SignUpForm";
import { usePageTitle } from "../ui/usePageTitle";
import { rootRoute } from "./root";

export const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-up",
  component: SignUpPage,
});

function SignUpPage() {
  const router = useRouter();
  const client = useQueryClient();
  usePageTitle("Create a workspace");
  const enter = async () => {
    client.clear();
    await router.navigate({ to: "/" });
  };
  return (
    <Entry
      title="Create a workspace"
      foot={
        <>
          Already have one? <Link to="/sign-in">Sign in</Link>
        </>
      }
    >
      <SignUpForm onDone={enter} />
    </Entry>
  );
}
