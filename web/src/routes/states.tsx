/** What a page shows when it has nothing of its own to show. */
import { Button, Skeleton } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import type { AsOf } from "../api/records";
import type { ObjectType } from "../api/types";
import { Empty, Failure } from "../ui/Message";
import { formatLongMoment } from "../ui/time";
import { usePageTitle } from "../ui/usePageTitle";
import classes from "./states.module.css";

export function NotFound() {
  usePageTitle("Not found");
  return (
    <Empty
      isPage
      title="There is nothing at this address."
      action={<Button renderRoot={(props: object) => <Link to="/" {...props} />}>Go to the first list</Button>}
    >
      The link may be mistyped, or what it led to is in another workspace.
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
  usePageTitle("Not found");
  const noun = object.label.toLowerCase();
  const toList = (props: object) => <Link to="/objects/$object" params={{ object: object.name }} {...props} />;
  const toNow = (props: object) => <Link to="." search={(before) => ({ ...before, asOf: undefined })} {...props} />;
  if (asOf === null) {
    return (
      <Empty
        isPage
        title={`There is no such ${noun}.`}
        action={<Button renderRoot={toList}>All {object.pluralLabel.toLowerCase()}</Button>}
      />
    );
  }
  return (
    <Empty
      title={`This ${noun} did not exist on ${formatLongMoment(asOf)}.`}
      action={<Button renderRoot={toNow}>Back to now</Button>}
    />
  );
}

export function PageFailure({ error }: { error: unknown }) {
  const router = useRouter();
  usePageTitle("Failed");
  return <Failure error={error} title="This page could not be shown." onRetry={() => void router.invalidate()} />;
}

export function PageLoading() {
  return (
    <div className={classes.loading} role="status" aria-busy="true" aria-label="Loading the page">
      <Skeleton height={20} width={160} />
      <Skeleton height={14} width="60%" />
      <Skeleton height={14} width="70%" />
    </div>
  );
}
