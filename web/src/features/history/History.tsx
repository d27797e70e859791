/** The history of one record: lanes on a time axis, the record at the cursor, and the changes in words. */
import { Button, Menu, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { shownProperties } from "../../api/objects";
import { knownUntil } from "../../api/spans";
import { recordQuery, type AsOf } from "../../api/records";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { ChevronIcon } from "../../ui/icons";
import { Empty, Failure } from "../../ui/Message";
import { onDemand } from "../../ui/onDemand";
import { ChangeList } from "./ChangeList";
import classes from "./History.module.css";
import { KnownAsOf } from "./KnownAsOf";
import { Lanes, type Lane } from "./Lanes";
import { domainOf, periodLabel, periodOf, PERIODS } from "./lanes";
import { Snapshot } from "./Snapshot";

const CompareDialog = onDemand(() => import("./CompareDialog").then((module) => module.CompareDialog));

/** What the URL keeps of how the history is looked at. */
export interface HistoryView {
  period?: string;
  lanes?: "all";
  known?: string;
}

interface Props {
  object: ObjectType;
  id: string;
  asOf: AsOf;
  view: HistoryView;
  onView: (part: HistoryView) => void;
  onOpenAsOf: (moment: string) => void;
  /** Absent where nothing can be changed. */
  onCorrect?: () => void;
  onRestore?: (moment: string) => void;
}

export function History({ object, id, asOf, view, onView, onOpenAsOf, onCorrect, onRestore }: Props) {
  const [cursor, setCursor] = useState<string | null>(null);
  const [isComparing, setComparing] = useState(false);
  const withHistory = shownProperties(object).map((property) => property.name);
  const {
    data: record,
    error,
    refetch,
  } = useQuery(recordQuery({ object: object.name, id, asOf, recordedAsOf: view.known ?? null, withHistory }));
  const period = periodOf(view.period);
  const all = record ? lanesOf(object, record) : [];
  const lanes = view.lanes === "all" ? all : mainLanes(all);
  const spans = lanes.map((lane) => lane.spans);
  const moment = cursor ?? firstMoment(all);

  return (
    <section className={classes.history} aria-labelledby="history-title">
      <div className={classes.toolbar}>
        <h2 id="history-title" className={classes.title}>
          {t("history:title")}
        </h2>
        <Choice
          label={t("history:lanes")}
          value={view.lanes ?? "changed"}
          choices={[
            { key: "changed", label: t("history:whatChanged") },
            { key: "all", label: t("history:allProperties") },
          ]}
          onChange={(key) => onView({ lanes: key === "all" ? "all" : undefined })}
        />
        <Choice
          label={t("history:period")}
          value={period.key}
          choices={PERIODS.map(({ key, days }) => ({ key, label: periodLabel(days) }))}
          onChange={(key) => onView({ period: key === PERIODS[0].key ? undefined : key })}
        />
        <KnownAsOf moment={view.known ?? null} onChange={(known) => onView({ known: known ?? undefined })} />
        <span className={classes.space} />
        <Button onClick={() => setComparing(true)}>{t("history:compare")}</Button>
        {onCorrect && <Button onClick={onCorrect}>{t("history:correct")}</Button>}
        {onRestore && moment !== undefined && <Button onClick={() => onRestore(moment)}>{t("history:restore")}</Button>}
      </div>

      {error && !record && <Failure error={error} title={t("history:notLoaded")} onRetry={() => void refetch()} />}
      {!record && !error && <LanesLoading />}
      {record && moment === undefined && <Empty title={t("history:nothingSet")}>{t("history:nothingHint")}</Empty>}
      {record && moment !== undefined && (
        <>
          <Lanes lanes={lanes} domain={domainOf(period, spans)} cursor={moment} onCursor={setCursor} />
          <div className={classes.below}>
            <Snapshot
              lanes={all}
              moment={moment}
              onOpen={() => onOpenAsOf(moment)}
              onRestore={onRestore && (() => onRestore(moment))}
            />
            <ChangeList object={object} id={id} asOf={asOf} spans={record.propertiesWithHistory ?? {}} />
          </div>
        </>
      )}
      {isComparing && (
        <CompareDialog
          object={object}
          id={id}
          from={moment}
          to={asOf}
          now={knownUntil(spans)}
          onClose={() => setComparing(false)}
        />
      )}
    </section>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  choices: readonly { key: string; label: string }[];
  onChange: (key: string) => void;
}

function Choice({ label, value, choices, onChange }: ChoiceProps) {
  const current = choices.find((choice) => choice.key === value);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button rightSection={<ChevronIcon size={12} />} aria-label={`${label}: ${current?.label ?? ""}`}>
          {current?.label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((choice) => (
          <Menu.Item key={choice.key} onClick={() => onChange(choice.key)} fw={choice.key === value ? 600 : undefined}>
            {choice.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Stages first, then what moved, then what was set once, each in the schema's order. */
function lanesOf(object: ObjectType, record: LeadlineRecord): Lane[] {
  const lanes = shownProperties(object).map((property) => ({
    property,
    spans: record.propertiesWithHistory?.[property.name] ?? [],
  }));
  const rank = ({ property, spans }: Lane) => (property.type === "stage" ? 0 : spans.length > 1 ? 1 : 2);
  return lanes.filter(({ spans }) => spans.length > 0).sort((left, right) => rank(left) - rank(right));
}

/** Those with more than one value, and stages always; all of them where that leaves nothing. */
function mainLanes(lanes: Lane[]): Lane[] {
  const main = lanes.filter(({ property, spans }) => property.type === "stage" || spans.length > 1);
  return main.length > 0 ? main : lanes;
}

/** Where the cursor starts: where the value before the present one began, most often the last stage but one. What it shows is not what stands beside it already. */
function firstMoment(lanes: Lane[]): string | undefined {
  const [current, before] = lanes[0]?.spans ?? [];
  return (before ?? current)?.validFrom;
}

function LanesLoading() {
  return (
    <div className={classes.loading} role="status" aria-busy="true" aria-label={t("history:loading")}>
      {[100, 84, 92, 60].map((width) => (
        <Skeleton key={width} height={26} width={`${width}%`} />
      ))}
    </div>
  );
}
