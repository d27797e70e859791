/** Where imports begin: a file is dropped and its beginning read; below, what was imported before. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import type { Import } from "../../api/imports";
import { membersQuery } from "../../api/objects";
import type { ObjectType } from "../../api/types";
import { DropZone } from "./DropZone";
import classes from "./Import.module.css";
import { ImportList } from "./ImportList";
import { ImportWizard } from "./ImportWizard";
import { readSheet } from "./sheet";

interface Props {
  objects: ObjectType[];
  timeZone: string;
  /** Null where files may be imported; otherwise why they may not. */
  refusal: string | null;
  canChangeSchema: boolean;
  onBegun: (begun: Import) => void;
}

export function ImportHome({ objects, timeZone, refusal, canChangeSchema, onBegun }: Props) {
  const members = useQuery(membersQuery);
  const read = useMutation({ mutationFn: async (file: File) => ({ file, sheet: await readSheet(file) }) });
  const { file, sheet } = read.data ?? {};

  if (file && sheet && members.data && refusal === null) {
    return (
      <ImportWizard
        key={`${file.name} ${file.size} ${file.lastModified}`}
        file={file}
        sheet={sheet}
        objects={objects}
        members={members.data}
        timeZone={timeZone}
        canChangeSchema={canChangeSchema}
        onLeave={() => read.reset()}
        onBegun={onBegun}
      />
    );
  }
  return (
    <div className={classes.page}>
      {refusal === null ? <DropZone onFile={(chosen) => read.mutate(chosen)} /> : <p>{refusal}</p>}
      {(read.isError || sheet === null) && (
        <p className={classes.failure} role="alert">
          {t("import:unreadable", { file: file?.name ?? "" })}
        </p>
      )}
      <ImportList objects={objects} />
    </div>
  );
}
