/** States what a property held in the past. The earlier belief stays readable; see "as known" in the history. */
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { correctRecord } from "../../api/history";
import { shownProperties } from "../../api/objects";
import { refreshRecords } from "../../api/records";
import type { CorrectedSpan, ObjectType, Property, Value, ValueSpan } from "../../api/types";
import { fieldOf } from "../../fields/fields";
import { SpanList } from "../../fields/SpanList";
import { labelInText } from "../../texts/words";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Refusal } from "../../ui/Message";
import { fromLocalInput, toLocalInput } from "../../ui/time";
import classes from "./CorrectionDialog.module.css";

interface Props {
  object: ObjectType;
  id: string;
  spans: Record<string, ValueSpan[] | undefined>;
  property: string;
  onClose: () => void;
}

interface Row {
  key: number;
  value: Value | null;
  from: string;
  to: string;
}

export function CorrectionDialog({ object, id, spans, property: initial, onClose }: Props) {
  const client = useQueryClient();
  const [name, setName] = useState(initial);
  const [reason, setReason] = useState("");
  const properties = shownProperties(object);
  const property = properties.find((one) => one.name === name);
  const known = spans[name] ?? [];
  const [rows, setRows] = useState<Row[]>([firstRow(known)]);

  const correct = useMutation({
    mutationFn: () =>
      correctRecord(object.name, id, {
        property: name,
        set: rows.map((row) => toSpan(row, known)),
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      }),
    onSuccess: async () => {
      await refreshRecords(client);
      onClose();
    },
  });

  const change = (key: number, part: Partial<Row>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));

  return (
    <Dialog title={t("history:correctTitle")} opened onClose={onClose} size={600}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          correct.mutate();
        }}
      >
        <Select
          label={t("history:property")}
          data={properties.map((one) => ({ value: one.name, label: one.label }))}
          value={name}
          allowDeselect={false}
          onChange={(chosen) => {
            if (chosen === null) return;
            setName(chosen);
            setRows([firstRow(spans[chosen] ?? [])]);
          }}
        />
        {property && (
          <>
            <div className={classes.known}>
              <SpanList property={property} spans={known} />
            </div>
            {rows.map((row) => (
              <CorrectedRow
                key={`${name}-${row.key}`}
                property={property}
                row={row}
                onChange={(part) => change(row.key, part)}
                onRemove={rows.length > 1 ? () => setRows(rows.filter((one) => one.key !== row.key)) : undefined}
              />
            ))}
          </>
        )}
        <Button
          variant="subtle"
          className={classes.add}
          onClick={() =>
            setRows([
              ...rows,
              { key: Math.max(...rows.map((row) => row.key)) + 1, value: null, from: rows.at(-1)?.to ?? "", to: "" },
            ])
          }
        >
          {t("history:addValue")}
        </Button>
        <TextInput
          label={t("history:reason")}
          placeholder={t("history:reasonHint")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Refusal error={correct.error} />
        <DialogActions>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button
            type="submit"
            variant="filled"
            loading={correct.isPending}
            disabled={rows.some((row) => row.from === "")}
          >
            {t("history:correctProperty", { property: labelInText(property?.label ?? "") })}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface RowProps {
  property: Property;
  row: Row;
  onChange: (part: Partial<Row>) => void;
  onRemove?: () => void;
}

function CorrectedRow({ property, row, onChange, onRemove }: RowProps) {
  const { Edit } = fieldOf(property);
  return (
    <fieldset className={classes.row}>
      <legend className="hidden-text">{t("history:whatWas", { property: property.label })}</legend>
      <Edit
        value={row.value}
        property={property}
        onChange={(value) => onChange({ value })}
        input={{ label: t("history:itWas") }}
      />
      <TextInput
        label={t("ui:from")}
        type="datetime-local"
        required
        withAsterisk={false}
        value={row.from}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        label={t("history:until")}
        description={t("history:untilHint")}
        inputWrapperOrder={["label", "input", "description"]}
        type="datetime-local"
        value={row.to}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
      {onRemove && (
        <Button variant="subtle" onClick={onRemove} className={classes.remove}>
          {t("ui:remove")}
        </Button>
      )}
    </fieldset>
  );
}

/** Starts from the present value: most often it is right and only its beginning is wrong. */
function firstRow(known: ValueSpan[]): Row {
  const [current] = known;
  return { key: 0, value: current?.value ?? null, from: current ? toLocalInput(current.validFrom) : "", to: "" };
}

/** The control knows minutes; a time that was left as it stood keeps its microseconds. */
function toSpan(row: Row, known: ValueSpan[]): CorrectedSpan {
  const exact = (text: string) => {
    const moments = known.flatMap((span) => [span.validFrom, span.validTo ?? span.validFrom]);
    return moments.find((moment) => toLocalInput(moment) === text) ?? fromLocalInput(text) ?? text;
  };
  const span = { value: row.value, validFrom: exact(row.from) };
  return row.to === "" ? span : { ...span, validTo: exact(row.to) };
}
