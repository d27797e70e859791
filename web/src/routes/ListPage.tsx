/** An object's records: as a table or as a board, filtered, ordered, with one of them open at the side. */
import { Button, SegmentedControl, Select } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import { LEADS } from "../api/conversions";
import { objectsQuery, stageOf } from "../api/objects";
import { meQuery } from "../api/session";
import type { ObjectType } from "../api/types";
import { FilterBar } from "../features/filter/FilterBar";
import { columnsOf, writeColumns } from "../features/list/columns";
import { ColumnsMenu } from "../features/list/ColumnsMenu";
import { ExportButton } from "../features/list/ExportButton";
import { ListToolbar } from "../features/list/ListToolbar";
import { RecordList } from "../features/list/RecordList";
import { parseSorts, writeSorts } from "../features/list/sort";
import { SortMenu } from "../features/list/SortMenu";
import { withTexts } from "../texts/i18n";
import { nounOf } from "../texts/words";
import { PlusIcon } from "../ui/icons";
import { onDemand } from "../ui/onDemand";
import { useIsNarrow } from "../ui/useIsNarrow";
import { usePageTitle } from "../ui/usePageTitle";
import { listRoute, type ListSearch } from "./list";
import classes from "./ListPage.module.css";
import { boardsOf, viewBody } from "./look";
import { PageLoading } from "./states";
import { useLook } from "./useLook";

const CreateRecordDialog = onDemand(() =>
  import("../features/create-record/CreateRecordDialog").then((module) => module.CreateRecordDialog),
);
const ViewTabs = onDemand(() => import("../features/views/ViewTabs").then((module) => module.ViewTabs));
const Peek = onDemand(() => withTexts(() => import("./Peek"))().then((module) => module.Peek));
const Board = onDemand(() => import("../features/board/Board").then((module) => module.Board));

export function ListPage() {
  const { object: name } = listRoute.useParams();
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const object = objects.find((one) => one.name === name);
  usePageTitle(object?.pluralLabel ?? "");
  return object ? <Loaded key={name} object={object} objects={objects} /> : null;
}

function Loaded({ object, objects }: { object: ObjectType; objects: ObjectType[] }) {
  const { asOf = null, peek, create: isAsked } = listRoute.useSearch();
  const { data: me } = useSuspenseQuery(meQuery);
  const { look, tabs, open, change, ...state } = useLook(object, me);
  const { q = "", sort, filter: groups = [], columns: chosen } = look;
  const navigate = useNavigate({ from: listRoute.fullPath });
  const isNarrow = useIsNarrow();
  const [isCreating, setCreating] = useState(false);
  const [asking, setAsking] = useState<string>();

  const go = (part: ListSearch, replace = false) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace });
  const isReadOnly = asOf !== null || !me.permissions.includes("records.write");
  const sorts = parseSorts(sort);
  const columns = columnsOf(object, chosen);
  const stage = stageOf(object);
  const view = {
    object: object.name,
    query: q,
    filterGroups: groups,
    sorts,
    asOf,
    withHistory: stage && columns.some(({ kind }) => kind === "time-in-stage") ? [stage.name] : [],
  };
  const boards = boardsOf(object);
  const board = look.as === "board" ? (boards.find((one) => one.name === look.by) ?? boards[0]) : undefined;
  const kinds = boards.length > 0 && (
    <SegmentedControl
      size="sm"
      aria-label={t("board:views")}
      value={board ? "board" : "table"}
      data={[
        { value: "table", label: t("board:table") },
        { value: "board", label: t("board:board") },
      ]}
      onChange={(next) => change({ as: next === "board" ? "board" : undefined })}
    />
  );
  const create = (
    <Button variant="filled" leftSection={<PlusIcon size={14} />} onClick={() => setCreating(true)}>
      {t("create:new", { noun: nounOf(object) })}
    </Button>
  );
  if (state.isWaiting) return <PageLoading />;
  return (
    <div className={classes.page}>
      <div className={classes.main}>
        <div className={classes.views}>
          <ViewTabs
            me={me}
            {...tabs}
            open={open}
            isChanged={state.isChanged}
            isReadOnly={asOf !== null}
            body={() => ({ object: object.name, ...viewBody(look, object) })}
            link={(to, content) => (
              <Link
                to="/objects/$object"
                params={{ object: object.name }}
                search={{ view: to?.id }}
                activeOptions={{ exact: true }}
                aria-current={to === open ? "page" : undefined}
              >
                {content}
              </Link>
            )}
            onOpen={(to) => void navigate({ search: { view: to?.id } })}
            onDiscard={state.discard}
          />
        </div>
        {state.isGone && (
          <p className={classes.gone} role="status">
            {t("views:gone")}
          </p>
        )}
        <ListToolbar
          object={object}
          query={q}
          onQuery={(query) => change({ q: query === "" ? undefined : query }, true)}
          views={kinds}
        >
          {board && boards.length > 1 && (
            <Select
              aria-label={t("board:by", { property: "" })}
              data={boards.map((one) => ({ value: one.name, label: t("board:by", { property: one.label }) }))}
              value={board.name}
              allowDeselect={false}
              onChange={(next) => change({ by: next === boards[0]?.name ? undefined : (next ?? undefined) })}
            />
          )}
          <SortMenu object={object} sorts={sorts} onSorts={(next) => change({ sort: writeSorts(next) })} />
          {!isNarrow && !board && (
            <>
              <ColumnsMenu object={object} columns={columns} onColumns={(next) => change({ columns: next })} />
              <ExportButton view={view} columns={columns} />
            </>
          )}
          {!isReadOnly && create}
        </ListToolbar>
        <div className={classes.filters}>
          <FilterBar
            object={object}
            objects={objects}
            groups={groups}
            onChange={(next) => change({ filter: next.length > 0 ? next : undefined })}
            asking={asking}
            onAsked={() => setAsking(undefined)}
          />
        </div>
        {board ? (
          <Board key={board.name} object={object} view={view} property={board} isReadOnly={isReadOnly} />
        ) : (
          <RecordList
            object={object}
            view={view}
            columns={columns}
            peek={isNarrow ? undefined : peek}
            onPeek={(id) => go({ peek: id }, peek !== undefined)}
            isReadOnly={isReadOnly}
            onSorts={(next) => change({ sort: writeSorts(next) })}
            onColumns={(next) => change({ columns: writeColumns(next, object) }, true)}
            onFilter={setAsking}
            onClear={() => change({ q: undefined, filter: undefined })}
            create={create}
            onConvert={
              object.name !== LEADS
                ? undefined
                : (recordId) =>
                    void navigate({
                      to: "/objects/$object/$recordId",
                      params: { object: LEADS, recordId },
                      search: { convert: true },
                    })
            }
          />
        )}
      </div>
      {peek !== undefined && !isNarrow && (
        <Peek key={peek} object={object} id={peek} asOf={asOf} onClose={() => go({ peek: undefined })} />
      )}
      {(isCreating || (isAsked && !isReadOnly)) && (
        <CreateRecordDialog
          object={object}
          onClose={() => {
            setCreating(false);
            if (isAsked) go({ create: undefined }, true);
          }}
          onCreated={(record) =>
            void navigate({ to: "/objects/$object/$recordId", params: { object: object.name, recordId: record.id } })
          }
        />
      )}
    </div>
  );
}
