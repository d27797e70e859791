/** What becomes of a lead: account, contact and deal side by side, each made, linked or left out; then what was made. */
import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { conversionPreviewQuery, convertLead, PARTS, type Conversion, type PartName } from "../../api/conversions";
import { propertyOf } from "../../api/objects";
import { ApiError, isCode, messageOf, messagesWithin, type InputError } from "../../api/problem";
import { refreshRecords, type Values } from "../../api/records";
import type { LeadlineRecord, ObjectType } from "../../api/types";
import { fieldOf } from "../../fields/fields";
import { titleOf } from "../../fields/title";
import { nounOf } from "../../texts/words";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Failure } from "../../ui/Message";
import classes from "./Convert.module.css";
import { ConvertedDialog } from "./ConvertedDialog";
import { PartForm } from "./PartForm";
import { draftOf, wishOf, type Draft } from "./drafts";

interface Props {
  object: ObjectType;
  record: LeadlineRecord;
  objects: ObjectType[];
  onClose: () => void;
}

export function ConvertDialog({ object, record, objects, onClose }: Props) {
  const { data: preview, error, refetch } = useQuery(conversionPreviewQuery(record.id));
  const [done, setDone] = useState<Conversion | null>(null);
  if (done) return <ConvertedDialog object={object} done={done} objects={objects} onClose={onClose} />;
  return (
    <Dialog title={t("convert:title", { name: titleOf(record, object) })} opened onClose={onClose} size={1060}>
      {preview ? (
        <Form object={object} record={record} objects={objects} preview={preview} onClose={onClose} onDone={setDone} />
      ) : error ? (
        <Failure error={error} title={t("convert:notLoaded")} onRetry={() => void refetch()} />
      ) : (
        <div className={classes.parts} role="status" aria-busy="true" aria-label={t("convert:loading")}>
          {PARTS.map(({ name }) => (
            <Skeleton key={name} height={320} />
          ))}
        </div>
      )}
    </Dialog>
  );
}

interface FormProps extends Props {
  preview: Conversion;
  onDone: (done: Conversion) => void;
}

function Form({ object, record, objects, preview, onClose, onDone }: FormProps) {
  const client = useQueryClient();
  const [drafts, setDrafts] = useState<Record<PartName, Draft>>(() => ({
    account: draftOf(preview.account),
    contact: draftOf(preview.contact),
    deal: draftOf(preview.deal),
  }));
  const [leadValues, setLeadValues] = useState<Values>({});
  // One key for as long as the same is asked for: a lost answer is asked for again, not made again.
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());
  const convert = useMutation({
    mutationFn: () =>
      convertLead(
        record.id,
        {
          account: wishOf(drafts.account),
          contact: wishOf(drafts.contact),
          deal: wishOf(drafts.deal),
          ...(Object.keys(leadValues).length > 0 ? { lead: { properties: leadValues } } : {}),
        },
        attempt,
      ),
    onSuccess: async (done) => {
      onDone(done);
      await refreshRecords(client);
    },
  });
  const change = (part: PartName, draft: Partial<Draft>) => {
    setDrafts((before) => ({ ...before, [part]: { ...before[part], ...draft } }));
    setAttempt(crypto.randomUUID());
  };

  const errors = convert.error ? errorsOf(convert.error) : preview.errors;
  const asked = missingOf(object, [...preview.errors, ...errorsOf(convert.error)]);
  const messages = messagesWithin(errors, "lead");
  const isUndecided = Object.values(drafts).some(({ choice, id }) => choice === "other" && id === null);
  const forbidden = preview.errors.find(({ code }) => code === "TRANSITION_NOT_ALLOWED");
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        convert.mutate();
      }}
    >
      <div className={classes.parts}>
        {PARTS.flatMap(({ name, object: partObject }) => {
          const target = objects.find((one) => one.name === partObject);
          if (!target) return [];
          return [
            <PartForm
              key={name}
              object={target}
              part={preview[name]}
              draft={drafts[name]}
              errors={messagesWithin(errors, name)}
              showsErrors={convert.isError}
              onChange={(draft) => change(name, draft)}
            />,
          ];
        })}
      </div>
      {asked.length > 0 && (
        <fieldset className={classes.lead}>
          <legend>{t("convert:leadNeeds", { noun: nounOf(object) })}</legend>
          {asked.map((property) => {
            const { Edit } = fieldOf(property);
            return (
              <Edit
                key={property.name}
                value={leadValues[property.name] ?? record.properties[property.name] ?? null}
                property={property}
                onChange={(value) => {
                  setLeadValues((before) => ({ ...before, [property.name]: value }));
                  setAttempt(crypto.randomUUID());
                }}
                input={{
                  label: property.label,
                  error: convert.isError ? messages[property.name] : undefined,
                }}
              />
            );
          })}
        </fieldset>
      )}
      {forbidden && (
        <p className={classes.refusal} role="alert">
          {t("convert:forbidden", { noun: nounOf(object) })}
        </p>
      )}
      {convert.isError && (
        <p className={classes.refusal} role="alert">
          {isCode(convert.error, "ALREADY_CONVERTED") ? t("convert:already") : messageOf(convert.error)}
        </p>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t("ui:cancel")}</Button>
        <Button
          type="submit"
          variant="filled"
          disabled={forbidden !== undefined || isUndecided}
          loading={convert.isPending}
        >
          {t("convert:convert", { noun: nounOf(object) })}
        </Button>
      </DialogActions>
    </form>
  );
}

const errorsOf = (error: unknown): InputError[] => (error instanceof ApiError ? (error.problem.errors ?? []) : []);

/** What the stage asks for and the lead does not have. */
function missingOf(object: ObjectType, errors: InputError[]) {
  const names = errors
    .filter(({ pointer, code }) => code === "STAGE_REQUIREMENT_MISSING" && pointer?.startsWith("/lead/"))
    .map(({ pointer }) => pointer?.split("/").at(-1) ?? "");
  return [...new Set(names)].flatMap((name) => propertyOf(object, name) ?? []);
}
