/** A column: what it amounts to, and its cards. */
import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { useCallback, useEffect, useRef, useState } from "react";
import { columnQuery } from "../../api/board";
import { messageOf } from "../../api/problem";
import type { ListView } from "../../api/records";
import type { LeadlineRecord, ObjectType, Option, Property } from "../../api/types";
import { formatMoneyBriefly } from "../../fields/decimal";
import { formatCount } from "../../texts/locale";
import { formatDuration } from "../../ui/duration";
import { colored } from "../../ui/palette";
import classes from "./Board.module.css";
import { BoardCard } from "./BoardCard";
import { targetsOf, type Column, type Figures, type Placed } from "./columns";

interface Props {
  object: ObjectType;
  view: ListView;
  property: Property;
  column: Column;
  figures: Figures | undefined;
  /** The most that a column holds, for the bar. */
  most: number;
  details: Property[];
  isReadOnly: boolean;
  /** The slider is being dragged. */
  isDragged: boolean;
  /** Who was here, from what is known already: shown while the slider is dragged, and until the cards are there. */
  placed: Placed[] | null;
  onMove: (record: LeadlineRecord, from: string | null, to: string) => void;
}

/** While the slider is dragged, no more than can be seen. */
const PREVIEWED = 9;

/** One and the same, so that cards need not be drawn again. */
const NOWHERE: Option[] = [];

export function BoardColumn(props: Props) {
  const { object, view, property, column, figures, most, details, isReadOnly, isDragged, placed, onMove } = props;
  const cards = useInfiniteQuery(columnQuery(view, property.name, column.value));
  const records = cards.data?.pages.flatMap((page) => page.records) ?? [];
  const list = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  const latest = useRef({ onMove });
  useEffect(() => {
    latest.current = { onMove };
  }, [onMove]);

  useEffect(() => {
    const element = list.current;
    const { value } = column;
    if (!element || isReadOnly || value === null) return;
    const endDrop = dropTargetForElements({
      element,
      getData: () => ({ to: value }),
      canDrop: ({ source }) => source.data.from !== value,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
    const endScroll = autoScrollForElements({ element });
    return () => {
      endDrop();
      endScroll();
    };
  }, [column, isReadOnly]);

  const label = column.option?.label ?? t("board:none", { property: property.label });
  const count = figures?.count ?? 0;
  const targets = isReadOnly ? NOWHERE : targetsOf(property, column.value);
  const move = useCallback(
    (moved: LeadlineRecord, to: string) => latest.current.onMove(moved, column.value, to),
    [column.value],
  );
  const drawn = isDragged || cards.isPending ? placed : null;
  const shown: { record: LeadlineRecord; seconds: number | null }[] =
    drawn?.slice(0, PREVIEWED) ??
    records.map((record) => ({
      record,
      seconds: record.propertiesWithHistory?.[property.name]?.[0]?.durationSeconds ?? null,
    }));

  return (
    <section className={classes.column} {...colored(column.option?.color)}>
      <header className={classes.header}>
        <h2 className={classes.name}>
          <span className={classes.dot} />
          {label} <span className={classes.count}>{formatCount(count)}</span>
        </h2>
        <p className={classes.figures}>
          {figures?.sums.map((sum) => (
            <span key={sum.currency}>{formatMoneyBriefly(sum)}</span>
          ))}
          {figures?.medianSeconds !== null && figures?.medianSeconds !== undefined && (
            <span>{t("board:median", { age: formatDuration(figures.medianSeconds) })}</span>
          )}
        </p>
        <svg className={classes.bar} viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden>
          <rect
            className={classes.share}
            width="100"
            height="3"
            style={{ transform: `scaleX(${count / Math.max(1, most)})` }}
          />
        </svg>
      </header>
      <div
        ref={list}
        className={classes.cards}
        data-over={isOver || undefined}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        {cards.isPending && !drawn ? (
          <div role="status" aria-busy="true" aria-label={t("board:loading")} className={classes.skeletons}>
            {[64, 64, 64].map((height, index) => (
              <Skeleton key={index} height={height} radius={8} />
            ))}
          </div>
        ) : (
          <ul className={classes.list}>
            {shown.map(({ record, seconds }) => (
              <BoardCard
                key={record.id}
                object={object}
                record={record}
                option={column.option}
                seconds={seconds}
                details={details}
                targets={targets}
                onMove={move}
              />
            ))}
          </ul>
        )}
        {cards.isError && (
          <div className={classes.more} role="alert">
            <p>{messageOf(cards.error)}</p>
            <Button onClick={() => void cards.refetch()}>{t("ui:tryAgain")}</Button>
          </div>
        )}
        {cards.hasNextPage && !drawn && (
          <div className={classes.more}>
            <Button variant="subtle" loading={cards.isFetchingNextPage} onClick={() => void cards.fetchNextPage()}>
              {t("board:more", { count: Math.max(0, count - records.length) })}
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}
