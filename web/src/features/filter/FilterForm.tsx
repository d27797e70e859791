/** One question: about what, how, and with which values. */
import { Button, FocusTrap, Select } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import type { Filter, Operator } from "../../api/filters";
import type { ObjectType } from "../../api/types";
import { ClockIcon } from "../../ui/icons";
import classes from "./FilterForm.module.css";
import { FilterInputs } from "./FilterInputs";
import { historyOperators, isComplete, presentOperators, tidy, withOperator } from "./operators";
import { subjectNamed, subjectsOf } from "./subjects";

interface Props {
  object: ObjectType;
  objects: ObjectType[];
  /** Null for a new one. */
  filter: Filter | null;
  /** What a new one is about, where that is known. */
  property?: string;
  onSave: (filter: Filter) => void;
  onRemove?: () => void;
}

/** It takes the focus itself, as it may come after the panel that it stands in. */
export function FilterForm({ object, objects, filter, property, onSave, onRemove }: Props) {
  const begun = (name: string): Filter => {
    const [operator = "EQ"] = presentOperators(subjectNamed(name, object, objects).property);
    return withOperator({ property: name, operator }, operator);
  };
  const [draft, setDraft] = useState<Filter | null>(() => filter ?? (property === undefined ? null : begun(property)));
  const subjects = subjectsOf(object, objects);
  const subject = draft && subjectNamed(draft.property, object, objects);

  const isReady = draft !== null && isComplete(draft);

  return (
    <FocusTrap>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (isReady) onSave(tidy(draft));
        }}
      >
        <Select
          aria-label={t("filter:property")}
          placeholder={t("filter:chooseProperty")}
          data={subjects.map(({ name, label }) => ({ value: name, label }))}
          value={draft?.property ?? null}
          searchable
          allowDeselect={false}
          maxDropdownHeight={320}
          nothingFoundMessage={t("filter:noProperty")}
          data-autofocus={draft === null || undefined}
          defaultDropdownOpened={draft === null}
          onChange={(name) => {
            if (name !== null) setDraft(begun(name));
          }}
        />
        {draft && subject && (
          <>
            <Select
              aria-label={t("filter:operator")}
              data={[
                { group: t("filter:present"), items: choicesOf(presentOperators(subject.property)) },
                ...(subject.hasHistory
                  ? [{ group: t("filter:past"), items: choicesOf(historyOperators(subject)) }]
                  : []),
              ]}
              value={draft.operator}
              allowDeselect={false}
              maxDropdownHeight={360}
              leftSection={historyOperators(subject).some((one) => one === draft.operator) && <ClockIcon size={13} />}
              onChange={(operator) => {
                if (operator !== null) setDraft(withOperator(draft, operator as Operator));
              }}
            />
            <FilterInputs
              key={`${draft.property} ${draft.operator}`}
              filter={draft}
              subject={subject}
              onChange={(part) => setDraft((before) => before && { ...before, ...part })}
            />
            <div className={classes.actions}>
              {onRemove && <Button onClick={onRemove}>{t("ui:remove")}</Button>}
              <Button type="submit" variant="filled" disabled={!isReady}>
                {t("filter:apply")}
              </Button>
            </div>
          </>
        )}
      </form>
    </FocusTrap>
  );
}

const choicesOf = (operators: Operator[]) =>
  operators.map((operator) => ({ value: operator, label: t(`filter:operators.${operator}`) }));
