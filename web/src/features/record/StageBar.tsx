/** The lifecycle of a record: a segment for each stage with the time spent there and the visits. Clicking one moves the record. */
import { Tooltip } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { refreshRecords, updateRecord } from "../../api/records";
import { messageOf, messagesByName } from "../../api/problem";
import { visitsOf, type Visits } from "../../api/spans";
import { propertyOf } from "../../api/objects";
import type { LeadlineRecord, ObjectType, Option, Property } from "../../api/types";
import { formatDuration } from "../../ui/duration";
import { colored } from "../../ui/palette";
import { formatShortDay } from "../../ui/time";
import classes from "./StageBar.module.css";

interface Props {
  object: ObjectType;
  record: LeadlineRecord;
  property: Property;
  isReadOnly: boolean;
}

export function StageBar({ object, record, property, isReadOnly }: Props) {
  const client = useQueryClient();
  const current = record.properties[property.name];
  const visits = visitsOf(record.propertiesWithHistory?.[property.name] ?? []);
  const stages = property.options.filter((option) => !option.archived || visits.has(option.value));
  const move = useMutation({
    mutationFn: (stage: Option) => updateRecord(record.object, record.id, { [property.name]: stage.value }),
    onSuccess: () => refreshRecords(client),
  });

  return (
    <div>
      {/* Wider than a phone: where nothing in it can be focused, the bar itself can, and is scrolled by keys. */}
      <ol className={classes.bar} data-tour="stages" aria-label={property.label} tabIndex={isReadOnly ? 0 : undefined}>
        {stages.map((stage) => (
          <li key={stage.value} className={classes.item} ref={stage.value === current ? showInBar : undefined}>
            <Segment
              stage={stage}
              visits={visits.get(stage.value)}
              isCurrent={stage.value === current}
              isMoving={move.isPending && move.variables.value === stage.value}
              onMove={isReadOnly || move.isPending || stage.archived ? undefined : () => move.mutate(stage)}
            />
          </li>
        ))}
      </ol>
      {move.isError && (
        <div className={classes.blocked} role="alert">
          <b>{t("record:notMoved", { stage: move.variables.label })}</b> <Reasons error={move.error} object={object} />
        </div>
      )}
    </div>
  );
}

/** On a narrow screen the bar is wider than the page: begin at the present stage. */
function showInBar(item: HTMLLIElement | null) {
  const bar = item?.parentElement;
  if (item && bar) bar.scrollLeft = item.offsetLeft - (bar.clientWidth - item.clientWidth) / 2;
}

interface SegmentProps {
  stage: Option;
  visits: Visits | undefined;
  isCurrent: boolean;
  isMoving: boolean;
  onMove?: () => void;
}

function Segment({ stage, visits, isCurrent, isMoving, onMove }: SegmentProps) {
  const state = isCurrent ? "current" : visits ? "visited" : "untouched";
  const content = (
    <>
      <span className={classes.label}>{stage.label}</span>
      <span className={classes.time}>{summaryOf(visits, isCurrent)}</span>
    </>
  );
  const shared = {
    className: classes.segment,
    "data-state": state,
    "data-moving": isMoving || undefined,
    ...colored(stage.color),
  };
  if (isCurrent || !onMove) {
    return (
      <div {...shared} aria-current={isCurrent ? "step" : undefined}>
        {content}
      </div>
    );
  }
  return (
    <Tooltip label={t("record:moveTo", { stage: stage.label })}>
      <button type="button" {...shared} onClick={onMove}>
        <span className="hidden-text">{t("record:moveTo", { stage: "" })}</span>
        {content}
      </button>
    </Tooltip>
  );
}

/** "88 d in 2 visits", "since 2 Jul", t("record:notYet"). */
export function summaryOf(visits: Visits | undefined, isCurrent: boolean): string {
  if (!visits) return t("record:notYet");
  const time = formatDuration(visits.seconds);
  const many = visits.count > 1 ? ` ${t("record:inVisits", { count: visits.count })}` : "";
  if (isCurrent && visits.since !== null)
    return `${time}${many}, ${t("record:since", { day: formatShortDay(visits.since) })}`;
  return `${time}${many}`;
}

/** What the stage asks for and the record has not, by the properties' names on the screen. */
function Reasons({ error, object }: { error: unknown; object: ObjectType }) {
  const messages = Object.entries(messagesByName(error));
  if (messages.length === 0) return messageOf(error);
  return (
    <ul className={classes.reasons}>
      {messages.map(([name, message]) => (
        <li key={name}>
          <b>{propertyOf(object, name)?.label ?? name}</b> {message.charAt(0).toLowerCase() + message.slice(1)}
        </li>
      ))}
    </ul>
  );
}
