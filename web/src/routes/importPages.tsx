/** The pages of imports, apart from their routes so that they come when they are wanted. */
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { t } from "i18next";
import { importQuery } from "../api/imports";
import { objectsQuery } from "../api/objects";
import { isStatus } from "../api/problem";
import { meQuery } from "../api/session";
import { ImportHome } from "../features/import/ImportHome";
import { ImportView } from "../features/import/ImportView";
import { Failure } from "../ui/Message";
import { usePageTitle } from "../ui/usePageTitle";
import { NotFound, PageLoading } from "./states";

const importsRoute = getRouteApi("/app/import");
const importRoute = getRouteApi("/app/import/$importId");

export function ImportsPage() {
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const { data: me } = useSuspenseQuery(meQuery);
  const { asOf } = importsRoute.useSearch();
  const navigate = useNavigate();
  usePageTitle(t("import:title"));
  const refusal = !me.permissions.includes("history.rewrite")
    ? t("import:notAllowed")
    : asOf !== undefined
      ? t("import:notInThePast")
      : null;
  return (
    <ImportHome
      objects={objects}
      timeZone={me.workspace.timeZone}
      refusal={refusal}
      canChangeSchema={me.permissions.includes("schema.write")}
      onBegun={({ id }) => void navigate({ to: "/import/$importId", params: { importId: id } })}
    />
  );
}

export function ImportPage() {
  const { importId } = importRoute.useParams();
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const { data: me } = useSuspenseQuery(meQuery);
  const { data, error, refetch } = useQuery(importQuery(importId));
  usePageTitle(data?.fileName ?? t("import:title"));
  if (isStatus(error, 404) || isStatus(error, 400)) return <NotFound />;
  if (error && !data) return <Failure error={error} title={t("import:notLoaded")} onRetry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  return (
    <ImportView
      of={data}
      object={objects.find(({ name }) => name === data.object)}
      canUndo={me.permissions.includes("history.rewrite")}
    />
  );
}
