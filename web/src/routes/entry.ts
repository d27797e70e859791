/** The pages before the sign-in. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "./root";
import { oneOf, searchOf, word } from "./search";

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: searchOf({
    /** A path of this app. "//evil.example" and "/\evil.example" are other hosts. */
    next: (given) => (typeof given === "string" && /^\/(?![/\\])/.test(given) ? given : undefined),
    /** Why one is here: a password was just set, or the session ended. */
    note: oneOf("password", "ended"),
  }),
  component: lazyRouteComponent(() => import("./SignInPage"), "SignInPage"),
});

export const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-up",
  component: lazyRouteComponent(() => import("./SignUpPage"), "SignUpPage"),
});

export const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("./ForgotPasswordPage"), "ForgotPasswordPage"),
});

/** Where the link for a new password leads: `/reset-password#token=…`. */
export const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("./ResetPasswordPage"), "ResetPasswordPage"),
});

/** Where an invitation leads: `/invitation?token=…`. */
export const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invitation",
  validateSearch: searchOf({ token: word }),
  component: lazyRouteComponent(() => import("./InvitationPage"), "InvitationPage"),
});
