/** What happened to a record, newest first, with a place to write down what happens next. */
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { useState, type ReactNode } from "react";
import { timelineQuery, type Happening, type HappeningKind, type RecordRef } from "../../api/activities";
import type { AsOf } from "../../api/records";
import type { ChangeSet } from "../../api/types";
import { Empty, Failure } from "../../ui/Message";
import { Composer } from "./Composer";
import { Entry } from "./Entry";
import classes from "./Timeline.module.css";

interface Props {
  about: RecordRef;
  asOf: AsOf;
  isReadOnly: boolean;
  /** Only one kind, if one is chosen. */
  kind: HappeningKind | null;
  onKind: (kind: HappeningKind | null) => void;
  /** How a change is told. */
  change: (changeSet: ChangeSet) => ReactNode;
}

const KINDS = [null, "activity", "note", "task", "change"] as const;

export function Timeline({ about, asOf, isReadOnly, kind, onKind, change }: Props) {
  const timeline = useInfiniteQuery(timelineQuery(about.object, about.id, kind, asOf));
  const [openedAt] = useState(() => Date.now());
  const entries = timeline.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <section className={classes.timeline} aria-labelledby="timeline-title">
      <h2 id="timeline-title" className="hidden-text">
        {t("activities:timeline")}
      </h2>
      {!isReadOnly && <Composer about={about} />}
      <div className={classes.kinds} role="group" aria-label={t("activities:show")}>
        {KINDS.map((one) => (
          <button
            key={one ?? "all"}
            type="button"
            className={classes.kind}
            aria-pressed={one === kind}
            onClick={() => onKind(one)}
          >
            {t(`activities:shows.${one ?? "all"}`)}
          </button>
        ))}
      </div>
      {timeline.isPending && <TimelineLoading />}
      {timeline.isError && !timeline.data && (
        <Failure error={timeline.error} title={t("activities:notLoaded")} onRetry={() => void timeline.refetch()} />
      )}
      {timeline.data && entries.length === 0 && (
        <Empty title={t("activities:nothing")}>{!isReadOnly && t("activities:nothingHint")}</Empty>
      )}
      <ol className={classes.list}>
        {entries.map((happening) => (
          <Entry
            key={keyOf(happening)}
            happening={happening}
            about={about}
            isReadOnly={isReadOnly}
            now={asOf === null ? openedAt : Date.parse(asOf)}
            change={change}
          />
        ))}
      </ol>
      {timeline.hasNextPage && (
        <Button
          className={classes.more}
          loading={timeline.isFetchingNextPage}
          onClick={() => void timeline.fetchNextPage()}
        >
          {t("activities:earlier")}
        </Button>
      )}
    </section>
  );
}

const keyOf = ({ changeSet, activity, note, task }: Happening) => (changeSet ?? activity ?? note ?? task)?.id;

function TimelineLoading() {
  return (
    <div className={classes.loading} role="status" aria-busy="true" aria-label={t("activities:loading")}>
      {[70, 55, 80, 60].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} />
      ))}
    </div>
  );
}
