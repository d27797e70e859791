/** Who is signed in; signing up, in and out; and the two links that people are sent. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { Me } from "./types";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }): Promise<Me> => answer(api.GET("/api/v1/me", { signal })),
  staleTime: 60_000,
  retry: false,
});

export interface SignUp {
  workspaceName: string;
  name: string;
  email: string;
  password: string;
  /** For the first sign-up from another machine. */
  setupToken?: string;
}

export const signUp = (body: SignUp) => answer(api.POST("/api/v1/auth/signup", { body }));

export const signIn = (body: { email: string; password: string }) => answer(api.POST("/api/v1/auth/login", { body }));

export const signOut = () => answer(api.POST("/api/v1/auth/logout"));

/** The answer is the same whether there is such an account or not. */
export const askForNewPassword = (body: { email: string }) => answer(api.POST("/api/v1/auth/password-reset", { body }));

export const resetPassword = (body: { token: string; password: string }) =>
  answer(api.POST("/api/v1/auth/password-reset/confirm", { body }));

export interface Acceptance {
  token: string;
  /** Of those who have no account yet. */
  name?: string;
  password: string;
}

export const acceptInvitation = (body: Acceptance) => answer(api.POST("/api/v1/invitations/accept", { body }));
