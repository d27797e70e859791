/** Which property of the chosen records is set, and to what. */
import { Button, Select } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import { shownProperties } from "../../api/objects";
import type { ObjectType, Property, Value } from "../../api/types";
import { fieldOf } from "../../fields/fields";
import { Dialog, DialogActions } from "../../ui/Dialog";
import classes from "./BulkBar.module.css";

interface Props {
  object: ObjectType;
  title: string;
  onClose: () => void;
  onSet: (property: Property, value: Value | null) => void;
}

export function BulkEditDialog({ object, title, onClose, onSet }: Props) {
  const [name, setName] = useState<string | null>(null);
  const [value, setValue] = useState<Value | null>(null);
  const properties = shownProperties(object).filter(({ unique }) => !unique);
  const property = properties.find((one) => one.name === name);
  return (
    <Dialog title={title} opened onClose={onClose} size={420}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (property) onSet(property, value);
        }}
      >
        <Select
          label={t("list:bulk.property")}
          data={properties.map((one) => ({ value: one.name, label: one.label }))}
          value={name}
          searchable
          allowDeselect={false}
          data-autofocus
          onChange={(next) => {
            setName(next);
            setValue(null);
          }}
        />
        {property && <NewValue key={property.name} value={value} property={property} onChange={setValue} />}
        <DialogActions>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" variant="filled" disabled={!property}>
            {property ? t("list:bulk.set", { property: property.label }) : t("list:bulk.edit")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface ValueProps {
  value: Value | null;
  property: Property;
  onChange: (value: Value | null) => void;
}

function NewValue(props: ValueProps) {
  const { Edit } = fieldOf(props.property);
  return <Edit {...props} input={{ label: t("list:bulk.value"), description: t("list:bulk.emptyClears") }} />;
}
