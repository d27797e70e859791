/** Which moves a lifecycle allows: any, or those that are drawn as a graph or ticked in a table. */
import { Button, SegmentedControl, Skeleton, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { lazy, Suspense, useState } from "react";
import type { AsOf } from "../../api/records";
import { reportQuery } from "../../api/reports";
import type { ObjectType, Property } from "../../api/types";
import { nounsOf } from "../../texts/words";
import { daysOf } from "../../ui/periods";
import { useIsNarrow } from "../../ui/useIsNarrow";
import type { OptionDraft } from "./drafts";
import classes from "./Lifecycle.module.css";
import { everyMove, isEntryFree, isSaved, madeMoves, movesOf, type Transitions } from "./lifecycle";
import { MoveMatrix } from "./MoveMatrix";

/** It brings a library that nothing else needs. */
const MoveGraph = lazy(() => import("./MoveGraph").then((module) => ({ default: module.MoveGraph })));

export type MovesShown = "graph" | "table";

interface Props {
  object: ObjectType;
  property: Property;
  /** In use; those that are new have to be saved first. */
  stages: OptionDraft[];
  transitions: Transitions;
  asOf: AsOf;
  isReadOnly: boolean;
  /** Left open, it is what suits the screen. */
  shows: MovesShown | undefined;
  onShows: (shows: MovesShown) => void;
  onChange: (transitions: Transitions) => void;
}

export function Moves({ object, property, stages, transitions, asOf, isReadOnly, shows, onShows, onChange }: Props) {
  const isNarrow = useIsNarrow();
  const [now] = useState(() => new Date());
  const { data: report, isError } = useQuery(
    reportQuery("flow", {
      object: object.name,
      property: property.name,
      filterGroups: [],
      asOf: asOf ?? undefined,
      ...daysOf("90d", asOf === null ? now : new Date(asOf)),
    }),
  );
  const flows = report?.flows ?? [];
  const known = stages.filter(isSaved);
  const made = madeMoves(known, flows);
  const hasForbidden = movesOf(transitions, known, flows).some(({ isAllowed }) => !isAllowed);
  const view = shows ?? (isNarrow ? "table" : "graph");
  const isAny = transitions === "any";
  const startFromAll = () => onChange(everyMove(known.map(({ value }) => value)));
  return (
    <section className={classes.moves} aria-labelledby="moves">
      <header className={classes.movesHead}>
        <h2 id="moves">{t("settings:moves")}</h2>
        <SegmentedControl
          aria-label={t("settings:movesAs")}
          data={[
            { value: "graph", label: t("settings:asGraph") },
            { value: "table", label: t("settings:asTable") },
          ]}
          value={view}
          onChange={(next) => onShows(next === "graph" ? "graph" : "table")}
        />
      </header>
      <Switch
        label={t("settings:anyMove")}
        checked={isAny}
        disabled={isReadOnly}
        onChange={(event) => (event.currentTarget.checked ? onChange("any") : startFromAll())}
      />
      {isAny && !isReadOnly && (
        <div className={classes.narrowing}>
          <p>{t("settings:narrowingHint")}</p>
          <Button onClick={startFromAll}>{t("settings:startFromAll")}</Button>
          {made.length > 0 && (
            <Button onClick={() => onChange(made)}>{t("settings:startFromMade", { count: made.length })}</Button>
          )}
        </div>
      )}
      {!isAny && isEntryFree(transitions) && <p className={classes.note}>{t("settings:entryFree")}</p>}
      {stages.some((stage) => !isSaved(stage)) && <p className={classes.note}>{t("settings:newStagesLater")}</p>}
      {view === "table" ? (
        <MoveMatrix stages={known} transitions={transitions} isReadOnly={isReadOnly} onChange={onChange} />
      ) : (
        <>
          <Suspense fallback={<Waiting />}>
            <MoveGraph
              object={object}
              stages={known}
              transitions={transitions}
              flows={flows}
              isReadOnly={isReadOnly}
              onChange={onChange}
            />
          </Suspense>
          <p className={classes.note}>
            {isError ? t("settings:movesNotCounted") : t("settings:movesCounted", { nouns: nounsOf(object) })}
            {hasForbidden && ` ${t("settings:dashedHint")}`}
          </p>
          {!isAny && !isReadOnly && <p className={classes.note}>{t("settings:drawHint")}</p>}
        </>
      )}
    </section>
  );
}

const Waiting = () => (
  <div role="status" aria-busy="true" aria-label={t("settings:loadingGraph")}>
    <Skeleton height={280} radius={10} />
  </div>
);
