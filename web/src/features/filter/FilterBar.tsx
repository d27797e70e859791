/** The filters of a view as chips that read as a sentence; groups are joined by "or". A chip is edited where it stands. */
import { ActionIcon, Button, UnstyledButton } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import { isOnHistory, meaningful, type Filter, type FilterGroup } from "../../api/filters";
import type { ObjectType } from "../../api/types";
import { ClockIcon, CloseIcon, PlusIcon } from "../../ui/icons";
import { onDemand } from "../../ui/onDemand";
import { Panel } from "../../ui/Panel";
import classes from "./FilterBar.module.css";
import { isEditable } from "./operators";
import { Sentence } from "./Sentence";
import { subjectNamed } from "./subjects";

const FilterForm = onDemand(() => import("./FilterForm").then((module) => module.FilterForm));

interface Props {
  object: ObjectType;
  objects: ObjectType[];
  groups: FilterGroup[];
  onChange: (groups: FilterGroup[]) => void;
  /** A property that something else on the page wants a filter for. */
  asking?: string;
  onAsked?: () => void;
}

export function FilterBar({ object, objects, groups, onChange, asking, onAsked }: Props) {
  const [now] = useState(() => new Date());
  const replace = (index: number, filters: Filter[]) =>
    onChange(meaningful(groups.map((group, place) => (place === index ? { filters } : group))));
  const shared = { object, objects };
  const hasAny = groups.length > 0;
  return (
    <div className={classes.bar} role="group" aria-label={t("filter:filters")}>
      {groups.map(({ filters }, index) => (
        <div key={index} className={classes.group}>
          {index > 0 && <span className={classes.or}>{t("filter:or")}</span>}
          {filters.map((filter, place) => (
            <Chip
              key={place}
              {...shared}
              filter={filter}
              now={now}
              onSave={(next) => replace(index, filters.with(place, next))}
              onRemove={() => replace(index, filters.toSpliced(place, 1))}
            />
          ))}
          <AddButton
            {...shared}
            label={t("filter:add")}
            isShort={index < groups.length - 1}
            asking={index === groups.length - 1 ? asking : undefined}
            onAsked={onAsked}
            onAdd={(filter) => replace(index, [...filters, filter])}
          />
        </div>
      ))}
      {!hasAny && (
        <AddButton
          {...shared}
          label={t("filter:add")}
          asking={asking}
          onAsked={onAsked}
          onAdd={(filter) => onChange([{ filters: [filter] }])}
        />
      )}
      {hasAny && (
        <>
          <AddButton
            {...shared}
            label={t("filter:addGroup")}
            onAdd={(filter) => onChange([...groups, { filters: [filter] }])}
          />
          <Button variant="subtle" className={classes.add} onClick={() => onChange([])}>
            {t("filter:clear")}
          </Button>
        </>
      )}
    </div>
  );
}

interface ChipProps {
  object: ObjectType;
  objects: ObjectType[];
  filter: Filter;
  now: Date;
  onSave: (filter: Filter) => void;
  onRemove: () => void;
}

function Chip({ object, objects, filter, now, onSave, onRemove }: ChipProps) {
  const [opened, setOpened] = useState(false);
  const subject = subjectNamed(filter.property, object, objects);
  const onHistory = isOnHistory(filter);
  const content = (
    <>
      {onHistory && <ClockIcon size={13} />}
      <span className={classes.subject}>{subject.label}</span>{" "}
      <span className={classes.condition}>
        <Sentence filter={filter} subject={subject} now={now} />
      </span>
    </>
  );
  return (
    <span className={classes.chip} data-history={onHistory || undefined}>
      {isEditable(filter, subject) ? (
        <Panel
          opened={opened}
          onClose={() => setOpened(false)}
          label={t("filter:edit")}
          target={
            <UnstyledButton className={classes.open} aria-expanded={opened} onClick={() => setOpened(!opened)}>
              {content}
            </UnstyledButton>
          }
        >
          <FilterForm
            object={object}
            objects={objects}
            filter={filter}
            onSave={(next) => {
              setOpened(false);
              onSave(next);
            }}
            onRemove={onRemove}
          />
        </Panel>
      ) : (
        <span className={classes.open}>{content}</span>
      )}
      <ActionIcon
        className={classes.remove}
        variant="subtle"
        size={24}
        aria-label={t("filter:removeNamed", { property: subject.label })}
        onClick={onRemove}
      >
        <CloseIcon size={12} />
      </ActionIcon>
    </span>
  );
}

interface AddProps {
  object: ObjectType;
  objects: ObjectType[];
  label: string;
  /** Only the plus: the words stand at the last group. */
  isShort?: boolean;
  asking?: string;
  onAsked?: () => void;
  onAdd: (filter: Filter) => void;
}

function AddButton({ object, objects, label, isShort = false, asking, onAsked, onAdd }: AddProps) {
  const [isOpen, setOpen] = useState(false);
  const opened = isOpen || asking !== undefined;
  const setOpened = (next: boolean) => {
    setOpen(next);
    if (!next) onAsked?.();
  };
  return (
    <Panel
      opened={opened}
      onClose={() => setOpened(false)}
      label={label}
      target={
        <Button
          variant="subtle"
          className={classes.add}
          aria-label={label}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <PlusIcon size={13} />
          {!isShort && <span>{label}</span>}
        </Button>
      }
    >
      <FilterForm
        object={object}
        objects={objects}
        filter={null}
        property={asking}
        onSave={(filter) => {
          setOpened(false);
          onAdd(filter);
        }}
      />
    </Panel>
  );
}
