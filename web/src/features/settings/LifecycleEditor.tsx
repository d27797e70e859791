/** One lifecycle: its stages in order, the moves between them, and what a change means before it is saved. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { refreshDefinitions, updateProperty } from "../../api/definitions";
import { propertyOf } from "../../api/objects";
import type { AsOf } from "../../api/records";
import type { ObjectType, Property } from "../../api/types";
import { PlusIcon } from "../../ui/icons";
import { Refusal } from "../../ui/Message";
import { Reorderable } from "../../ui/Reorderable";
import { draftsOf, movedTo, newOption, optionBodies, type OptionDraft } from "./drafts";
import { Effects } from "./Effects";
import classes from "./Lifecycle.module.css";
import { effectsOf, transitionsOf, type Transitions } from "./lifecycle";
import { Moves, type MovesShown } from "./Moves";
import { StageRow } from "./StageRow";

interface Props {
  object: ObjectType;
  property: Property;
  asOf: AsOf;
  isReadOnly: boolean;
  moves: MovesShown | undefined;
  onMoves: (shows: MovesShown) => void;
}

export function LifecycleEditor({ object, property, asOf, isReadOnly, moves, onMoves }: Props) {
  const client = useQueryClient();
  const [options, setOptions] = useState<OptionDraft[]>(() => draftsOf(property.options));
  const [transitions, setTransitions] = useState<Transitions>(() => transitionsOf(property));
  const save = useMutation({
    mutationFn: () => updateProperty(object.name, property.name, { options: optionBodies(options), transitions }),
    onSuccess: async (saved) => {
      setOptions(draftsOf(saved.options));
      setTransitions(transitionsOf(saved));
      await refreshDefinitions(client);
    },
  });
  const used = options.filter(({ archived }) => !archived);
  const archived = options.filter((option) => option.archived);
  const isChanged =
    JSON.stringify([options, transitions]) !== JSON.stringify([draftsOf(property.options), transitionsOf(property)]);
  const effects = effectsOf(property, options, transitions, (name) => propertyOf(object, name)?.label ?? name);
  const change = (key: string, part: Partial<OptionDraft>) =>
    setOptions(options.map((option) => (option.key === key ? { ...option, ...part } : option)));
  const discard = () => {
    setOptions(draftsOf(property.options));
    setTransitions(transitionsOf(property));
    save.reset();
  };
  const remove = ({ key, value }: OptionDraft) => {
    if (value === null) setOptions(options.filter((option) => option.key !== key));
    else change(key, { archived: true });
  };

  return (
    <>
      <div className={classes.scroll}>
        <div className={classes.heads} aria-hidden>
          <span>{t("settings:stage")}</span>
          <span>{t("settings:category")}</span>
          <span>{t("settings:probability")}</span>
          <span>{t("settings:timeLimit")}</span>
          <span>{t("settings:asksFor")}</span>
        </div>
        <Reorderable
          items={used}
          keyOf={({ key }) => key}
          labelOf={({ label }) => label}
          label={t("settings:stages")}
          isFixed={isReadOnly}
          onMove={(from, to) => setOptions([...movedTo(used, from, to), ...archived])}
        >
          {(stage) => (
            <StageRow
              object={object}
              property={property}
              stage={stage}
              isReadOnly={isReadOnly}
              onChange={(part) => change(stage.key, part)}
              onRemove={() => remove(stage)}
            />
          )}
        </Reorderable>
        {!isReadOnly && (
          <Button
            className={classes.add}
            leftSection={<PlusIcon size={12} />}
            onClick={() => setOptions([...used, newOption(options, true), ...archived])}
          >
            {t("settings:addStage")}
          </Button>
        )}
        {archived.length > 0 && (
          <div className={classes.archived}>
            <p>{t("settings:archivedStages")}</p>
            {archived.map((stage) => (
              <span key={stage.key}>
                {stage.label}{" "}
                {!isReadOnly && (
                  <Button variant="subtle" onClick={() => change(stage.key, { archived: false })}>
                    {t("settings:restore")}
                  </Button>
                )}
              </span>
            ))}
          </div>
        )}
        <Moves
          object={object}
          property={property}
          stages={used}
          transitions={transitions}
          asOf={asOf}
          isReadOnly={isReadOnly}
          shows={moves}
          onShows={onMoves}
          onChange={setTransitions}
        />
      </div>
      {isChanged && !isReadOnly && (
        <footer className={classes.bar}>
          <div className={classes.what}>
            {effects.length > 0 ? <Effects object={object} effects={effects} /> : <p>{t("settings:noEffect")}</p>}
            <Refusal error={save.error} />
          </div>
          <Button onClick={discard}>{t("settings:discard")}</Button>
          <Button
            variant="filled"
            loading={save.isPending}
            disabled={used.some(({ label }) => label.trim() === "")}
            onClick={() => save.mutate()}
          >
            {t("settings:saveLifecycle")}
          </Button>
        </footer>
      )}
    </>
  );
}
