/** Where a file is dropped, or chosen with a click or the keyboard. */
import { t } from "i18next";
import { useState } from "react";
import classes from "./Import.module.css";

export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file) onFile(file);
  };
  return (
    <label
      className={classes.zone}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
    >
      <input
        type="file"
        className={classes.file}
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        aria-label={t("import:choose")}
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same file, put right, can be chosen again.
          event.currentTarget.value = "";
        }}
      />
      <svg className={classes.sheet} viewBox="0 0 64 48" aria-hidden>
        <path d="M6 8h52v32H6zM6 18h52M6 29h52M23 8v32M41 8v32" />
        <path d="M32 2v30m-6-6 6 6 6-6" data-arrow />
      </svg>
      <span className={classes.zoneText}>
        <b>{t("import:drop")}</b> <span className={classes.browse}>{t("import:orChoose")}</span>
        <span className={classes.hint}>{t("import:takes")}</span>
      </span>
    </label>
  );
}
