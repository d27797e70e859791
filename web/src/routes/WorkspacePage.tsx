/** The settings of the workspace. Who may not change them, and who looks at the past, reads them. */
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { meQuery } from "../api/session";
import { workspaceQuery } from "../api/workspace";
import { WorkspaceForm } from "../features/workspace/WorkspaceForm";
import { Failure } from "../ui/Message";
import { usePageTitle } from "../ui/usePageTitle";
import { appRoute } from "./app";
import { PageLoading } from "./states";

export function WorkspacePage() {
  const { asOf } = appRoute.useSearch();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: settings, error, refetch } = useQuery(workspaceQuery);
  usePageTitle(t("workspace:title"));
  if (settings) {
    const isReadOnly = asOf !== undefined || !me.permissions.includes("workspace.manage");
    return <WorkspaceForm settings={settings} isReadOnly={isReadOnly} />;
  }
  if (error) return <Failure error={error} title={t("page:notShown")} onRetry={() => void refetch()} />;
  return <PageLoading />;
}
