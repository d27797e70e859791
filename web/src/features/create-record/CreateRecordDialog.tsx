/** A new record: what it must have and what people fill in first; the rest is set on its page. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { shownProperties } from "../../api/objects";
import { createRecord, refreshRecords, type Values } from "../../api/records";
import { messagesByName } from "../../api/problem";
import type { LeadlineRecord, ObjectType, Property } from "../../api/types";
import { fieldOf } from "../../fields/fields";
import { nounOf } from "../../texts/words";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Refusal } from "../../ui/Message";
import classes from "./CreateRecordDialog.module.css";

interface Props {
  object: ObjectType;
  onClose: () => void;
  onCreated: (record: LeadlineRecord) => void;
}

export function CreateRecordDialog({ object, onClose, onCreated }: Props) {
  const client = useQueryClient();
  const [values, setValues] = useState<Values>({});
  const properties = offeredProperties(object);
  const create = useMutation({
    mutationFn: () => createRecord(object.name, given(values)),
    onSuccess: async (record) => {
      await refreshRecords(client);
      onCreated(record);
    },
  });
  const errors = messagesByName(create.error);
  const isShownInPlace = properties.some((property) => property.name in errors);
  return (
    <Dialog title={t("create:new", { noun: nounOf(object) })} opened onClose={onClose}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <div className={classes.grid}>
          {properties.map((property, index) => {
            const { Edit } = fieldOf(property);
            return (
              <div key={property.name} className={isWide(property) ? classes.wide : undefined}>
                <Edit
                  value={values[property.name] ?? null}
                  property={property}
                  onChange={(value) => setValues((before) => ({ ...before, [property.name]: value }))}
                  input={{
                    label: property.label,
                    description: property.description ?? undefined,
                    error: errors[property.name],
                    withAsterisk: property.required,
                    "data-autofocus": index === 0,
                  }}
                />
              </div>
            );
          })}
        </div>
        {!isShownInPlace && <Refusal error={create.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" variant="filled" loading={create.isPending}>
            {t("create:create", { noun: nounOf(object) })}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

const OFFERED = 10;

/** The title first, then what is required, then the schema's order. A lifecycle begins by itself. */
function offeredProperties(object: ObjectType): Property[] {
  const rank = (property: Property) => (property.name === object.primaryProperty ? 0 : property.required ? 1 : 2);
  const offered = shownProperties(object).filter((property) => property.required || property.type !== "stage");
  const ranked = offered.sort((left, right) => rank(left) - rank(right));
  return ranked.filter((property, index) => property.required || index < OFFERED);
}

function isWide(property: Property): boolean {
  return property.type === "long_text" || property.type === "url" || property.type === "multi_select";
}

/** What was left empty is not sent, so that defaults apply. */
function given(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
