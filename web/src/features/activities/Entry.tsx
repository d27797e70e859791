/** One entry of a timeline: a change in a line; an activity, a note or a task with what was written, edited and archived in place. */
import { ActionIcon, Checkbox } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState, type ReactNode } from "react";
import type { Activity, Happening, RecordRef, Task } from "../../api/activities";
import { membersQuery } from "../../api/objects";
import type { Actor, ChangeSet } from "../../api/types";
import { actorName } from "../../fields/actor";
import { spellCount } from "../../ui/duration";
import { CloseIcon, PencilIcon } from "../../ui/icons";
import { Moment } from "../../ui/Moment";
import { onDemand } from "../../ui/onDemand";
import { archiveItem, OBJECT_OF, tickTask } from "./actions";
import { AboutLinks } from "./AboutLinks";
import { changeItem, draftOfActivity, draftOfNote, draftOfTask, kindOf, type Draft } from "./drafts";
import classes from "./Entry.module.css";
import { KindIcon } from "./icons";
import { MarkedText } from "./MarkedText";
import { directionText, kindText, outcomeText, priorityText } from "./words";

const ItemForm = onDemand(() => import("./ItemForm").then((module) => module.ItemForm));

interface Props {
  happening: Happening;
  /** The record whose timeline it is. */
  about: RecordRef;
  isReadOnly: boolean;
  now: number;
  change: (changeSet: ChangeSet) => ReactNode;
}

export function Entry({ happening, about, isReadOnly, now, change }: Props) {
  const { changeSet } = happening;
  if (changeSet) {
    return (
      <li className={classes.entry} data-kind="change">
        <span className={classes.icon} />
        <div className={classes.body}>{change(changeSet)}</div>
        <span className={classes.when}>
          <Moment at={happening.at} recordedAt={changeSet.recordedAt} />
        </span>
      </li>
    );
  }
  return <Item happening={happening} about={about} isReadOnly={isReadOnly} now={now} />;
}

function Item({ happening, about, isReadOnly, now }: Omit<Props, "change">) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft | null>(null);
  const kind = kindOf(happening);
  const { activity, note, task } = happening;
  const item = activity ?? note ?? task;
  if (!item) return null;
  const name = nameOf(happening);
  const others = item.records.filter(({ id }) => id !== about.id);
  return (
    <li className={classes.entry} data-kind={kind}>
      <span className={classes.icon}>
        <KindIcon kind={kind} size={14} />
      </span>
      <div className={classes.body}>
        {draft !== null ? (
          <ItemForm
            kind={kind}
            about={about}
            draft={draft}
            onDraft={setDraft}
            onSave={(typed) => changeItem(kind, happening, typed)}
            onSaved={() => setDraft(null)}
            onCancel={() => setDraft(null)}
            saveLabel={t("ui:save")}
          />
        ) : (
          <>
            {activity && <ActivityHead activity={activity} />}
            {note && <Head by={note.createdBy}>{kindText("note")}</Head>}
            {task && (
              <TaskHead task={task} now={now} onTick={isReadOnly ? undefined : () => void tickTask(client, task)} />
            )}
            <Body text={activity?.body ?? note?.body ?? task?.description ?? null} />
            {others.length > 0 && <AboutLinks records={others} />}
          </>
        )}
      </div>
      <span className={classes.when}>
        <Moment at={happening.at} />
        {!isReadOnly && draft === null && (
          <span className={classes.actions}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={t("activities:edit", { name })}
              onClick={() => setDraft(draftOf(happening))}
            >
              <PencilIcon size={14} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={t("activities:delete", { name })}
              onClick={() => void archiveItem(client, OBJECT_OF[kind], item.id, name)}
            >
              <CloseIcon size={12} />
            </ActionIcon>
          </span>
        )}
      </span>
    </li>
  );
}

/** What it is called where it is spoken of. */
function nameOf(happening: Happening): string {
  return happening.task?.title ?? happening.activity?.subject ?? kindText(kindOf(happening));
}

function draftOf({ activity, note, task }: Happening): Draft | null {
  if (activity) return draftOfActivity(activity);
  if (task) return draftOfTask(task);
  return note ? draftOfNote(note) : null;
}

function Body({ text }: { text: string | null }) {
  return text === null ? null : <MarkedText text={text} />;
}

function Head({ by, children }: { by: Actor; children: ReactNode }) {
  const { data: members = [] } = useQuery(membersQuery);
  return (
    <p className={classes.head}>
      {children} <span className="quiet">· {actorName({ actor: by, source: "" }, members)}</span>
    </p>
  );
}

function ActivityHead({ activity }: { activity: Activity }) {
  const { data: members = [] } = useQuery(membersQuery);
  const owner = members.find(({ id }) => id === activity.owner)?.name;
  const facts = [
    activity.outcome && outcomeText(activity.outcome),
    activity.direction && activity.kind === "email" && directionText(activity.direction),
    typeof activity.durationMinutes === "number" && spellCount("minutes", activity.durationMinutes),
    owner ?? actorName({ actor: activity.createdBy, source: "" }, members),
  ].filter((fact) => typeof fact === "string" && fact !== "");
  return (
    <p className={classes.head}>
      {activity.subject ? <b>{activity.subject}</b> : kindText(kindOf({ kind: "activity", at: "", activity }))}{" "}
      <span className="quiet">· {facts.join(" · ")}</span>
    </p>
  );
}

function TaskHead({ task, now, onTick }: { task: Task; now: number; onTick?: () => void }) {
  const { data: members = [] } = useQuery(membersQuery);
  const assignee = members.find(({ id }) => id === task.assignee)?.name;
  const isLate = !task.done && task.dueAt ? Date.parse(task.dueAt) < now : false;
  return (
    <div className={classes.task}>
      <Checkbox
        size="xs"
        checked={task.done}
        disabled={!onTick}
        aria-label={t("activities:tick", { name: task.title })}
        onChange={() => onTick?.()}
      />
      <p className={classes.head} data-done={task.done || undefined}>
        <b>{task.title}</b>{" "}
        <span className="quiet">
          {[task.priority !== "normal" && task.priority && priorityText(task.priority), assignee]
            .filter((fact) => typeof fact === "string" && fact !== "")
            .map((fact) => `· ${fact} `)}
          {task.dueAt && (
            <span className={classes.due} data-late={isLate || undefined}>
              · {t("activities:dueWord")} <Moment at={task.dueAt} />
            </span>
          )}
        </span>
      </p>
    </div>
  );
}
