/** Which record to link, and what the link means. */
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { linkRecords } from "../../api/associations";
import { messagesByName } from "../../api/problem";
import { refreshRecords } from "../../api/records";
import type { LeadlineRecord, ObjectType, Property } from "../../api/types";
import { fieldOf } from "../../fields/fields";
import { Refusal } from "../../ui/Message";
import classes from "./Related.module.css";

interface Props {
  object: ObjectType;
  record: LeadlineRecord;
  objects: ObjectType[];
  onDone: () => void;
}

export function LinkForm({ object, record, objects, onDone }: Props) {
  const client = useQueryClient();
  const [target, setTarget] = useState(() => (objects.find(({ name }) => name === "contacts") ?? object).name);
  const [id, setId] = useState<string | null>(null);
  const [label, setLabel] = useState("");
  const link = useMutation({
    mutationFn: () =>
      linkRecords(
        { object: object.name, id: record.id, toObject: target },
        { id: id ?? "", label: label.trim() || undefined },
      ),
    onSuccess: async () => {
      await refreshRecords(client);
      onDone();
    },
  });
  const errors = messagesByName(link.error);
  const [some] = object.properties;
  if (!some) return null;
  const property: Property = { ...some, type: "record", targetObject: target };
  const { Edit } = fieldOf(property);
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        link.mutate();
      }}
    >
      <Select
        label={t("related:object")}
        data={objects.map(({ name, label: text }) => ({ value: name, label: text }))}
        value={target}
        allowDeselect={false}
        onChange={(next) => {
          setTarget(next ?? target);
          setId(null);
        }}
      />
      <Edit
        key={target}
        value={id}
        property={property}
        onChange={(next) => setId(typeof next === "string" ? next : null)}
        input={{ label: t("related:record"), error: errors.id, "data-autofocus": true }}
      />
      <TextInput
        label={t("related:label")}
        placeholder={t("related:labelHint")}
        maxLength={100}
        value={label}
        error={errors.label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      {errors.id === undefined && errors.label === undefined && <Refusal error={link.error} />}
      <div className={classes.actions}>
        <Button onClick={onDone}>{t("ui:cancel")}</Button>
        <Button type="submit" variant="filled" disabled={id === null} loading={link.isPending}>
          {t("related:link")}
        </Button>
      </div>
    </form>
  );
}
