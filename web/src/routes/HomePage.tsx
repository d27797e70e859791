/** The first page: what happens with the first object that has stages. */
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { t } from "i18next";
import { objectsQuery, stageOf } from "../api/objects";
import type { ReportKind, ReportRequest } from "../api/reports";
import type { ObjectType, Property } from "../api/types";
import { Home } from "../features/home/Home";
import { SmallReport } from "../features/reports/SmallReport";
import { usePageTitle } from "../ui/usePageTitle";
import { appRoute } from "./app";
import { NotFound } from "./states";

export function HomePage() {
  const { data: objects } = useSuspenseQuery(objectsQuery);
  usePageTitle(t("shell:home"));
  const object = objects.find((one) => stageOf(one) !== undefined);
  const stage = object && stageOf(object);
  return object && stage ? <WithStages object={object} stage={stage} /> : <NotFound />;
}

function WithStages({ object, stage }: { object: ObjectType; stage: Property }) {
  const { asOf = null } = appRoute.useSearch();
  const navigate = useNavigate();
  const report = (kind: ReportKind, request: ReportRequest) => (
    <SmallReport
      kind={kind}
      request={request}
      property={stage}
      onDrill={({ filterGroups, asOf: moment }) =>
        void navigate({
          to: "/objects/$object",
          params: { object: object.name },
          search: { filter: filterGroups, asOf: moment ?? asOf ?? undefined },
        })
      }
    />
  );
  return <Home object={object} stage={stage} asOf={asOf} report={report} />;
}
