/** One part of a conversion: a record that matches, another one, a new one with its values, or none. */
import { Radio } from "@mantine/core";
import { t } from "i18next";
import { useId } from "react";
import type { Part } from "../../api/conversions";
import { propertyOf } from "../../api/objects";
import type { ObjectType, Property } from "../../api/types";
import { fieldOf } from "../../fields/fields";
import { titleOf } from "../../fields/title";
import { labelInText, nounOf } from "../../texts/words";
import { ObjectIcon } from "../../ui/icons";
import classes from "./Convert.module.css";
import { askedProperties, type Draft } from "./drafts";

interface Props {
  object: ObjectType;
  part: Part;
  draft: Draft;
  errors: Record<string, string>;
  /** Whether what is missing is said at each field, as it is once one has tried. */
  showsErrors: boolean;
  onChange: (draft: Partial<Draft>) => void;
}

export function PartForm({ object, part, draft, errors, showsErrors, onChange }: Props) {
  const titleId = useId();
  const noun = nounOf(object);
  const asked = askedProperties(object, { ...part.properties, ...draft.values }, Object.keys(errors));
  const value = draft.choice === "existing" ? (draft.id ?? "") : draft.choice;
  const choose = (next: string) => {
    if (next === "new" || next === "none") onChange({ choice: next, id: null });
    else if (next === "other") onChange({ choice: "other", id: null });
    else onChange({ choice: "existing", id: next });
  };
  return (
    <section className={classes.part} aria-labelledby={titleId} data-none={draft.choice === "none" || undefined}>
      <h3 id={titleId} className={classes.title}>
        <ObjectIcon name={object.name} size={16} />
        {object.label}
      </h3>
      <Radio.Group aria-labelledby={titleId} value={value} onChange={choose}>
        <div className={classes.choices}>
          {part.matches.map(({ by, record }) => (
            <Radio
              key={record.id}
              value={record.id}
              label={titleOf(record, object)}
              description={t("convert:sameAs", { property: labelInText(propertyOf(object, by)?.label ?? by) })}
            />
          ))}
          <Radio value="new" label={t("convert:new", { noun })} />
          <Radio value="other" label={t("convert:other", { noun })} />
          <Radio value="none" label={t("convert:none", { noun })} />
        </div>
      </Radio.Group>
      {draft.choice === "other" && <OtherRecord object={object} id={draft.id} error={errors.id} onChange={onChange} />}
      {draft.choice === "new" && (
        <div className={classes.fields}>
          {asked.map((property) => {
            const { Edit } = fieldOf(property);
            return (
              <Edit
                key={property.name}
                value={draft.values[property.name] ?? null}
                property={property}
                onChange={(next) => onChange({ values: { ...draft.values, [property.name]: next } })}
                input={{
                  label: property.label,
                  withAsterisk: property.required,
                  error: showsErrors ? errors[property.name] : undefined,
                }}
              />
            );
          })}
        </div>
      )}
    </section>
  );
}

interface OtherProps {
  object: ObjectType;
  id: string | null;
  error: string | undefined;
  onChange: (draft: Partial<Draft>) => void;
}

/** Finds any record of the object, as a link property does. */
function OtherRecord({ object, id, error, onChange }: OtherProps) {
  const [some] = object.properties;
  if (!some) return null;
  const property: Property = { ...some, type: "record", targetObject: object.name };
  const { Edit } = fieldOf(property);
  return (
    <Edit
      value={id}
      property={property}
      onChange={(next) => onChange({ id: typeof next === "string" ? next : null })}
      input={{ label: t("convert:which", { noun: nounOf(object) }), error }}
    />
  );
}
