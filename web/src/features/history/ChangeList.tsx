/** Who changed what and when, newest first, in sentences. */
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { changesQuery } from "../../api/history";
import { membersQuery, propertyOf } from "../../api/objects";
import type { AsOf } from "../../api/records";
import type { Change, ChangeSet, ObjectType, ValueSpan } from "../../api/types";
import { actorName } from "../../fields/actor";
import { Shown } from "../../fields/Shown";
import { Failure } from "../../ui/Message";
import { Moment } from "../../ui/Moment";
import classes from "./ChangeList.module.css";
import { heldFor, notesOf, verbOf } from "./sentences";

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
      <Failure error={changes.error} title="The changes could not be loaded." onRetry={() => void changes.refetch()} />
    );
  }
  const changeSets = changes.data.pages.flatMap((page) => page.changeSets);
  return (
    <section aria-label="Changes">
      <ol className={classes.list}>
        {changeSets.map((changeSet) => (
          <li key={changeSet.id} className={classes.entry}>
            <span className={classes.when}>
              <Moment at={changeSet.validFrom} recordedAt={changeSet.recordedAt} />
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
          Earlier changes
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

function ChangeText({ changeSet, object, spans }: TextProps) {
  const { data: members = [] } = useQuery(membersQuery);
  const actor = actorName(changeSet, members);
  const notes = notesOf(changeSet)
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
              ? `created this ${object.label.toLowerCase()}`
              : `changed ${changeSet.changes.length} properties`}
            {notes !== "" && <span className="quiet">{notes}</span>}
          </p>
          <ul className={classes.parts}>
            {changeSet.changes.map((change) => (
              <li key={change.property}>
                {isCreation ? (
                  <Initial change={change} object={object} />
                ) : (
                  <ChangeSentence change={change} changeSet={changeSet} object={object} spans={spans} />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Initial({ change, object }: { change: Change; object: ObjectType }) {
  const property = propertyOf(object, change.property);
  return (
    <>
      {property?.label ?? change.property} {property && <Shown value={change.to} property={property} plain />}
    </>
  );
}

function ChangeSentence({ change, changeSet, object, spans }: TextProps & { change: Change }) {
  const property = propertyOf(object, change.property);
  if (!property) return <>changed {change.property}</>;
  const isCorrection = Boolean(changeSet.reason) && changeSet.source !== "restore";
  const verb = verbOf(change, property.type === "stage", isCorrection);
  if (verb === "archived") return <>archived this {object.label.toLowerCase()}</>;
  if (verb === "unarchived") return <>brought this {object.label.toLowerCase()} back</>;
  const held = heldFor(change, changeSet.validFrom, spans[change.property]);
  return (
    <>
      {verb} <b>{property.label}</b>
      {change.from !== null && verb !== "set" && (
        <>
          {verb === "cleared" ? ", which was " : " from "}
          <Shown value={change.from} property={property} plain />
        </>
      )}
      {change.to !== null && (
        <>
          {" to "}
          <Shown value={change.to} property={property} plain />
        </>
      )}
      {held !== null && <span className="quiet"> {held}</span>}
    </>
  );
}

function ChangesLoading() {
  return (
    <div className={classes.list} role="status" aria-busy="true" aria-label="Loading the changes">
      {[70, 55, 80, 60].map((width) => (
        <div key={width} className={classes.entry}>
          <Skeleton height={12} width={76} />
          <Skeleton height={12} width={`${width}%`} />
        </div>
      ))}
    </div>
  );
}
