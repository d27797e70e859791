/** The imports of the workspace, newest first: what each did, and whether it still stands. */
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { importsQuery, isOngoing, type Import } from "../../api/imports";
import type { ObjectType } from "../../api/types";
import { formatCount, formatShare } from "../../texts/locale";
import { Failure } from "../../ui/Message";
import { Moment } from "../../ui/Moment";
import { Tag } from "../../ui/Tag";
import classes from "./Import.module.css";
import { stateOf } from "./words";

export function ImportList({ objects }: { objects: ObjectType[] }) {
  const imports = useInfiniteQuery(importsQuery);
  const all = imports.data?.pages.flatMap(({ results }) => results) ?? [];
  if (imports.isError && !imports.data)
    return <Failure error={imports.error} title={t("import:listNotLoaded")} onRetry={() => void imports.refetch()} />;
  if (imports.isPending)
    return (
      <div className={classes.past} role="status" aria-busy="true" aria-label={t("import:listLoading")}>
        {[70, 62, 74].map((width) => (
          <Skeleton key={width} height={14} width={`${width}%`} my={11} />
        ))}
      </div>
    );
  return (
    <section className={classes.past} aria-labelledby="past-imports">
      <h2 id="past-imports">{t("import:past")}</h2>
      {all.length === 0 && <p className="quiet">{t("import:none")}</p>}
      <ol>
        {all.map((one) => (
          <li key={one.id} className={classes.row}>
            <Link className={classes.rowName} to="/import/$importId" params={{ importId: one.id }}>
              {one.fileName ?? t("import:unnamed")}
            </Link>
            <span className={classes.rowObject}>
              {objects.find(({ name }) => name === one.object)?.pluralLabel ?? one.object}
              {one.kind === "history" && `, ${t("import:kind.short")}`}
            </span>
            <span className={classes.rowDone}>{outcome(one)}</span>
            <span className={classes.rowState}>
              <Tag color={stateOf(one).color}>{stateOf(one).label}</Tag>
            </span>
            <span className={classes.rowTime}>
              <Moment at={one.createdAt} />
            </span>
          </li>
        ))}
      </ol>
      {imports.hasNextPage && (
        <Button loading={imports.isFetchingNextPage} onClick={() => void imports.fetchNextPage()}>
          {t("import:older")}
        </Button>
      )}
    </section>
  );
}

/** "950 new, 40 changed, 2 refused" */
function outcome(one: Import): string {
  if (isOngoing(one)) return formatShare(one.progress);
  return [
    one.created > 0 && t("import:short.created", { figure: formatCount(one.created) }),
    one.updated > 0 && t("import:short.updated", { figure: formatCount(one.updated) }),
    one.refused > 0 && t("import:short.refused", { figure: formatCount(one.refused) }),
  ]
    .filter((part) => part !== false)
    .join(", ");
}
