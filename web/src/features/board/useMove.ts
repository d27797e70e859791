/** Moving a card: seen at once, taken back by one press; a refusal puts it back and says why. */
import { useMutation, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { t } from "i18next";
import { columnKey } from "../../api/board";
import { refreshRecords, updateRecord, type ListPage, type ListView, type Values } from "../../api/records";
import type { LeadlineRecord, Property } from "../../api/types";
import { notify } from "../../ui/notices";

export interface Move {
  record: LeadlineRecord;
  from: string | null;
  to: string;
  /** What the stage asks for beside the move. */
  values?: Values;
}

type Cards = InfiniteData<ListPage, string | null>;

export function useMove(view: ListView, property: Property, onRefused: (move: Move, error: Error) => void) {
  const client = useQueryClient();
  const edit = (value: string | null, change: (records: LeadlineRecord[], page: number) => LeadlineRecord[]) =>
    client.setQueryData<Cards>(
      columnKey(view, property.name, value),
      (cards) =>
        cards && {
          ...cards,
          pages: cards.pages.map((page, index) => ({ ...page, records: change(page.records, index) })),
        },
    );

  const put = (record: LeadlineRecord, from: string | null, to: string | null) => {
    const moved = { ...record, properties: { ...record.properties, [property.name]: to }, propertiesWithHistory: {} };
    edit(from, (records) => records.filter(({ id }) => id !== record.id));
    edit(to, (records, page) => (page === 0 ? [moved, ...records.filter(({ id }) => id !== record.id)] : records));
  };

  return useMutation({
    mutationFn: ({ record, to, values }: Move) =>
      updateRecord(record.object, record.id, { ...values, [property.name]: to }),
    onMutate: ({ record, from, to }) => put(record, from, to),
    onError: (error, move) => {
      put(move.record, move.to, move.from);
      onRefused(move, error);
    },
    onSuccess: (_, { record, from, to }) => {
      const label = property.options.find(({ value }) => value === to)?.label ?? to;
      notify({
        text: t("board:moved", { stage: label }),
        undo: () => {
          put(record, to, from);
          void updateRecord(record.object, record.id, { [property.name]: from })
            .catch((error: unknown) => notify({ text: error instanceof Error ? error.message : "", tone: "bad" }))
            .finally(() => refreshRecords(client));
        },
      });
    },
    onSettled: () => refreshRecords(client),
  });
}
