/** Exports: asked for, waited for, and fetched by the browser. */
import { answer, api } from "./client";
import { asJson } from "./filters";
import { ApiError } from "./problem";
import type { ListView } from "./records";

export type ExportKind = "records" | "history";

interface Form {
  kind: ExportKind;
  format: "csv" | "ndjson";
  properties: string[];
}

const ASK_AGAIN_MS = 400;

/** Waits until the file is written. */
export async function exportView(view: ListView, form: Form): Promise<{ rows: number; address: string }> {
  const body = {
    object: view.object,
    ...form,
    filterGroups: view.filterGroups.length > 0 ? asJson(view.filterGroups) : undefined,
    query: view.query || undefined,
    sorts: view.sorts.length > 0 ? view.sorts : undefined,
    asOf: view.asOf ?? undefined,
    archived: false,
  };
  let job = await answer(api.POST("/api/v1/exports", { body }));
  while (job.status === "queued" || job.status === "running") {
    await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
    job = await answer(api.GET("/api/v1/exports/{id}", { params: { path: { id: job.id } } }));
  }
  if (job.status !== "succeeded") {
    const { code = "EXPORT_FAILED", message = "" } = job.error ?? {};
    throw new ApiError({ title: "", status: 500, code, detail: message });
  }
  return { rows: job.rows ?? 0, address: `/api/v1/exports/${job.id}/file` };
}
