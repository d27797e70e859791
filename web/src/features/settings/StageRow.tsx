/** A stage: its name and colour, how a record in it stands, how long it may stay, and what it asks for on entry. */
import { ActionIcon, MultiSelect, NumberInput, Select, TextInput } from "@mantine/core";
import { t } from "i18next";
import { shownProperties } from "../../api/objects";
import type { ObjectType, Property } from "../../api/types";
import { ColorChoice } from "../../ui/ColorChoice";
import { isoDuration, partsOfIso } from "../../ui/duration";
import { CloseIcon } from "../../ui/icons";
import type { OptionDraft } from "./drafts";
import classes from "./Lifecycle.module.css";

interface Props {
  object: ObjectType;
  /** The lifecycle. */
  property: Property;
  stage: OptionDraft;
  isReadOnly: boolean;
  onChange: (part: Partial<OptionDraft>) => void;
  onRemove: () => void;
}

export function StageRow({ object, property, stage, isReadOnly, onChange, onRemove }: Props) {
  const limit = partsOfIso(stage.maxDuration);
  const unit = limit?.unit ?? "days";
  const of = (text: string) => t("settings:ofStage", { text, stage: stage.label });
  return (
    <div className={classes.stage}>
      <div className={classes.stageName}>
        <ColorChoice
          label={stage.label}
          value={stage.color}
          isReadOnly={isReadOnly}
          onChange={(color) => onChange({ color })}
        />
        <TextInput
          className={classes.grow}
          aria-label={t("settings:stageLabel")}
          value={stage.label}
          readOnly={isReadOnly}
          onChange={(event) => onChange({ label: event.currentTarget.value })}
        />
      </div>
      <Select
        aria-label={of(t("settings:category"))}
        data={[
          { value: "open", label: t("settings:categories.open") },
          { value: "won", label: t("settings:categories.won") },
          { value: "lost", label: t("settings:categories.lost") },
        ]}
        value={stage.category ?? "open"}
        allowDeselect={false}
        disabled={isReadOnly}
        onChange={(category) => onChange({ category })}
      />
      <NumberInput
        aria-label={of(t("settings:probability"))}
        value={stage.probability ?? ""}
        min={0}
        max={100}
        allowDecimal={false}
        hideControls
        suffix=" %"
        placeholder="–"
        disabled={isReadOnly}
        onChange={(percent) => onChange({ probability: percent === "" ? null : Number(percent) })}
      />
      <div className={classes.limit}>
        <NumberInput
          aria-label={of(t("settings:timeLimit"))}
          value={limit?.count ?? ""}
          min={1}
          max={9999}
          allowDecimal={false}
          hideControls
          placeholder={t("settings:noLimit")}
          disabled={isReadOnly}
          onChange={(count) => onChange({ maxDuration: Number(count) > 0 ? isoDuration(Number(count), unit) : null })}
        />
        {limit && (
          <Select
            aria-label={of(t("settings:timeUnit"))}
            data={[
              { value: "hours", label: t("settings:units.hours") },
              { value: "days", label: t("settings:units.days") },
              { value: "weeks", label: t("settings:units.weeks") },
            ]}
            value={unit}
            allowDeselect={false}
            disabled={isReadOnly}
            onChange={(next) => {
              if (next === "hours" || next === "days" || next === "weeks")
                onChange({ maxDuration: isoDuration(limit.count, next) });
            }}
          />
        )}
      </div>
      <div className={classes.asks}>
        <MultiSelect
          aria-label={of(t("settings:asksFor"))}
          placeholder={(stage.requiredProperties ?? []).length === 0 ? t("settings:nothingAsked") : undefined}
          data={shownProperties(object)
            .filter(({ name }) => name !== property.name)
            .map(({ name, label }) => ({ value: name, label }))}
          value={stage.requiredProperties ?? []}
          disabled={isReadOnly}
          comboboxProps={{ keepMounted: false }}
          onChange={(requiredProperties) => onChange({ requiredProperties })}
        />
      </div>
      {!isReadOnly && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("settings:removeStage", { label: stage.label })}
          onClick={onRemove}
        >
          <CloseIcon size={12} />
        </ActionIcon>
      )}
    </div>
  );
}
