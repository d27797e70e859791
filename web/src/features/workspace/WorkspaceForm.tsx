/** What the workspace is called, where its days begin, in which currency it counts, and when its people work. */
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { ApiError, isStatus, messagesByName } from "../../api/problem";
import { showWorkspace, updateWorkspace, workspaceQuery, type WorkspaceSettings } from "../../api/workspace";
import { currentLocale } from "../../texts/locale";
import { Refusal } from "../../ui/Message";
import { notify } from "../../ui/notices";
import { Holidays } from "./Holidays";
import { shiftsOf, weekOf } from "./hours";
import { WeekEditor } from "./WeekEditor";
import classes from "./Workspace.module.css";

interface Props {
  settings: WorkspaceSettings;
  isReadOnly: boolean;
}

export function WorkspaceForm({ settings, isReadOnly }: Props) {
  const client = useQueryClient();
  const [name, setName] = useState(settings.name);
  const [timeZone, setTimeZone] = useState(settings.timeZone);
  const [currency, setCurrency] = useState(settings.currency);
  const [week, setWeek] = useState(() => weekOf(settings.workingHours.shifts));
  const [choices] = useState(() => ({
    zones: zones(settings.timeZone),
    currencies: currencies(settings.currency),
  }));
  const [holidays, setHolidays] = useState(settings.workingHours.holidays ?? []);
  const save = useMutation({
    mutationFn: () =>
      updateWorkspace(settings.version, {
        name: name.trim(),
        timeZone,
        currency,
        workingHours: { shifts: shiftsOf(week), holidays },
      }),
    onSuccess: async (after) => {
      await showWorkspace(client, after);
      notify({ text: t("workspace:saved") });
    },
    onError: (error) => {
      // What was typed stays; the next try goes by the version that there is now.
      if (isStatus(error, 412)) void client.invalidateQueries({ queryKey: workspaceQuery.queryKey });
    },
  });
  const errors = messagesByName(save.error);
  const hasOwnPlace = save.error instanceof ApiError && ["name", "timeZone", "currency"].some((one) => one in errors);
  return (
    <form
      className={classes.form}
      aria-label={t("workspace:title")}
      // What can only be read has to be scrolled by keys as well.
      tabIndex={isReadOnly ? 0 : undefined}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <fieldset className={classes.fields} disabled={isReadOnly}>
        <legend className="hidden-text">{t("workspace:title")}</legend>
        <TextInput
          label={t("workspace:name")}
          value={name}
          error={errors.name}
          maxLength={200}
          disabled={isReadOnly}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t("workspace:timeZone")}
          description={t("workspace:timeZoneHint")}
          data={choices.zones}
          value={timeZone}
          error={errors.timeZone}
          inputWrapperOrder={["label", "input", "description", "error"]}
          searchable
          allowDeselect={false}
          limit={200}
          disabled={isReadOnly}
          onChange={(next) => setTimeZone(next ?? timeZone)}
        />
        <Select
          label={t("workspace:currency")}
          description={t("workspace:currencyHint")}
          data={choices.currencies}
          value={currency}
          error={errors.currency}
          inputWrapperOrder={["label", "input", "description", "error"]}
          searchable
          allowDeselect={false}
          limit={400}
          disabled={isReadOnly}
          onChange={(next) => setCurrency(next ?? currency)}
        />
      </fieldset>
      <section className={classes.section} aria-labelledby="working-hours">
        <h2 id="working-hours">{t("workspace:hours")}</h2>
        <p className="quiet">{t("workspace:hoursHint")}</p>
        <WeekEditor week={week} isReadOnly={isReadOnly} onChange={setWeek} />
      </section>
      <section className={classes.section} aria-labelledby="holidays">
        <h2 id="holidays">{t("workspace:holidays")}</h2>
        <p className="quiet">{t("workspace:holidaysHint")}</p>
        <Holidays days={holidays} isReadOnly={isReadOnly} onChange={setHolidays} />
      </section>
      {!hasOwnPlace && (isStatus(save.error, 412) ? <Stale /> : <Refusal error={save.error} />)}
      {!isReadOnly && (
        <div className={classes.actions}>
          <Button type="submit" variant="filled" disabled={name.trim() === ""} loading={save.isPending}>
            {t("ui:save")}
          </Button>
        </div>
      )}
    </form>
  );
}

const Stale = () => (
  <p role="alert" className={classes.stale}>
    {t("workspace:stale")}
  </p>
);

/** The zones that the browser knows, and the one that is set. */
function zones(own: string): string[] {
  return [...new Set(["UTC", own, ...Intl.supportedValuesOf("timeZone")])].sort();
}

function currencies(own: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(currentLocale(), { type: "currency" });
  return [...new Set([own, ...Intl.supportedValuesOf("currency")])]
    .sort()
    .map((code) => ({ value: code, label: `${code} – ${names.of(code) ?? code}` }));
}
