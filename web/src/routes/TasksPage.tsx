/** The page of tasks. */
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { t } from "i18next";
import { meQuery } from "../api/session";
import { Tasks } from "../features/activities/Tasks";
import { usePageTitle } from "../ui/usePageTitle";
import { tasksRoute } from "./tasks";

export function TasksPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const { asOf = null, ...view } = tasksRoute.useSearch();
  const navigate = useNavigate({ from: tasksRoute.fullPath });
  usePageTitle(t("shell:tasks"));
  return (
    <Tasks
      me={me}
      asOf={asOf}
      mayWrite={me.permissions.includes("records.write")}
      view={view}
      onView={(part) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true })}
    />
  );
}
