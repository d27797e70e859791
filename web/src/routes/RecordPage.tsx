/** The page of one record: its stage, its properties, what it has to do with, its timeline and its history. */
import { Button, SegmentedControl, Skeleton } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import { canConvert } from "../api/conversions";
import { DEALS } from "../api/lineItems";
import { objectsQuery, shownProperties, stageOf } from "../api/objects";
import { isStatus } from "../api/problem";
import { recordQuery } from "../api/records";
import { meQuery } from "../api/session";
import { knownUntil } from "../api/spans";
import type { ObjectType } from "../api/types";
import { useConvertKey } from "../features/convert/useConvertKey";
import { ChangeText } from "../features/history/ChangeList";
import type { HistoryView } from "../features/history/History";
import { PropertyHistory } from "../features/history/PropertyHistory";
import { PropertiesPanel } from "../features/record/PropertiesPanel";
import { RecordHeader } from "../features/record/RecordHeader";
import { StageBar } from "../features/record/StageBar";
import { RelatedPanel } from "../features/related/RelatedPanel";
import { titleOf } from "../fields/title";
import { nounOf } from "../texts/words";
import { Failure } from "../ui/Message";
import { onDemand } from "../ui/onDemand";
import { useIsNarrow } from "../ui/useIsNarrow";
import { usePageTitle } from "../ui/usePageTitle";
import { recordRoute } from "./record";
import classes from "./RecordPage.module.css";
import { NoRecord } from "./states";

const Timeline = onDemand(() => import("../features/activities/Timeline").then((module) => module.Timeline));
const History = onDemand(() => import("../features/history/History").then((module) => module.History));
const CorrectionDialog = onDemand(() =>
  import("../features/history/CorrectionDialog").then((module) => module.CorrectionDialog),
);
const LineItemsPanel = onDemand(() =>
  import("../features/line-items/LineItemsPanel").then((module) => module.LineItemsPanel),
);
const RestoreDialog = onDemand(() =>
  import("../features/history/RestoreDialog").then((module) => module.RestoreDialog),
);
const ConvertDialog = onDemand(() =>
  import("../features/convert/ConvertDialog").then((module) => module.ConvertDialog),
);

export function RecordPage() {
  const { object: name, recordId } = recordRoute.useParams();
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const object = objects.find((one) => one.name === name);
  return object ? <LoadedPage key={recordId} object={object} objects={objects} id={recordId} /> : null;
}

