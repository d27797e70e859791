/** Sets properties to what they held at a moment, as a new change. Shows what that will do before it is done. */
import { Button, Checkbox, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { diffQuery, restoreRecord } from "../../api/history";
import { propertyOf } from "../../api/objects";
import { refreshRecords } from "../../api/records";
import type { Change, ObjectType } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Refusal } from "../../ui/Message";
import { formatLongMoment, fromLocalInput, toLocalInput } from "../../ui/time";
import classes from "./RestoreDialog.module.css";

interface Props {
  object: ObjectType;
  id: string;
  /** RFC 3339 */
  moment: string;
  /** The moment that counts as now, RFC 3339. */
  now: string;
  onClose: () => void;
}

export function RestoreDialog({ object, id, moment: initial, now, onClose }: Props) {
  const client = useQueryClient();
  const [moment, setMoment] = useState(initial);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const diff = useQuery(diffQuery(object.name, id, moment, now));
  const changes = (diff.data ?? []).filter((change) => propertyOf(object, change.property)?.system !== true);
  const chosen = changes.filter((change) => !left.has(change.property)).map((change) => change.property);

  const restore = useMutation({
    mutationFn: () => restoreRecord(object.name, id, moment, chosen),
    onSuccess: async () => {
      await refreshRecords(client);
      onClose();
    },
  });

  const toggle = (property: string) => {
    const next = new Set(left);
    if (!next.delete(property)) next.add(property);
    setLeft(next);
  };

  return (
    <Dialog title={t("history:restoreTitle")} opened onClose={onClose} size={560}>
      <TextInput
        label={t("history:asOf")}
        type="datetime-local"
        value={toLocalInput(moment)}
        onChange={(event) => {
          const next = fromLocalInput(event.currentTarget.value);
          if (next !== null) setMoment(next);
        }}
      />
      {diff.isPending && <Skeleton height={96} />}
      <Refusal error={diff.error} />
      {diff.data && changes.length === 0 && (
        <p className="quiet">{t("history:nothingDiffers", { moment: formatLongMoment(moment) })}</p>
      )}
      <ul className={classes.list}>
        {changes.map((change) => (
          <RestoredRow
            key={change.property}
            change={change}
            object={object}
            isChosen={!left.has(change.property)}
            onToggle={() => toggle(change.property)}
          />
        ))}
      </ul>
      <Refusal error={restore.error} />
      <DialogActions>
        <Button onClick={onClose}>{t("ui:cancel")}</Button>
        <Button
          variant="filled"
          disabled={chosen.length === 0}
          loading={restore.isPending}
          onClick={() => restore.mutate()}
        >
          {chosen.length === 0 ? t("history:restoreNone") : t("history:restoreSome", { count: chosen.length })}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface RowProps {
  change: Change;
  object: ObjectType;
  isChosen: boolean;
  onToggle: () => void;
}

function RestoredRow({ change, object, isChosen, onToggle }: RowProps) {
  const property = propertyOf(object, change.property);
  if (!property) return null;
  return (
    <li className={classes.row}>
      <Checkbox size="xs" label={property.label} checked={isChosen} onChange={onToggle} />
      <span className={classes.now}>
        <Shown value={change.to} property={property} />
      </span>
      <span aria-label={t("history:becomes")}>→</span>
      <span className={classes.then}>
        <Shown value={change.from} property={property} />
      </span>
    </li>
  );
}
