/** Who changed what and when, newest first, in sentences. */
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { t } from "i18next";
import { changesQuery } from "../../api/history";
import { membersQuery, propertyOf } from "../../api/objects";
import type { AsOf } from "../../api/records";
import type { Change, ChangeSet, ObjectType, ValueSpan } from "../../api/types";
import { actorName } from "../../fields/actor";
import { Shown } from "../../fields/Shown";
import { nounOf } from "../../texts/words";
import { Failure } from "../../ui/Message";
import { Moment } from "../../ui/Moment";
import classes from "./ChangeList.module.css";
import { firstRecordedAt, heldFor, isCorrection, notesOf, verbOf, verbText } from "./sentences";

interface Props {
  object: ObjectType;
  id: string;
  asOf: AsOf;
  spans: Record<string, ValueSpan[] | undefined>;
}

export function ChangeList({ object, id, asOf, spans }: Props) {
  const changes = useInfiniteQuery(changesQuery(object.name, id, asOf));
  if (changes.isPending) return <ChangesLoading />;
  if (changes.isError && !changes.data) {
    return (
      <Failure error={changes.error} title={t("history:changesNotLoaded")} onRetry={() => void changes.refetch()} />
    );
  }
  const changeSets = changes.data.pages.flatMap((page) => page.changeSets);
  return (
    <section aria-label={t("history:changes")}>
      <ol className={classes.list}>
        {changeSets.map((changeSet) => (
          <li key={changeSet.id} className={classes.entry}>
            <span className={classes.when}>
              {isCorrection(changeSet) ? (
                <Moment at={changeSet.recordedAt} />
              ) : (
                <Moment at={changeSet.validFrom} recordedAt={changeSet.recordedAt} />
              )}
            </span>
            <ChangeText changeSet={changeSet} object={object} spans={spans} />
          </li>
        ))}
      </ol>
      {changes.hasNextPage && (
        <Button
          className={classes.more}
          loading={changes.isFetchingNextPage}
          onClick={() => void changes.fetchNextPage()}
        >
          {t("history:earlier")}
        </Button>
      )}
    </section>
  );
}

interface TextProps {
  changeSet: ChangeSet;
  object: ObjectType;
  spans: Record<string, ValueSpan[] | undefined>;
}

/** What a change set did, in sentences. */
export function ChangeText({ changeSet, object, spans }: TextProps) {
  const { data: members = [] } = useQuery(membersQuery);
  const actor = actorName(changeSet, members);
  const notes = notesOf(changeSet, firstRecordedAt(spans))
    .map((note) => ` · ${note}`)
    .join("");
  const isCreation = changeSet.version === 1;
  const [only] = changeSet.changes;
  const isOneSentence = !isCreation && changeSet.changes.length === 1 && only !== undefined;
  return (
    <div className={classes.text}>
      {isOneSentence ? (
        <p>
          {actor} <ChangeSentence change={only} changeSet={changeSet} object={object} spans={spans} />
          {notes !== "" && <span className="quiet">{notes}</span>}
        </p>
      ) : (
        <>
          <p>
            {actor}{" "}
            {isCreation
              ? t("history:created", { noun: nounOf(object) })
              : t("history:changedMany", { count: changeSet.changes.length })}
            {notes !== "" && <span className="quiet">{notes}</span>}
          </p>
          {isCreation ? (
            <dl className={classes.values}>
              {inOrder(changeSet.changes, object).map((change) => (
                <Initial key={change.property} change={change} object={object} />
              ))}
            </dl>
          ) : (
            <ul className={classes.parts}>
              {inOrder(changeSet.changes, object).map((change) => (
                <li key={change.property}>
                  <ChangeSentence change={change} changeSet={changeSet} object={object} spans={spans} />
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

function Initial({ change, object }: { change: Change; object: ObjectType }) {
  const property = propertyOf(object, change.property);
  if (!property) return null;
  return (
    <div>
      <dt>{property.label}</dt>
      <dd>
        <Shown value={change.to} property={property} plain />
      </dd>
    </div>
  );
}

/** Stages first, as in the lanes, then the schema's order. */
function inOrder(changes: Change[], object: ObjectType): Change[] {
  const rank = ({ property: name }: Change) => {
    const index = object.properties.findIndex((property) => property.name === name);
    return object.properties[index]?.type === "stage" ? -1 : index;
  };
  return changes.toSorted((left, right) => rank(left) - rank(right));
}

function ChangeSentence({ change, changeSet, object, spans }: TextProps & { change: Change }) {
  const property = propertyOf(object, change.property);
  if (!property) return <>{t("history:changedNamed", { property: change.property })}</>;
  const verb = verbOf(change, property.type === "stage", isCorrection(changeSet));
  if (verb === "archived") return <>{t("history:archived", { noun: nounOf(object) })}</>;
  if (verb === "unarchived") return <>{t("history:broughtBack", { noun: nounOf(object) })}</>;
  const held = heldFor(change, changeSet.validFrom, spans[change.property]);
  return (
    <>
      {verbText(verb)} <b>{property.label}</b>
      {change.from !== null && verb !== "set" && (
        <>
          {verb === "cleared" ? t("history:whichWas") : t("history:from")}
          <Shown value={change.from} property={property} plain />
        </>
      )}
      {change.to !== null && (
        <>
          {t("history:to")}
          <Shown value={change.to} property={property} plain />
        </>
      )}
      {verb === "corrected" && change.validFrom ? (
        <Period from={change.validFrom} to={change.validTo} />
      ) : (
        held !== null && <span className="quiet"> {held}</span>
      )}
    </>
  );
}

/** Of when a correction tells. */
function Period({ from, to }: { from: string; to: string | null | undefined }) {
  return (
    <>
      {to ? t("history:periodFrom") : t("history:periodSince")}
      <Moment at={from} as="short" />
      {to && (
        <>
          {t("history:periodUntil")}
          <Moment at={to} as="short" />
        </>
      )}
    </>
  );
}

function ChangesLoading() {
  return (
    <div className={classes.list} role="status" aria-busy="true" aria-label={t("history:loadingChanges")}>
      {[70, 55, 80, 60].map((width) => (
        <div key={width} className={classes.entry}>
          <Skeleton height={12} width={76} />
          <Skeleton height={12} width={`${width}%`} />
        </div>
      ))}
    </div>
  );
}
