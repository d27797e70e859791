/** A list of records: a table on wide screens, two-line rows on narrow ones, read page by page without an end. */
import { Button, Skeleton } from "@mantine/core";
import { t } from "i18next";
import { useRef, type ReactNode } from "react";
import type { ListView } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { withTexts } from "../../texts/i18n";
import { nounsOf } from "../../texts/words";
import { useRowPx } from "../../ui/density";
import { Empty, Failure } from "../../ui/Message";
import { onDemand } from "../../ui/onDemand";
import { useIsNarrow } from "../../ui/useIsNarrow";
import { useVisibleRows } from "../../ui/useVisibleRows";
import type { Column } from "./columns";
import { ListFooter } from "./ListFooter";
import classes from "./RecordList.module.css";
import { RecordRows, TWO_LINES_PX } from "./RecordRows";
import { RecordTable } from "./RecordTable";
import { useSelection } from "./selection";
import type { HeadActions } from "./TableHead";
import { useRecordPages, type RecordPages } from "./useRecordPages";

const BulkBar = onDemand(withTexts(() => import("./BulkBar").then((module) => module.BulkBar)));

interface Props extends HeadActions {
  object: ObjectType;
  view: ListView;
  columns: Column[];
  peek: string | undefined;
  onPeek: (id: string) => void;
  /** Nothing can be changed: in the past, or without the right to. */
  isReadOnly: boolean;
  onClear: () => void;
  /** What an empty list offers. */
  create: ReactNode;
  /** Of objects of which something else can become. */
  onConvert?: (id: string) => void;
}

export function RecordList(props: Props) {
  const { object, view, columns, peek, onPeek, isReadOnly, onClear, create, onConvert, ...head } = props;
  const isNarrow = useIsNarrow();
  const rowPx = useRowPx();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVisibleRows(scroller, isNarrow ? TWO_LINES_PX : rowPx);
  const pages = useRecordPages(view, rows);
  const selection = useSelection((from, to) => idsBetween(pages, rows.last, from, to));

  if (pages.error && pages.first === undefined) {
    return (
      <Failure error={pages.error} title={t("list:notLoaded", { nouns: nounsOf(object) })} onRetry={pages.retry} />
    );
  }
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
        {pages.isPending ? (
          <ListLoading columns={columns.length} />
        ) : pages.count === 0 ? (
          <NothingFound object={object} view={view} onClear={onClear} create={create} />
        ) : isNarrow ? (
          <RecordRows object={object} pages={pages} rows={rows} />
        ) : (
          <RecordTable
            object={object}
            pages={pages}
            rows={rows}
            columns={columns}
            asOf={view.asOf}
            sorts={view.sorts}
            peek={peek}
            onPeek={onPeek}
            selection={selection}
            isReadOnly={isReadOnly}
            scroller={scroller}
            {...head}
          />
        )}
        {pages.error && (
          <div className={classes.more} role="alert">
            <p>{t("list:nextNotLoaded")}</p>
            <Button onClick={pages.retry}>{t("ui:tryAgain")}</Button>
          </div>
        )}
      </div>
      {!isReadOnly && (selection.isAll || selection.ids.size > 0) && (
        <BulkBar
          object={object}
          view={view}
          selection={selection}
          total={pages.total?.value ?? 0}
          onConvert={onConvert}
        />
      )}
      {pages.first && <ListFooter object={object} view={view} first={pages.first} />}
    </>
  );
}

/** As they stand in the list, as far as they were read. */
function idsBetween(pages: RecordPages, last: number, from: string, to: string): string[] {
  const ids = Array.from({ length: Math.min(last, pages.count) }, (_, index) => pages.recordAt(index)?.id ?? "");
  const [start, end] = [ids.indexOf(from), ids.indexOf(to)].sort((left, right) => left - right);
  return start === undefined || start < 0 ? [to] : ids.slice(start, (end ?? start) + 1).filter((id) => id !== "");
}

interface NothingProps {
  object: ObjectType;
  view: ListView;
  onClear: () => void;
  create: ReactNode;
}

function NothingFound({ object, view, onClear, create }: NothingProps) {
  const nouns = nounsOf(object);
  const showAll = <Button onClick={onClear}>{t("list:showAll", { nouns })}</Button>;
  if (view.filterGroups.length > 0) {
    return (
      <Empty title={t("list:noneFit", { nouns })} action={showAll}>
        {t("list:noneFitHint")}
      </Empty>
    );
  }
  if (view.query !== "") return <Empty title={t("list:noMatch", { nouns, query: view.query })} action={showAll} />;
  if (view.asOf !== null) return <Empty title={t("list:noneThen", { nouns })} />;
  return (
    <Empty title={t("list:none", { nouns })} action={create}>
      {t("list:noneHint")}
    </Empty>
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
