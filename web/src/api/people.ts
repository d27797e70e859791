/** The people of the workspace: one's own account, its sessions and tokens, the members, and who is invited. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import { membersQuery } from "./objects";
import type { components } from "./schema";
import { meQuery } from "./session";
import type { Me, Member } from "./types";

type Schemas = components["schemas"];

export type Role = Schemas["Role"];
export type Scope = Schemas["Scope"];
export type Session = Schemas["SessionView"];
export type Token = Schemas["Token"];
export type Invitation = Schemas["Invitation"];

/** The mightiest first: each may do all that the later ones may. */
export const ROLES: readonly Role[] = ["owner", "admin", "manager", "member", "viewer"];

export const SCOPES: readonly Scope[] = ["read", "write", "schema", "admin"];

/** Whether someone in a role may give another one, or change who has it. */
export function reaches(own: Role, other: string): boolean {
  return ROLES.indexOf(own) <= ROLES.findIndex((role) => role === other);
}

const ALL = { limit: 1000 };

export interface ProfileChange {
  name?: string;
  email?: string;
  /** What another address needs. */
  currentPassword?: string;
}

export const updateMe = (body: ProfileChange): Promise<Me> => answer(api.PATCH("/api/v1/me", { body }));

/** Shows the new name wherever people are named. */
export async function keepMe(client: QueryClient, me: Me) {
  client.setQueryData(meQuery.queryKey, me);
  await client.invalidateQueries({ queryKey: membersQuery.queryKey });
}

export const changePassword = (body: { currentPassword: string; newPassword: string }) =>
  answer(api.POST("/api/v1/auth/password", { body }));

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }): Promise<Session[]> =>
    (await answer(api.GET("/api/v1/sessions", { params: { query: ALL }, signal }))).results,
});

export const endSession = (id: string) => answer(api.DELETE("/api/v1/sessions/{id}", { params: { path: { id } } }));

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }): Promise<Token[]> =>
    (await answer(api.GET("/api/v1/tokens", { params: { query: ALL }, signal }))).results,
});

export interface NewToken {
  name: string;
  scopes: Scope[];
  /** Null is never. */
  expiresAt: string | null;
}

export const createToken = (body: NewToken): Promise<Token> => answer(api.POST("/api/v1/tokens", { body }));

export const deleteToken = (id: string) => answer(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } }));

export const updateMember = (id: string, body: { role?: Role; disabled?: boolean }): Promise<Member> =>
  answer(api.PATCH("/api/v1/users/{id}", { params: { path: { id } }, body }));

export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: async ({ signal }): Promise<Invitation[]> =>
    (await answer(api.GET("/api/v1/invitations", { params: { query: ALL }, signal }))).results,
});

export const invite = (body: { email: string; role: Role }): Promise<Invitation> =>
  answer(api.POST("/api/v1/invitations", { body }));

export const revokeInvitation = (id: string) =>
  answer(api.DELETE("/api/v1/invitations/{id}", { params: { path: { id } } }));
