/** The options of a choice, in order: what they are called, their colours, and which can no longer be chosen. */
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { t } from "i18next";
import { ColorChoice } from "../../ui/ColorChoice";
import { CloseIcon, PlusIcon } from "../../ui/icons";
import { Reorderable } from "../../ui/Reorderable";
import { movedTo, newOption, type OptionDraft } from "./drafts";
import classes from "./Settings.module.css";

interface Props {
  options: OptionDraft[];
  isStage: boolean;
  isReadOnly: boolean;
  error?: string;
  onChange: (options: OptionDraft[]) => void;
}

export function OptionsEditor({ options, isStage, isReadOnly, error, onChange }: Props) {
  const used = options.filter(({ archived }) => !archived);
  const archived = options.filter((option) => option.archived);
  const change = (key: string, part: Partial<OptionDraft>) =>
    onChange(options.map((option) => (option.key === key ? { ...option, ...part } : option)));
  const remove = ({ key, value }: OptionDraft) =>
    onChange(
      value === null
        ? options.filter((option) => option.key !== key)
        : options.map((option) => (option.key === key ? { ...option, archived: true } : option)),
    );
  return (
    <fieldset className={classes.options}>
      <legend>{t("settings:options")}</legend>
      <Reorderable
        items={used}
        keyOf={({ key }) => key}
        labelOf={({ label }) => label}
        label={t("settings:options")}
        isFixed={isReadOnly}
        onMove={(from, to) => onChange([...movedTo(used, from, to), ...archived])}
      >
        {(option) => (
          <div className={classes.option}>
            <ColorChoice
              label={option.label}
              value={option.color}
              isReadOnly={isReadOnly}
              onChange={(color) => change(option.key, { color })}
            />
            <TextInput
              className={classes.optionLabel}
              aria-label={t("settings:optionLabel")}
              value={option.label}
              readOnly={isReadOnly}
              data-autofocus={option.value === null || undefined}
              onChange={(event) => change(option.key, { label: event.currentTarget.value })}
            />
            {!isReadOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("settings:removeOption", { label: option.label })}
                onClick={() => remove(option)}
              >
                <CloseIcon size={12} />
              </ActionIcon>
            )}
          </div>
        )}
      </Reorderable>
      {error && (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
      {!isReadOnly && (
        <Button
          className={classes.add}
          leftSection={<PlusIcon size={12} />}
          onClick={() => onChange([...used, newOption(options, isStage), ...archived])}
        >
          {t("settings:addOption")}
        </Button>
      )}
      {archived.length > 0 && (
        <div className={classes.archivedOptions}>
          <p>{t("settings:archivedOptions")}</p>
          {archived.map((option) => (
            <p key={option.key} className={classes.archivedOption}>
              <span>{option.label}</span>
              {!isReadOnly && (
                <Button variant="subtle" onClick={() => change(option.key, { archived: false })}>
                  {t("settings:restore")}
                </Button>
              )}
            </p>
          ))}
        </div>
      )}
    </fieldset>
  );
}
