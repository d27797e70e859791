/** What differs in a record between two moments. */
import { Button, Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { diffQuery } from "../../api/history";
import { propertyOf } from "../../api/objects";
import type { AsOf } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Refusal } from "../../ui/Message";
import { fromLocalInput, toLocalInput } from "../../ui/time";
import classes from "./CompareDialog.module.css";

interface Props {
  object: ObjectType;
  id: string;
  from: string | undefined;
  /** Null is now. */
  to: AsOf;
  /** The moment that counts as now, RFC 3339. */
  now: string;
  onClose: () => void;
}

export function CompareDialog({ object, id, from: initialFrom, to: initialTo, now, onClose }: Props) {
  const [from, setFrom] = useState(initialFrom ?? now);
  const [to, setTo] = useState(initialTo);
  const diff = useQuery(diffQuery(object.name, id, from, to ?? now));
  return (
    <Dialog title={t("history:compare")} opened onClose={onClose} size={560}>
      <div className={classes.moments}>
        <TextInput
          label={t("ui:from")}
          type="datetime-local"
          value={toLocalInput(from)}
          onChange={(event) => setFrom(fromLocalInput(event.currentTarget.value) ?? from)}
        />
        <TextInput
          label={t("ui:to")}
          description={to === null ? t("history:emptyIsNow") : undefined}
          inputWrapperOrder={["label", "input", "description"]}
          type="datetime-local"
          value={to === null ? "" : toLocalInput(to)}
          onChange={(event) => setTo(fromLocalInput(event.currentTarget.value))}
        />
      </div>
      {diff.isPending && <Skeleton height={96} />}
      <Refusal error={diff.error} />
      {diff.data?.length === 0 && <p className="quiet">{t("history:noDifference")}</p>}
      {diff.data && diff.data.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t("history:property")}</th>
              <th scope="col">{t("history:then")}</th>
              <th scope="col">{to === null ? t("time:now") : t("history:later")}</th>
            </tr>
          </thead>
          <tbody>
            {diff.data.map((change) => {
              const property = propertyOf(object, change.property);
              return (
                property && (
                  <tr key={change.property}>
                    <th scope="row">{property.label}</th>
                    <td>
                      <Shown value={change.from} property={property} />
                    </td>
                    <td>
                      <Shown value={change.to} property={property} />
                    </td>
                  </tr>
                )
              );
            })}
          </tbody>
        </table>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t("ui:close")}</Button>
      </DialogActions>
    </Dialog>
  );
}
