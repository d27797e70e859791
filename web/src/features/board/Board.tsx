/** The records of a view by a stage or a choice: a column each, between which cards are moved. */
import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { keepPreviousData, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { t } from "i18next";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { boardQuery, boardSpansQuery, columnKey } from "../../api/board";
import { shownProperties } from "../../api/objects";
import type { ListPage, ListView } from "../../api/records";
import type { LeadlineRecord, ObjectType, Property } from "../../api/types";
import { nounsOf } from "../../texts/words";
import { Failure } from "../../ui/Message";
import { onDemand } from "../../ui/onDemand";
import { usePreview } from "../../ui/preview";
import classes from "./Board.module.css";
import { BoardColumn } from "./BoardColumn";
import { columnsOf, figuresAt, figuresOf, livesOf, placesAt } from "./columns";
import { useMove, type Move } from "./useMove";

const RefusedDialog = onDemand(() => import("./RefusedDialog").then((module) => module.RefusedDialog));

interface Props {
  object: ObjectType;
  view: ListView;
  /** A stage or a select: its options are the columns. */
  property: Property;
  isReadOnly: boolean;
}

export function Board({ object, view, property, isReadOnly }: Props) {
  const client = useQueryClient();
  const [refused, setRefused] = useState<{ move: Move; error: Error } | null>(null);
  const preview = useDeferredValue(usePreview());
  const details = useMemo(() => detailsOf(object, property), [object, property]);
  const amount = details.find(({ type }) => type === "money")?.name;
  const wanted = useMemo(
    () =>
      [object.primaryProperty, "first_name", ...details.map(({ name }) => name)].filter((name) =>
        object.properties.some((one) => one.name === name),
      ),
    [object, details],
  );

  const board = useQuery({ ...boardQuery(view, property.name), placeholderData: keepPreviousData });
  // For the slider: from these, any moment can be told.
  const { data: life } = useQuery({
    ...boardSpansQuery({ ...view, asOf: null }, property.name, wanted),
    enabled: view.asOf !== null,
  });

  const lives = useMemo(() => life && livesOf(life, property.name, amount), [life, property.name, amount]);
  // Where the slider stands; once it is let go, until the server has said how it was there.
  const moment = preview ?? (view.asOf === null ? null : Date.parse(view.asOf));
  const places = useMemo(() => (moment !== null && lives ? placesAt(lives, moment) : null), [moment, lives]);
  const isDrawn = preview !== null || board.isPlaceholderData;
  const figures = isDrawn && places ? figuresAt(places) : figuresOf(board.data ?? [], amount);
  const counts = new Map([...figures].map(([value, { count }]) => [value, count]));
  const columns = columnsOf(property, counts);
  const most = Math.max(1, ...counts.values());

  const move = useMove(view, property, (failed, error) => setRefused({ move: failed, error }));
  const start = (record: LeadlineRecord, from: string | null, to: string) => move.mutate({ record, from, to });
  const latest = useRef(start);
  useEffect(() => {
    latest.current = start;
  });

  useEffect(() => {
    const recordOf = (id: unknown, from: string | null) => {
      const cards = client.getQueryData<InfiniteData<ListPage>>(columnKey(view, property.name, from));
      return cards?.pages.flatMap((page) => page.records).find((record) => record.id === id);
    };
    return monitorForElements({
      onDrop: ({ source, location }) => {
        const to = location.current.dropTargets[0]?.data.to;
        const from = typeof source.data.from === "string" ? source.data.from : null;
        const record = recordOf(source.data.recordId, from);
        if (record && typeof to === "string" && to !== from) latest.current(record, from, to);
      },
    });
  }, [client, view, property.name]);

  if (board.isError && !board.data) {
    return (
      <Failure
        error={board.error}
        title={t("list:notLoaded", { nouns: nounsOf(object) })}
        onRetry={() => void board.refetch()}
      />
    );
  }
  return (
    <div className={classes.board} data-preview={preview !== null || undefined}>
      {columns.map((column) => (
        <BoardColumn
          key={column.value}
          object={object}
          view={view}
          property={property}
          column={column}
          figures={figures.get(column.value)}
          most={most}
          details={details}
          isReadOnly={isReadOnly}
          isDragged={preview !== null}
          placed={places ? (places.get(column.value ?? "") ?? []) : null}
          onMove={start}
        />
      ))}
      {refused && (
        <RefusedDialog
          object={object}
          property={property}
          move={refused.move}
          error={refused.error}
          onClose={() => setRefused(null)}
          onMove={(next) => {
            setRefused(null);
            move.mutate(next);
          }}
        />
      )}
    </div>
  );
}

/** What a card tells beside its title: what the record belongs to, its amount, its owner. */
function detailsOf(object: ObjectType, by: Property): Property[] {
  const others = shownProperties(object).filter(
    (property) => property !== by && property.name !== object.primaryProperty && property.name !== "first_name",
  );
  const first = (...types: Property["type"][]) => others.find(({ type }) => types.includes(type));
  return [first("text", "record"), first("money"), first("user")].filter((property) => property !== undefined);
}
