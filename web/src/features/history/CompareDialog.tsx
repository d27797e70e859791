/** What differs in a record between two moments. */
import { Button, Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
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
    <Dialog title="Compare two moments" opened onClose={onClose} size={560}>
      <div className={classes.moments}>
        <TextInput
          label="From"
          type="datetime-local"
          value={toLocalInput(from)}
          onChange={(event) => setFrom(fromLocalInput(event.currentTarget.value) ?? from)}
        />
        <TextInput
          label="To"
          description={to === null ? "Empty: now" : undefined}
          inputWrapperOrder={["label", "input", "description"]}
          type="datetime-local"
          value={to === null ? "" : toLocalInput(to)}
          onChange={(event) => setTo(fromLocalInput(event.currentTarget.value))}
        />
      </div>
      {diff.isPending && <Skeleton height={96} />}
      <Refusal error={diff.error} />
      {diff.data?.length === 0 && <p className="quiet">Nothing differs between the two.</p>}
      {diff.data && diff.data.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Property</th>
              <th scope="col">Then</th>
              <th scope="col">{to === null ? "Now" : "Later"}</th>
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
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}
