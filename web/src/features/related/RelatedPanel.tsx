/** The records that this one has to do with, by object: linked by hand, or by a property of either. */
import { ActionIcon, Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import {
  linkRecords,
  relatedQuery,
  unlinkRecords,
  type Reason,
  type RelatedGroup,
  type RelatedRecord,
} from "../../api/associations";
import { stageOf } from "../../api/objects";
import { messageOf } from "../../api/problem";
import { refreshRecords, type AsOf } from "../../api/records";
import { linkedRecordQuery } from "../../api/titles";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { titleOf } from "../../fields/title";
import { formatCount } from "../../texts/locale";
import { nounOf } from "../../texts/words";
import { CloseIcon, PlusIcon } from "../../ui/icons";
import { Failure } from "../../ui/Message";
import { notify } from "../../ui/notices";
import { Panel } from "../../ui/Panel";
import { LinkForm } from "./LinkForm";
import classes from "./Related.module.css";

interface Props {
  object: ObjectType;
  record: LeadlineRecord;
  objects: ObjectType[];
  asOf: AsOf;
  isReadOnly: boolean;
}

export function RelatedPanel({ object, record, objects, asOf, isReadOnly }: Props) {
  const [isAdding, setAdding] = useState(false);
  const { data: groups, error, refetch } = useQuery(relatedQuery({ object, record, objects, asOf }));
  const remove = useRemove(object, record);
  return (
    <section className={classes.panel} aria-label={t("related:title")}>
      <div className={classes.head}>
        <h2>{t("related:title")}</h2>
        {!isReadOnly && (
          <Panel
            opened={isAdding}
            onClose={() => setAdding(false)}
            label={t("related:add")}
            position="bottom-end"
            target={
              <Button
                variant="subtle"
                leftSection={<PlusIcon size={12} />}
                aria-expanded={isAdding}
                onClick={() => setAdding(!isAdding)}
              >
                {t("related:add")}
              </Button>
            }
          >
            <LinkForm object={object} record={record} objects={objects} onDone={() => setAdding(false)} />
          </Panel>
        )}
      </div>
      {error && !groups && <Failure error={error} title={t("related:notLoaded")} onRetry={() => void refetch()} />}
      {!groups && !error && (
        <div className={classes.loading} role="status" aria-busy="true" aria-label={t("related:loading")}>
          <Skeleton height={14} width="70%" />
          <Skeleton height={14} width="55%" />
        </div>
      )}
      {groups?.length === 0 && (
        <p className={classes.nothing}>{t(asOf === null ? "related:nothing" : "related:nothingThen")}</p>
      )}
      {groups?.map((group) => (
        <Group
          key={group.object.name}
          group={group}
          of={object}
          asOf={asOf}
          onRemove={isReadOnly ? undefined : (related, name) => remove.mutate({ group, related, name })}
        />
      ))}
    </section>
  );
}

/** Ends the links between two records, and offers to make them again. */
function useRemove(object: ObjectType, record: LeadlineRecord) {
  const client = useQueryClient();
  const ends = (group: RelatedGroup) => ({ object: object.name, id: record.id, toObject: group.object.name });
  const takeBack = async (group: RelatedGroup, { id, reasons }: RelatedRecord) => {
    try {
      for (const reason of reasons) {
        if (reason.kind === "association") await linkRecords(ends(group), { id, label: reason.label ?? undefined });
      }
    } catch (error) {
      notify({ text: messageOf(error), tone: "bad" });
    }
    await refreshRecords(client);
  };
  return useMutation({
    mutationFn: ({ group, related }: { group: RelatedGroup; related: RelatedRecord; name: string }) =>
      unlinkRecords(ends(group), related.id),
    onSuccess: (_, { group, related, name }) =>
      void notify({ text: t("related:removed", { name }), undo: () => void takeBack(group, related) }),
    onError: (error) => notify({ text: messageOf(error), tone: "bad" }),
    onSettled: () => refreshRecords(client),
  });
}

interface GroupProps {
  group: RelatedGroup;
  of: ObjectType;
  asOf: AsOf;
  onRemove?: (related: RelatedRecord, name: string) => void;
}

function Group({ group, of, asOf, onRemove }: GroupProps) {
  const { object, records, more } = group;
  return (
    <div>
      <h3 className={classes.group}>{object.pluralLabel}</h3>
      <ul>
        {records.map((related) => (
          <Row key={related.id} related={related} object={object} of={of} asOf={asOf} onRemove={onRemove} />
        ))}
      </ul>
      {more.map(({ total, filter }) => (
        <Link
          key={filter.property}
          className={classes.more}
          to="/objects/$object"
          params={{ object: object.name }}
          search={(before) => ({ asOf: before.asOf, filter: [{ filters: [filter] }] })}
        >
          {t("related:showAll", { figure: formatCount(total) })}
        </Link>
      ))}
    </div>
  );
}

interface RowProps {
  related: RelatedRecord;
  object: ObjectType;
  of: ObjectType;
  asOf: AsOf;
  onRemove?: (related: RelatedRecord, name: string) => void;
}

function Row({ related, object, of, asOf, onRemove }: RowProps) {
  const { data, isPending } = useQuery({
    ...linkedRecordQuery(object.name, related.id, asOf),
    enabled: related.record === undefined,
  });
  const record = related.record ?? data;
  const stage = stageOf(object);
  const name = record ? titleOf(record, object) : t("related:gone");
  const canRemove = onRemove && related.reasons.some(({ kind }) => kind === "association");
  return (
    <li className={classes.row}>
      <div className={classes.text}>
        {record ? (
          <Link to="/objects/$object/$recordId" params={{ object: object.name, recordId: related.id }}>
            {name}
          </Link>
        ) : (
          <span className="quiet">{isPending && related.record === undefined ? "…" : name}</span>
        )}
        <span className={classes.reason}>
          {related.reasons.map((reason) => reasonText(reason, object, of)).join(", ")}
        </span>
      </div>
      {stage && record && <Shown value={record.properties[stage.name]} property={stage} />}
      {canRemove && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          aria-label={t("related:remove", { name })}
          onClick={() => onRemove(related, name)}
        >
          <CloseIcon size={14} />
        </ActionIcon>
      )}
    </li>
  );
}

function reasonText(reason: Reason, object: ObjectType, of: ObjectType): string {
  switch (reason.kind) {
    case "association":
      return reason.label ?? t("related:linked");
    case "out":
      return t("related:through", { property: reason.property.label, noun: nounOf(of) });
    case "in":
      return t("related:through", { property: reason.property.label, noun: nounOf(object) });
  }
}
