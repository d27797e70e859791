/** What an import would do: everything was done once and nothing of it kept. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { importQuery, isOngoing, type Import } from "../../api/imports";
import type { ObjectType } from "../../api/types";
import { formatCount } from "../../texts/locale";
import { Refusal } from "../../ui/Message";
import { Figures } from "./Figures";
import classes from "./Import.module.css";
import { Progress } from "./Progress";
import { RefusedRows } from "./RefusedRows";

interface Props {
  rehearsal: Import;
  object: ObjectType;
  isBeginning: boolean;
  error: unknown;
  onBack: () => void;
  onBegin: () => void;
}

export function Rehearsal({ rehearsal, object, isBeginning, error, onBack, onBegin }: Props) {
  const { data } = useQuery({ ...importQuery(rehearsal.id), initialData: rehearsal, staleTime: 0 });
  const writes = data.created + data.updated;
  const hasEnded = !isOngoing(data);
  return (
    <>
      <div className={classes.rehearsal}>
        {hasEnded ? (
          <p className={classes.lead}>{data.error ? t("import:rehearsalFailed") : t("import:nothingKept")}</p>
        ) : (
          <Progress of={data} label={t("import:rehearsing")} />
        )}
        {data.error && (
          <p className={classes.failure} role="alert">
            {data.error.message}
          </p>
        )}
        <Figures of={data} object={object} />
        <RefusedRows of={data} />
      </div>
      <footer className={classes.actions}>
        <span className={classes.state} role="status">
          {hasEnded && writes === 0 && t("import:nothingToDo")}
        </span>
        <Refusal error={error} />
        <Button onClick={onBack}>{t("import:backToColumns")}</Button>
        <Button variant="filled" disabled={hasEnded && writes === 0} loading={isBeginning} onClick={onBegin}>
          {hasEnded
            ? t("import:begin", {
                count: data.rowsRead - data.refused,
                figure: formatCount(data.rowsRead - data.refused),
              })
            : t("import:beginNow")}
        </Button>
      </footer>
    </>
  );
}
