/** A list of records: a table on wide screens, two-line rows on narrow ones, read page by page without an end. */
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { listQuery, type ListView } from "../../api/records";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { titleOf } from "../../fields/title";
import { Empty, Failure } from "../../ui/Message";
import { useIsNarrow } from "../../ui/useIsNarrow";
import { columnsOf } from "./columns";
import { ListFooter } from "./ListFooter";
import classes from "./RecordList.module.css";
import { RecordRows } from "./RecordRows";
import { RecordTable } from "./RecordTable";

interface Props {
  object: ObjectType;
  view: ListView;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  onClearQuery: () => void;
  /** What an empty list offers. */
  create: ReactNode;
}

export function RecordList({ object, view, sort, onSort, onClearQuery, create }: Props) {
  const isNarrow = useIsNarrow();
  const list = useInfiniteQuery(listQuery(view));
  const pages = list.data?.pages ?? [];
  const records = pages.flatMap((page) => page.records);

  if (list.isError) {
    return (
      <Failure
        error={list.error}
        title={`The ${object.pluralLabel.toLowerCase()} could not be loaded.`}
        onRetry={() => void list.refetch()}
      />
    );
  }
  if (list.isPending) return <ListLoading columns={columnsOf(object).length} />;
  const first = pages[0];
  return (
    <>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={object.pluralLabel}>
        {records.length === 0 ? (
          <NothingFound object={object} view={view} onClearQuery={onClearQuery} create={create} />
        ) : isNarrow ? (
          <RecordRows object={object} records={records} />
        ) : (
          <RecordTable object={object} records={records} sort={sort} onSort={onSort} />
        )}
        {list.hasNextPage && (
          <More isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage({ cancelRefetch: false })} />
        )}
      </div>
      {first && (
        <ListFooter
          object={object}
          total={first.total}
          shown={records.length}
          asOf={view.asOf}
          elapsedMs={first.elapsedMs}
        />
      )}
    </>
  );
}

/** The link of a record's title, which keeps the moment. */
export function RecordLink({ object, record }: { object: ObjectType; record: LeadlineRecord }) {
  return (
    <Link
      className={classes.title}
      to="/objects/$object/$recordId"
      params={{ object: object.name, recordId: record.id }}
    >
      {titleOf(record, object)}
    </Link>
  );
}

interface NothingProps {
  object: ObjectType;
  view: ListView;
  onClearQuery: () => void;
  create: ReactNode;
}

function NothingFound({ object, view, onClearQuery, create }: NothingProps) {
  const noun = object.pluralLabel.toLowerCase();
  if (view.query !== "") {
    return (
      <Empty
        title={`No ${noun} match “${view.query}”.`}
        action={<Button onClick={onClearQuery}>Show all {noun}</Button>}
      />
    );
  }
  if (view.asOf !== null) return <Empty title={`There were no ${noun} at that moment.`} />;
  return (
    <Empty title={`No ${noun} yet.`} action={create}>
      Each value you set is kept with its time from the first moment on.
    </Empty>
  );
}

/** Loads the next page when it comes into sight; a button for those who do not scroll. */
function More({ isLoading, onMore }: { isLoading: boolean; onMore: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(onMore);
  useEffect(() => {
    latest.current = onMore;
  }, [onMore]);
  useEffect(() => {
    if (!ref.current || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { rootMargin: "600px" },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={ref} className={classes.more}>
      <Button loading={isLoading} onClick={onMore}>
        Load more
      </Button>
    </div>
  );
}

function ListLoading({ columns }: { columns: number }) {
  return (
    <div className={classes.loading} role="status" aria-busy="true" aria-label="Loading the list">
      {Array.from({ length: 14 }, (_, row) => (
        <div key={row} className={classes.loadingRow}>
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton key={column} height={12} width={`${55 + ((row * 7 + column * 13) % 40)}%`} />
          ))}
        </div>
      ))}
    </div>
  );
}