function LoadedPage({ object, objects, id }: { object: ObjectType; objects: ObjectType[]; id: string }) {
  const { asOf = null, half, kind = null, convert: isConverting, ...view } = recordRoute.useSearch();
  const { data: me } = useSuspenseQuery(meQuery);
  const isNarrow = useIsNarrow();
  const navigate = useNavigate({ from: recordRoute.fullPath });
  const [correcting, setCorrecting] = useState<string | null>(null);
  const [restoring, setRestoring] = useState<string | null>(null);
  const withHistory = shownProperties(object).map((property) => property.name);
  const {
    data: record,
    error,
    dataUpdatedAt,
    refetch,
  } = useQuery(recordQuery({ object: object.name, id, asOf, withHistory }));
  usePageTitle(record ? titleOf(record, object) : "");
  const show = (next: string) =>
    void navigate({
      search: (before) => ({ ...before, half: next === "history" || next === "timeline" ? next : undefined }),
      replace: true,
    });
  const isReadOnly = asOf !== null || record?.archived !== false || !me.permissions.includes("records.write");
  const isConvertible = record !== undefined && !isReadOnly && canConvert(object, record);
  const setConverting = (next: boolean) =>
    void navigate({ search: (before) => ({ ...before, convert: next || undefined }), replace: !next });
  useConvertKey(isConvertible ? () => setConverting(true) : null);

  if (isStatus(error, 404)) return <NoRecord object={object} asOf={asOf} />;
  if (error && !record)
    return (
      <Failure error={error} title={t("record:notLoaded", { noun: nounOf(object) })} onRetry={() => void refetch()} />
    );
  if (!record) return <RecordLoading />;

  const stage = stageOf(object);
  const spans = record.propertiesWithHistory ?? {};
  const products = objects.find((one) => one.name === "products");
  const lineItems = products && object.name === DEALS && (
    <LineItemsPanel dealId={id} products={products} asOf={asOf} isReadOnly={isReadOnly} />
  );
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <RecordHeader
          object={object}
          record={record}
          asOf={asOf}
          readAt={dataUpdatedAt}
          actions={isConvertible && <Button onClick={() => setConverting(true)}>{t("convert:open")}</Button>}
        />
        {stage && <StageBar object={object} record={record} property={stage} isReadOnly={isReadOnly} />}
      </div>
      {isNarrow && (
        <Halves
          value={half ?? "properties"}
          data={[
            { value: "properties", label: t("record:properties") },
            { value: "timeline", label: t("record:timeline") },
            { value: "history", label: t("record:history") },
          ]}
          onChange={show}
        />
      )}
      <div className={classes.body} data-half={half ?? "properties"}>
        <div className={classes.side}>
          <PropertiesPanel
            object={object}
            record={record}
            isReadOnly={isReadOnly}
            aside={(property) => (
              <PropertyHistory
                property={property}
                spans={spans[property.name] ?? []}
                onCorrect={isReadOnly ? undefined : () => setCorrecting(property.name)}
              />
            )}
          />
          {isNarrow && lineItems}
          <RelatedPanel object={object} record={record} objects={objects} asOf={asOf} isReadOnly={isReadOnly} />
        </div>
        <div className={classes.main}>
          {!isNarrow && lineItems}
          {!isNarrow && (
            <Halves
              value={half ?? "timeline"}
              data={[
                { value: "timeline", label: t("record:timeline") },
                { value: "history", label: t("record:history") },
              ]}
              onChange={show}
            />
          )}
          {half === "history" ? (
            <History
              object={object}
              id={id}
              asOf={asOf}
              view={view}
              onView={(part: HistoryView) =>
                void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
              }
              onOpenAsOf={(moment) => void navigate({ search: (before) => ({ ...before, asOf: moment }) })}
              onCorrect={
                isReadOnly ? undefined : () => setCorrecting((stage ?? shownProperties(object)[0])?.name ?? null)
              }
              onRestore={isReadOnly ? undefined : setRestoring}
            />
          ) : (
            (!isNarrow || half === "timeline") && (
              <Timeline
                about={{ object: object.name, id }}
                asOf={asOf}
                isReadOnly={isReadOnly}
                kind={kind}
                onKind={(next) =>
                  void navigate({ search: (before) => ({ ...before, kind: next ?? undefined }), replace: true })
                }
                change={(changeSet) => <ChangeText changeSet={changeSet} object={object} spans={spans} />}
              />
            )
          )}
        </div>
      </div>
      {correcting !== null && (
        <CorrectionDialog
          object={object}
          id={id}
          spans={spans}
          property={correcting}
          onClose={() => setCorrecting(null)}
        />
      )}
      {isConverting && !isReadOnly && (
        <ConvertDialog object={object} record={record} objects={objects} onClose={() => setConverting(false)} />
      )}
      {restoring !== null && (
        <RestoreDialog
          object={object}
          id={id}
          moment={restoring}
          now={knownUntil(Object.values(spans).map((lane) => lane ?? []))}
          onClose={() => setRestoring(null)}
        />
      )}
    </div>
  );
}

interface HalvesProps {
  value: string;
  data: { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Halves(props: HalvesProps) {
  return <SegmentedControl className={classes.halves} aria-label={t("record:whatToShow")} {...props} />;
}

function RecordLoading() {
  return (
    <div className={classes.page} role="status" aria-busy="true" aria-label={t("record:loading")}>
      <div className={classes.head}>
        <Skeleton height={36} width={260} />
        <Skeleton height={46} />
      </div>
      <div className={classes.loading}>
        {[90, 70, 80, 60, 75].map((width) => (
          <Skeleton key={width} height={14} width={`${width}%`} />
        ))}
      </div>
    </div>
  );
}
