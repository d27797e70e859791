/** From a file to an import: what its columns become, then a rehearsal that shows what would happen. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { createImport, type Import } from "../../api/imports";
import type { Member, ObjectType } from "../../api/types";
import { formatCount } from "../../texts/locale";
import { Refusal } from "../../ui/Message";
import classes from "./Import.module.css";
import { MappingTable } from "./MappingTable";
import { draftPlan, missingParts, optionsOf, settled, type Plan } from "./plan";
import { PlanControls } from "./PlanControls";
import { Rehearsal } from "./Rehearsal";
import type { Sheet } from "./sheet";
import { formatBytes } from "./words";

interface Props {
  file: File;
  sheet: Sheet;
  objects: ObjectType[];
  members: Member[];
  /** Of the workspace. */
  timeZone: string;
  canChangeSchema: boolean;
  onLeave: () => void;
  onBegun: (begun: Import) => void;
}

export function ImportWizard({ file, sheet, objects, members, timeZone, canChangeSchema, onLeave, onBegun }: Props) {
  const [plan, setPlan] = useState<Plan | null>(() => {
    const [first] = objects;
    return first ? draftPlan(sheet, first, members, timeZone) : null;
  });
  const rehearse = useMutation({ mutationFn: (of: Plan) => createImport(file, optionsOf(of, sheet, true)) });
  const begin = useMutation({
    mutationFn: (of: Plan) => createImport(file, optionsOf(of, sheet, false)),
    onSuccess: onBegun,
  });
  const object = objects.find(({ name }) => name === plan?.object);
  if (!plan || !object) return null;

  const change = (next: Plan) => {
    rehearse.reset();
    begin.reset();
    setPlan(settled(next, object));
  };
  const missing = missingParts(plan);
  const used = plan.columns.filter(({ target }) => target !== null).length;
  return (
    <section className={classes.wizard} aria-label={t("import:wizard", { file: file.name })}>
      <header className={classes.fileBar}>
        <h2 className={classes.fileName}>{file.name}</h2>
        <span className="quiet">
          {[
            formatBytes(file.size),
            sheet.isWhole
              ? t("import:rows", { count: sheet.rowCount, figure: formatCount(sheet.rowCount) })
              : t("import:aboutRows", { figure: formatCount(sheet.rowCount) }),
            t("import:columns", { count: sheet.columns.length }),
          ].join(" · ")}
        </span>
        <Button onClick={onLeave}>{t("import:otherFile")}</Button>
      </header>
      {rehearse.data ? (
        <Rehearsal
          rehearsal={rehearse.data}
          object={object}
          isBeginning={begin.isPending}
          error={begin.error}
          onBack={() => rehearse.reset()}
          onBegin={() => begin.mutate(plan)}
        />
      ) : (
        <>
          <div className={classes.body}>
            <PlanControls
              plan={plan}
              object={object}
              objects={objects}
              onPlan={change}
              onObject={(next) => {
                const chosen = objects.find(({ name }) => name === next);
                if (chosen) change(draftPlan(sheet, chosen, members, plan.timeZone, plan.kind));
              }}
              onKind={(kind, format) =>
                change({ ...draftPlan(sheet, object, members, plan.timeZone, kind), format: format ?? null })
              }
            />
            {plan.format === null ? (
              <MappingTable
                sheet={sheet}
                object={object}
                objects={objects}
                plan={plan}
                canChangeSchema={canChangeSchema}
                onPlan={change}
              />
            ) : (
              <p className={classes.ready}>{t("import:readyMade")}</p>
            )}
          </div>
          <footer className={classes.actions}>
            <span className={classes.state} role="status">
              {missing.length > 0
                ? t(`import:missing.${missing[0] === "@key" ? "key" : missing[0] === "@time" ? "time" : "value"}`)
                : plan.format === null && t("import:used", { used, count: sheet.columns.length })}
            </span>
            <Refusal error={rehearse.error} />
            <Button
              variant="filled"
              disabled={missing.length > 0}
              loading={rehearse.isPending}
              onClick={() => rehearse.mutate(plan)}
            >
              {t("import:rehearse")}
            </Button>
          </footer>
        </>
      )}
    </section>
  );
}
