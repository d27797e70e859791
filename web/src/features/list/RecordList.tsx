/** A list of records: a table on wide screens, two-line rows on narrow ones, read page by page without an end. */
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { messageOf } from "../../api/problem";
import { listQuery, type ListView } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { nounsOf } from "../../texts/words";
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
  const scroller = useRef<HTMLDivElement>(null);
  const list = useInfiniteQuery(listQuery(view));
  const pages = list.data?.pages;
  const records = useMemo(() => pages?.flatMap((page) => page.records) ?? [], [pages]);

  if (list.isError && !list.data) {
    return (
      <Failure
        error={list.error}
        title={t("list:notLoaded", { nouns: nounsOf(object) })}
        onRetry={() => void list.refetch()}
      />
    );
  }
  if (list.isPending) return <ListLoading columns={columnsOf(object).length} />;
  const first = pages?.[0];
  const total = first?.total?.value ?? records.length;
  return (
    <>
      <div
        ref={scroller}
        className={classes.scroll}
        data-scroll-restoration-id="list"
        tabIndex={0}
        role="region"
        aria-label={object.pluralLabel}
      >
        {records.length === 0 ? (
          <NothingFound object={object} view={view} onClearQuery={onClearQuery} create={create} />
        ) : isNarrow ? (
          <RecordRows object={object} records={records} scroller={scroller} />
        ) : (
          <RecordTable
            object={object}
            records={records}
            total={total}
            asOf={view.asOf}
            sort={sort}
            onSort={onSort}
            scroller={scroller}
          />
        )}
        {list.hasNextPage && (
          <More
            isLoading={list.isFetchingNextPage}
            error={list.isFetchNextPageError ? list.error : null}
            onMore={() => void list.fetchNextPage({ cancelRefetch: false })}
          />
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

interface NothingProps {
  object: ObjectType;
  view: ListView;
  onClearQuery: () => void;
  create: ReactNode;
}

function NothingFound({ object, view, onClearQuery, create }: NothingProps) {
  const nouns = nounsOf(object);
  if (view.query !== "") {
    return (
      <Empty
        title={t("list:noMatch", { nouns, query: view.query })}
        action={<Button onClick={onClearQuery}>{t("list:showAll", { nouns })}</Button>}
      />
    );
  }
  if (view.asOf !== null) return <Empty title={t("list:noneThen", { nouns })} />;
  return (
    <Empty title={t("list:none", { nouns })} action={create}>
      {t("list:noneHint")}
    </Empty>
  );
}

interface MoreProps {
  isLoading: boolean;
  error: Error | null;
  onMore: () => void;
}

/** Loads the next page long before it comes into sight; a button for when that failed. */
function More({ isLoading, error, onMore }: MoreProps) {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(onMore);
  useEffect(() => {
    latest.current = onMore;
  }, [onMore]);
  useEffect(() => {
    if (!ref.current || error || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { root: ref.current.parentElement, rootMargin: "1800px" },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
    // Looks anew after each page: what came may not have pushed the end out of reach.
  }, [error, isLoading]);
  return (
    <div ref={ref} className={classes.more}>
      {error && <p>{messageOf(error)}</p>}
      <Button loading={isLoading} onClick={onMore}>
        {error ? t("ui:tryAgain") : t("list:more")}
      </Button>
    </div>
  );
}

function ListLoading({ columns }: { columns: number }) {
  return (
    <div className={classes.loading} role="status" aria-busy="true" aria-label={t("list:loading")}>
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
