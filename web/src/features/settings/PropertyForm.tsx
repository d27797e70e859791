/** A property's definition: made here, or changed as far as it can be once it exists. */
import { Autocomplete, Button, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { createProperty, refreshDefinitions, updateProperty } from "../../api/definitions";
import { nameFor } from "../../api/names";
import { messagesByName } from "../../api/problem";
import type { ObjectType, Property } from "../../api/types";
import { fieldOf } from "../../fields/fields";
import { typeChoices, typeName } from "../../fields/names";
import { Refusal } from "../../ui/Message";
import {
  asProperty,
  canBeUnique,
  draftOf,
  hasOptions,
  newOption,
  propertyBody,
  propertyPatch,
  type PropertyDraft,
} from "./drafts";
import { OptionsEditor } from "./OptionsEditor";
import classes from "./Settings.module.css";

interface Props {
  object: ObjectType;
  objects: ObjectType[];
  /** Null for a new one. */
  property: Property | null;
  isReadOnly: boolean;
  onDone: () => void;
}

export function PropertyForm({ object, objects, property, isReadOnly, onDone }: Props) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<PropertyDraft>(() => draftOf(property));
  const change = (part: Partial<PropertyDraft>) => setDraft((before) => ({ ...before, ...part }));
  const taken = object.properties.map(({ name }) => name);
  const save = useMutation({
    mutationFn: () =>
      property
        ? updateProperty(object.name, property.name, propertyPatch(draft))
        : createProperty(object.name, propertyBody(draft, taken)),
    onSuccess: async () => {
      await refreshDefinitions(client);
      onDone();
    },
  });
  const errors = messagesByName(save.error);
  const known = [
    "label",
    "name",
    "type",
    "group",
    "description",
    "unique",
    "default",
    "options",
    "currency",
    "targetObject",
  ];
  const hasOwnPlace = Object.keys(errors).some((name) => known.includes(name));
  const groups = [...new Set(object.properties.flatMap(({ group }) => group ?? []))];
  const { Edit } = fieldOf(asProperty(draft));

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <fieldset className={classes.fields} disabled={isReadOnly}>
        <TextInput
          label={t("settings:label")}
          value={draft.label}
          error={errors.label}
          required
          withAsterisk={false}
          data-autofocus={property === null || undefined}
          onChange={(event) => change({ label: event.currentTarget.value })}
        />
        {property === null ? (
          <>
            <Select
              label={t("settings:type")}
              description={t("settings:typeHint")}
              inputWrapperOrder={["label", "input", "description", "error"]}
              data={typeChoices()}
              value={draft.type}
              error={errors.type}
              allowDeselect={false}
              maxDropdownHeight={340}
              comboboxProps={{ keepMounted: false }}
              onChange={(type) => {
                if (type === null) return;
                const options = hasOptions(type) && draft.options.length === 0 ? [newOption([], type === "stage")] : [];
                change({ type, default: null, options: draft.options.length > 0 ? draft.options : options });
              }}
            />
            <TextInput
              label={t("settings:name")}
              description={t("settings:nameHint")}
              inputWrapperOrder={["label", "input", "description", "error"]}
              value={draft.name ?? (draft.label === "" ? "" : nameFor(draft.label, taken))}
              error={errors.name}
              spellCheck={false}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            {draft.type === "record" && (
              <Select
                label={t("settings:linksTo")}
                data={objects.map(({ name, pluralLabel }) => ({ value: name, label: pluralLabel }))}
                value={draft.targetObject}
                error={errors.targetObject}
                allowDeselect={false}
                onChange={(targetObject) => change({ targetObject, default: null })}
              />
            )}
          </>
        ) : (
          <p className={classes.identity}>
            {typeName(property.type)} · <code>{property.name}</code>
          </p>
        )}
        {hasOptions(draft.type) && (
          <OptionsEditor
            options={draft.options}
            isStage={draft.type === "stage"}
            isReadOnly={isReadOnly}
            error={errors.options}
            onChange={(options) => change({ options })}
          />
        )}
        {draft.type === "money" && (
          <TextInput
            label={t("settings:currency")}
            value={draft.currency}
            error={errors.currency}
            maxLength={3}
            placeholder="EUR"
            onChange={(event) => change({ currency: event.currentTarget.value.toUpperCase() })}
          />
        )}
        <Autocomplete
          label={t("settings:group")}
          placeholder={t("settings:groupHint")}
          data={groups}
          value={draft.group}
          error={errors.group}
          onChange={(group) => change({ group })}
        />
        <Textarea
          label={t("settings:description")}
          value={draft.description}
          error={errors.description}
          rows={2}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <Edit
          key={`${draft.type} ${draft.targetObject ?? ""} ${draft.currency}`}
          value={draft.default}
          property={asProperty(draft)}
          onChange={(value) => change({ default: value })}
          input={{ label: t("settings:default"), error: errors.default }}
        />
        <Switch
          label={t("settings:required")}
          description={t("settings:requiredHint")}
          checked={draft.required}
          onChange={(event) => change({ required: event.currentTarget.checked })}
        />
        {canBeUnique(draft.type) && (
          <Switch
            label={t("settings:unique")}
            description={t("settings:uniqueHint")}
            checked={draft.unique}
            error={errors.unique}
            onChange={(event) => change({ unique: event.currentTarget.checked })}
          />
        )}
      </fieldset>
      {!hasOwnPlace && <Refusal error={save.error} />}
      {!isReadOnly && (
        <div className={classes.formActions}>
          <Button onClick={onDone}>{t("ui:cancel")}</Button>
          <Button type="submit" variant="filled" disabled={draft.label.trim() === ""} loading={save.isPending}>
            {property ? t("ui:save") : t("settings:createProperty")}
          </Button>
        </div>
      )}
    </form>
  );
}
