/** What a page shows when it has nothing of its own to show. */
import { Button, Skeleton } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { t } from "i18next";
import type { AsOf } from "../api/records";
import type { ObjectType } from "../api/types";
import { nounOf, nounsOf } from "../texts/words";
import { Empty, Failure } from "../ui/Message";
import { formatLongMoment } from "../ui/time";
import { usePageTitle } from "../ui/usePageTitle";
import classes from "./states.module.css";

export function NotFound() {
  usePageTitle(t("page:notFound"));
  return (
    <Empty
      isPage
      title={t("page:nothingHere")}
      action={<Button renderRoot={(props: object) => <Link to="/" {...props} />}>{t("page:toStart")}</Button>}
    >
      {t("page:nothingHint")}
    </Empty>
  );
}

/** The same where there is no shell around it. */
export function BareNotFound() {
  return (
    <main>
      <NotFound />
    </main>
  );
}

/** A record that does not exist, or did not exist yet at the moment that is shown. */
export function NoRecord({ object, asOf }: { object: ObjectType; asOf: AsOf }) {
  usePageTitle(t("page:notFound"));
  const noun = nounOf(object);
  const toList = (props: object) => <Link to="/objects/$object" params={{ object: object.name }} {...props} />;
  const toNow = (props: object) => <Link to="." search={(before) => ({ ...before, asOf: undefined })} {...props} />;
  if (asOf === null) {
    return (
      <Empty
        isPage
        title={t("page:noSuch", { noun })}
        action={<Button renderRoot={toList}>{t("list:showAll", { nouns: nounsOf(object) })}</Button>}
      />
    );
  }
  return (
    <Empty
      title={t("page:notYet", { noun, moment: formatLongMoment(asOf) })}
      action={<Button renderRoot={toNow}>{t("time:backToNow")}</Button>}
    />
  );
}

export function PageFailure({ error }: { error: unknown }) {
  const router = useRouter();
  usePageTitle(t("page:failed"));
  return <Failure error={error} title={t("page:notShown")} onRetry={() => void router.invalidate()} />;
}

export function PageLoading() {
  return (
    <div className={classes.loading} role="status" aria-busy="true" aria-label={t("page:loading")}>
      <Skeleton height={20} width={160} />
      <Skeleton height={14} width="60%" />
      <Skeleton height={14} width="70%" />
    </div>
  );
}
