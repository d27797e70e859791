/** One import: how far it is while it goes on, what it did once it ended, and the way to take it back. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { useEffect, useRef, useState } from "react";
import { importQuery, isOngoing, isUndoable, undoImport, type Import } from "../../api/imports";
import { objectsQuery } from "../../api/objects";
import { refreshRecords } from "../../api/records";
import type { ObjectType } from "../../api/types";
import { formatCount } from "../../texts/locale";
import { nounsOf } from "../../texts/words";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Refusal } from "../../ui/Message";
import { Moment } from "../../ui/Moment";
import { Tag } from "../../ui/Tag";
import { Figures } from "./Figures";
import classes from "./Import.module.css";
import { Progress } from "./Progress";
import { RefusedRows } from "./RefusedRows";
import { formatBytes, stateOf } from "./words";

interface Props {
  of: Import;
  object: ObjectType | undefined;
  canUndo: boolean;
}

export function ImportView({ of, object, canUndo }: Props) {
  const [isAsking, setAsking] = useState(false);
  const { label, color } = stateOf(of);
  useFreshRecords(of);
  return (
    <div className={classes.page}>
      <Link to="/import" className={classes.back}>
        {t("import:all")}
      </Link>
      <header className={classes.head}>
        <h2 className={classes.title}>{of.fileName ?? t("import:unnamed")}</h2>
        <Tag color={color}>{label}</Tag>
        <span className={classes.facts}>
          {object?.pluralLabel ?? of.object}
          {of.kind === "history" && `, ${t("import:kind.short")}`} · {formatBytes(of.fileBytes)} ·{" "}
          <Moment at={of.createdAt} />
        </span>
        {canUndo && isUndoable(of) && <Button onClick={() => setAsking(true)}>{t("import:undo")}</Button>}
        {object && of.status === "succeeded" && !of.dryRun && (
          <Button
            renderRoot={(props: object) => <Link to="/objects/$object" params={{ object: object.name }} {...props} />}
          >
            {t("import:toRecords", { nouns: nounsOf(object) })}
          </Button>
        )}
      </header>
      {isOngoing(of) && <Progress of={of} label={label} />}
      {isOngoing(of) && <p className="quiet">{t("import:leaveIt")}</p>}
      {of.error && (
        <p className={classes.failure} role="alert">
          {of.error.message}
        </p>
      )}
      {of.status === "undone" && <p className={classes.lead}>{t("import:undone")}</p>}
      <Figures of={of} object={object} />
      <RefusedRows of={of} />
      {isAsking && <UndoDialog of={of} onClose={() => setAsking(false)} />}
    </div>
  );
}

/** What was read before it ended is read again. */
function useFreshRecords(of: Import) {
  const client = useQueryClient();
  const wasOngoing = useRef(false);
  const isNow = isOngoing(of);
  useEffect(() => {
    if (wasOngoing.current && !isNow) {
      void refreshRecords(client);
      void client.invalidateQueries({ queryKey: objectsQuery.queryKey });
    }
    wasOngoing.current = isNow;
  }, [client, isNow]);
}

function UndoDialog({ of, onClose }: { of: Import; onClose: () => void }) {
  const client = useQueryClient();
  const { refetch } = useQuery(importQuery(of.id));
  const undo = useMutation({
    mutationFn: () => undoImport(of.id),
    onSuccess: async (begun) => {
      client.setQueryData(importQuery(of.id).queryKey, begun);
      onClose();
      await refetch();
    },
  });
  return (
    <Dialog title={t("import:undoTitle")} opened onClose={onClose}>
      <p>
        {t("import:undoCreated", { count: of.created, figure: formatCount(of.created) })}{" "}
        {t("import:undoUpdated", { count: of.updated, figure: formatCount(of.updated) })}
      </p>
      <p className="quiet">{t("import:undoHint")}</p>
      <Refusal error={undo.error} />
      <DialogActions>
        <Button onClick={onClose}>{t("ui:cancel")}</Button>
        <Button variant="filled" loading={undo.isPending} onClick={() => undo.mutate()}>
          {t("import:undo")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
