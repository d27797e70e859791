/** Who or what the record is, how old it is, and what can be done with the whole of it. */
import { ActionIcon, Button, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import type { ReactNode } from "react";
import { archiveRecord, refreshRecords, unarchiveRecord, type AsOf } from "../../api/records";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { titleOf } from "../../fields/title";
import { nounOf } from "../../texts/words";
import { Avatar } from "../../ui/Avatar";
import { spellDuration } from "../../ui/duration";
import { MoreIcon } from "../../ui/icons";
import { Refusal } from "../../ui/Message";
import { formatExact } from "../../ui/time";
import classes from "./RecordHeader.module.css";

interface Props {
  object: ObjectType;
  record: LeadlineRecord;
  asOf: AsOf;
  readAt: number;
  /** What can be done with it besides. */
  actions?: ReactNode;
}

export function RecordHeader({ object, record, asOf, readAt, actions }: Props) {
  const client = useQueryClient();
  const noun = nounOf(object);
  const title = titleOf(record, object);
  const ageSeconds = Math.max(0, ((asOf === null ? readAt : Date.parse(asOf)) - Date.parse(record.createdAt)) / 1000);
  const archive = useMutation({
    mutationFn: () => (record.archived ? unarchiveRecord : archiveRecord)(record.object, record.id),
    onSuccess: () => refreshRecords(client),
  });
  return (
    <>
      <div className={classes.header}>
        <Avatar name={title} of={record.id} size="large" />
        <div className={classes.title}>
          <h1>{title}</h1>
          <p className="quiet num" title={t("record:createdAt", { moment: formatExact(record.createdAt) })}>
            {object.label} · {t("record:age", { age: spellDuration(ageSeconds) })} ·{" "}
            {t("record:changes", { count: record.version })}
          </p>
        </div>
        {actions}
        {asOf === null && !record.archived && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="default" size={30} aria-label={t("record:moreActions")} loading={archive.isPending}>
                <MoreIcon />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => archive.mutate()}>{t("record:archive", { noun })}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {record.archived && (
        <div className={classes.archived}>
          <p>{t("record:isArchived", { noun })}</p>
          {asOf === null && (
            <Button loading={archive.isPending} onClick={() => archive.mutate()}>
              {t("record:bringBack")}
            </Button>
          )}
        </div>
      )}
      <Refusal error={archive.error} />
    </>
  );
}
