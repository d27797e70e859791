/** The list of an object's records. */
import { Button } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createRoute, notFound, useNavigate } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import { z } from "zod";
import { objectsQuery, stageOf } from "../api/objects";
import { CreateRecordDialog } from "../features/create-record/CreateRecordDialog";
import { ListToolbar } from "../features/list/ListToolbar";
import { RecordList } from "../features/list/RecordList";
import { parseSort } from "../features/list/sort";
import { nounOf } from "../texts/words";
import { PlusIcon } from "../ui/icons";
import { usePageTitle } from "../ui/usePageTitle";
import { appRoute } from "./app";
import { NotFound } from "./states";

const searchSchema = z.object({
  /** Words to look for. */
  q: z.coerce.string().optional().catch(undefined),
  /** `amount`, or `-amount` for the largest first. */
  sort: z.string().optional().catch(undefined),
});

export const listRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "objects/$object",
  validateSearch: searchSchema,
  loader: async ({ context, params }) => {
    const objects = await context.queryClient.query({ ...objectsQuery, staleTime: "static" });
    if (!objects.some((object) => object.name === params.object)) throw notFound();
  },
  component: ListPage,
  notFoundComponent: NotFound,
});

function ListPage() {
  const { object: name } = listRoute.useParams();
  const { asOf = null, q = "", sort } = listRoute.useSearch();
  const { data: objects } = useSuspenseQuery(objectsQuery);
  const navigate = useNavigate({ from: listRoute.fullPath });
  const [isCreating, setCreating] = useState(false);
  const object = objects.find((one) => one.name === name);
  usePageTitle(object?.pluralLabel ?? "");
  if (!object) return null;

  const stage = stageOf(object);
  const search = (query: string) =>
    void navigate({ search: (before) => ({ ...before, q: query === "" ? undefined : query }), replace: true });
  const create = (
    <Button variant="filled" leftSection={<PlusIcon size={14} />} onClick={() => setCreating(true)}>
      {t("create:new", { noun: nounOf(object) })}
    </Button>
  );
  return (
    <>
      <ListToolbar key={name} object={object} query={q} onQuery={search}>
        {asOf === null && create}
      </ListToolbar>
      <RecordList
        key={`list-${name}`}
        object={object}
        view={{ object: name, query: q, sort: parseSort(sort), asOf, withHistory: stage ? [stage.name] : [] }}
        sort={sort}
        onSort={(next) => void navigate({ search: (before) => ({ ...before, sort: next }) })}
        onClearQuery={() => search("")}
        create={create}
      />
      {isCreating && (
        <CreateRecordDialog
          object={object}
          onClose={() => setCreating(false)}
          onCreated={(record) =>
            void navigate({ to: "/objects/$object/$recordId", params: { object: name, recordId: record.id } })
          }
        />
      )}
    </>
  );
}
