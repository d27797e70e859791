/** The settings of the workspace. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import { recordKeys } from "./records";
import type { components } from "./schema";
import { meQuery } from "./session";

type Schemas = components["schemas"];

export type WorkspaceSettings = Schemas["WorkspaceSettings"];
export type WorkspacePatch = Schemas["WorkspaceBody"];
export type Shift = Schemas["Shift"];
export type Weekday = Schemas["Weekday"];

export const workspaceQuery = queryOptions({
  queryKey: ["workspace"],
  queryFn: ({ signal }): Promise<WorkspaceSettings> => answer(api.GET("/api/v1/workspace", { signal })),
});

/** With the version that is known, so that nobody's change is lost. */
export const updateWorkspace = (version: number, body: WorkspacePatch): Promise<WorkspaceSettings> =>
  answer(api.PATCH("/api/v1/workspace", { params: { header: { "If-Match": `"${version}"` } }, body }));

/** Shows the settings as they are now, and whatever goes by them: names, zones, reports. */
export async function showWorkspace(client: QueryClient, settings: WorkspaceSettings) {
  client.setQueryData(workspaceQuery.queryKey, settings);
  await client.invalidateQueries({ queryKey: meQuery.queryKey });
  await client.invalidateQueries({ queryKey: recordKeys.all });
}
