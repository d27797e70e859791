/** What a workspace without records begins with: the first one, a file, or a sample to try things with; and a tour for who wants one. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { t } from "i18next";
import type { ReactNode } from "react";
import { createImport, type Import } from "../../api/imports";
import type { ObjectType } from "../../api/types";
import { optionOf, stageOf } from "../../api/objects";
import { nounOf, nounsOf } from "../../texts/words";
import { Refusal } from "../../ui/Message";
import { SAMPLE_FILE, SAMPLE_OPTIONS, SAMPLE_STAGES, sampleHistory } from "./sample";
import classes from "./Start.module.css";

interface Props {
  object: ObjectType;
  mayImport: boolean;
  /** A link that looks like a button. */
  create: (label: string) => ReactNode;
  importFile: (label: string) => ReactNode;
  onBegun: (begun: Import) => void;
  /** Absent for who has seen it or wants none. */
  tour?: { onBegin: () => void; onDecline: () => void };
}

export function Start({ object, mayImport, create, importFile, onBegun, tour }: Props) {
  const sample = useMutation({
    mutationFn: () =>
      createImport(new File([sampleHistory(Date.now())], SAMPLE_FILE, { type: "text/csv" }), SAMPLE_OPTIONS),
    onSuccess: onBegun,
  });
  const stage = stageOf(object);
  const fits = object.name === SAMPLE_OPTIONS.object && SAMPLE_STAGES.every((one) => stage && optionOf(stage, one));
  const noun = nounOf(object);
  return (
    <section className={classes.start} aria-labelledby="start-title">
      <h2 id="start-title" className={classes.title}>
        {t("list:none", { nouns: nounsOf(object) })}
      </h2>
      <p className="quiet">{t("start:hint")}</p>
      <ul className={classes.ways}>
        <li className={classes.way}>
          <div>
            <h3>{t("start:create.title", { noun })}</h3>
            <p className="quiet">{t("start:create.text")}</p>
          </div>
          {create(t("create:new", { noun }))}
        </li>
        {mayImport && (
          <li className={classes.way}>
            <div>
              <h3>{t("start:import.title")}</h3>
              <p className="quiet">{t("start:import.text")}</p>
            </div>
            {importFile(t("start:import.do"))}
          </li>
        )}
        {mayImport && fits && (
          <li className={classes.way}>
            <div>
              <h3>{t("start:sample.title")}</h3>
              <p className="quiet">{t("start:sample.text")}</p>
              <Refusal error={sample.error} />
            </div>
            <Button loading={sample.isPending} onClick={() => sample.mutate()}>
              {t("start:sample.do")}
            </Button>
          </li>
        )}
      </ul>
      {tour && (
        <p className={classes.tour}>
          <span className="quiet">{t("start:tourHint")}</span>
          <Button onClick={tour.onBegin}>{t("start:takeTour")}</Button>
          <Button variant="subtle" color="gray" onClick={tour.onDecline}>
            {t("start:noTour")}
          </Button>
        </p>
      )}
    </section>
  );
}
