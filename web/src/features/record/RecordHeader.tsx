/** Who or what the record is, how old it is, and what can be done with the whole of it. */
import { ActionIcon, Button, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { archiveRecord, refreshRecords, unarchiveRecord, type AsOf } from "../../api/records";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { titleOf } from "../../fields/title";
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
}

export function RecordHeader({ object, record, asOf, readAt }: Props) {
  const client = useQueryClient();
  const noun = object.label.toLowerCase();
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
          <p className="quiet num" title={`Created ${formatExact(record.createdAt)}`}>
            {object.label} · {spellDuration(ageSeconds)} old · {record.version}{" "}
            {record.version === 1 ? "change" : "changes"}
          </p>
        </div>
        {asOf === null && !record.archived && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="default" size={30} aria-label="More actions" loading={archive.isPending}>
                <MoreIcon />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => archive.mutate()}>Archive this {noun}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {record.archived && (
        <div className={classes.archived}>
          <p>This {noun} is archived: lists leave it out, its history stays.</p>
          {asOf === null && (
            <Button loading={archive.isPending} onClick={() => archive.mutate()}>
              Bring it back
            </Button>
          )}
        </div>
      )}
      <Refusal error={archive.error} />
    </>
  );
}
