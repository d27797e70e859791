/** One's own password, and the browsers in which one is signed in. */
import { Button, PasswordInput, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { useState } from "react";
import { changePassword, endSession, sessionsQuery, type Session } from "../../api/people";
import { messagesByName } from "../../api/problem";
import { Failure, Refusal } from "../../ui/Message";
import { Moment } from "../../ui/Moment";
import { notify } from "../../ui/notices";
import { deviceOf } from "./device";
import classes from "./People.module.css";

export function SecurityView({ isReadOnly }: { isReadOnly: boolean }) {
  return (
    <div className={classes.page}>
      <section className={classes.section} aria-label={t("people:password")}>
        <div className={classes.head}>
          <div>
            <h2 className={classes.title}>{t("people:password")}</h2>
            <p>{t("people:passwordHint")}</p>
          </div>
        </div>
        <PasswordForm isReadOnly={isReadOnly} />
      </section>
      <Sessions isReadOnly={isReadOnly} />
    </div>
  );
}

function PasswordForm({ isReadOnly }: { isReadOnly: boolean }) {
  const client = useQueryClient();
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const save = useMutation({
    mutationFn: () => changePassword({ currentPassword, newPassword }),
    onSuccess: async () => {
      setCurrent("");
      setNew("");
      notify({ text: t("people:passwordChanged") });
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const errors = messagesByName(save.error);
  const hasOwnPlace = "currentPassword" in errors || "newPassword" in errors;
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <fieldset className={classes.fields} disabled={isReadOnly}>
        <PasswordInput
          label={t("people:currentPassword")}
          autoComplete="current-password"
          value={currentPassword}
          error={errors.currentPassword}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("people:newPassword")}
          description={t("session:passwordRule")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="new-password"
          maxLength={128}
          value={newPassword}
          error={errors.newPassword}
          onChange={(event) => setNew(event.currentTarget.value)}
        />
      </fieldset>
      {!hasOwnPlace && <Refusal error={save.error} />}
      {!isReadOnly && (
        <Button
          type="submit"
          variant="filled"
          className={classes.submit}
          disabled={currentPassword === "" || newPassword === ""}
          loading={save.isPending}
        >
          {t("people:changePassword")}
        </Button>
      )}
    </form>
  );
}

function Sessions({ isReadOnly }: { isReadOnly: boolean }) {
  const client = useQueryClient();
  const { data: sessions, error, refetch } = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids) await endSession(id);
    },
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const others = (sessions ?? []).filter(({ current }) => !current).map(({ id }) => id);
  return (
    <section className={classes.section} aria-label={t("people:sessions")}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title}>{t("people:sessions")}</h2>
          <p>{t("people:sessionsHint")}</p>
        </div>
        {!isReadOnly && others.length > 1 && (
          <Button loading={end.isPending} onClick={() => end.mutate(others)}>
            {t("people:endOthers", { count: others.length })}
          </Button>
        )}
      </div>
      <Refusal error={end.error} />
      {error && !sessions ? (
        <Failure error={error} title={t("people:sessionsNotLoaded")} onRetry={() => void refetch()} />
      ) : (
        <ul className={classes.list}>
          {sessions?.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              onEnd={isReadOnly || session.current ? undefined : () => end.mutate([session.id])}
            />
          )) ?? <RowsLoading />}
        </ul>
      )}
    </section>
  );
}

function SessionRow({ session, onEnd }: { session: Session; onEnd?: () => void }) {
  const device = deviceOf(session.userAgent) ?? t("people:unknownDevice");
  return (
    <li className={classes.row}>
      <div className={classes.who}>
        <span>
          <b>{device}</b>
          {session.current && <span className={classes.mark}>{t("people:thisOne")}</span>}
        </span>
        <span className="quiet">
          {session.address} · {t("people:signedIn")} <Moment at={session.createdAt} />
        </span>
      </div>
      <span className={classes.aside}>
        {t("people:lastSeen")} <Moment at={session.lastSeenAt} />
      </span>
      <span className={classes.actions}>
        {onEnd && (
          <Button variant="subtle" aria-label={t("people:endNamed", { device })} onClick={onEnd}>
            {t("people:end")}
          </Button>
        )}
      </span>
    </li>
  );
}

/** Three rows of what is to come. */
export function RowsLoading() {
  return (
    <>
      {[220, 180, 200].map((width) => (
        <li key={width} className={classes.row} aria-busy="true">
          <Skeleton height={14} width={width} />
        </li>
      ))}
    </>
  );
}
