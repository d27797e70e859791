/** A record at the side of a list: its stage, its properties, and the way to its page. The list stays. */
import { ActionIcon, Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { useEffect, useState } from "react";
import { shownProperties, stageOf } from "../api/objects";
import { isStatus } from "../api/problem";
import { recordQuery, type AsOf } from "../api/records";
import type { ObjectType } from "../api/types";
import { PropertyHistory } from "../features/history/PropertyHistory";
import { PropertiesPanel } from "../features/record/PropertiesPanel";
import { RecordHeader } from "../features/record/RecordHeader";
import { StageBar } from "../features/record/StageBar";
import { nounOf } from "../texts/words";
import { CloseIcon } from "../ui/icons";
import { Failure } from "../ui/Message";
import { onDemand } from "../ui/onDemand";
import classes from "./Peek.module.css";

const CorrectionDialog = onDemand(() =>
  import("../features/history/CorrectionDialog").then((module) => module.CorrectionDialog),
);

interface Props {
  object: ObjectType;
  id: string;
  asOf: AsOf;
  onClose: () => void;
}

export function Peek({ object, id, asOf, onClose }: Props) {
  const [correcting, setCorrecting] = useState<string | null>(null);
  const withHistory = shownProperties(object).map(({ name }) => name);
  const {
    data: record,
    error,
    dataUpdatedAt,
    refetch,
  } = useQuery(recordQuery({ object: object.name, id, asOf, withHistory }));
  const stage = stageOf(object);
  const spans = record?.propertiesWithHistory ?? {};
  const isReadOnly = asOf !== null || record?.archived !== false;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isElsewhere = event.target instanceof Element && event.target.closest("[data-portal], input, textarea");
      if (event.key === "Escape" && !event.defaultPrevented && !isElsewhere) onClose();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [onClose]);

  return (
    <aside className={classes.peek} aria-label={t("page:peek")}>
      <div className={classes.bar}>
        <Button
          size="xs"
          renderRoot={(props: object) => (
            <Link to="/objects/$object/$recordId" params={{ object: object.name, recordId: id }} {...props} />
          )}
        >
          {t("page:openPage")}
        </Button>
        <span className="quiet">{t("page:peekKeys")}</span>
        <ActionIcon variant="subtle" color="gray" aria-label={t("ui:close")} onClick={onClose}>
          <CloseIcon />
        </ActionIcon>
      </div>
      {error && !record && (
        <Failure
          error={error}
          title={
            isStatus(error, 404)
              ? t("page:noSuch", { noun: nounOf(object) })
              : t("record:notLoaded", { noun: nounOf(object) })
          }
          onRetry={() => void refetch()}
        />
      )}
      {!record && !error && (
        <div className={classes.loading} role="status" aria-busy="true" aria-label={t("record:loading")}>
          {[60, 100, 80, 70, 90].map((width) => (
            <Skeleton key={width} height={16} width={`${width}%`} />
          ))}
        </div>
      )}
      {record && (
        <>
          <div className={classes.head}>
            <RecordHeader object={object} record={record} asOf={asOf} readAt={dataUpdatedAt} />
            {stage && <StageBar object={object} record={record} property={stage} isReadOnly={isReadOnly} />}
          </div>
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
        </>
      )}
      {correcting !== null && (
        <CorrectionDialog
          object={object}
          id={id}
          spans={spans}
          property={correcting}
          onClose={() => setCorrecting(null)}
        />
      )}
    </aside>
  );
}
