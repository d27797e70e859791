/** Who is signed in, and signing up, in and out. */
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
}

export const signUp = (body: SignUp) => answer(api.POST("/api/v1/auth/signup", { body }));

export const signIn = (body: { email: string; password: string }) => answer(api.POST("/api/v1/auth/login", { body }));

export const signOut = () => answer(api.POST("/api/v1/auth/logout"));
