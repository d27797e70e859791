//! What activities, notes and tasks are about: links that carry one label, from them to any records.

use std::collections::{HashMap, HashSet};

use leadline_engine::{
    error::FieldError,
    ids::{ObjectId, RecordId},
    schema::{Object, Schema},
    time::Timestamp,
};
use leadline_store::{
    db::Tx,
    ledger::{
        associations::{self, Association},
        records,
    },
};
use uuid::Uuid;

use super::{Kind, LABEL, MOST_RECORDS, RecordRef, object_of};
use crate::{
    app::App,
    service::{
        access::Permission,
        ctx::Ctx,
        error::ServiceError,
        records::{Moment, find_object},
    },
};

/// Most activities, notes or tasks of one record that are looked at.
const MOST_LINKED: i64 = 100_000;

/// A record that exists: its object and its id.
pub(super) type End = (ObjectId, RecordId);

/// The records of a kind that are about a record.
///
/// # Errors
/// `NotFound` if the workspace does not have the kind.
pub(in crate::service) async fn linked_to(
    app: &App,
    ctx: &Ctx,
    kind: Kind,
    record: RecordId,
    moment: Moment,
) -> Result<Vec<RecordId>, ServiceError> {
    let (shared, ctx) = (app.clone(), ctx.clone());
    app.db
        .read(move |tx| {
            let (app, ctx) = (shared.clone(), ctx.clone());
            Box::pin(async move {
                ctx.require(Permission::ReadRecords)?;
                let schema = app.schemas.get(tx, ctx.workspace).await?;
                let object = object_of(&schema, kind)?;
                let (from, at) = ((object.id, LABEL), held_at(&moment));
                let linked =
                    associations::linked_to(tx, ctx.workspace, record, from, at, MOST_LINKED);
                linked.await.map_err(ServiceError::from)
            })
        })
        .await
}

/// What records are about, in the order in which that was said.
pub(super) async fn of_records(
    tx: &mut Tx,
    ctx: &Ctx,
    schema: &Schema,
    records: &[RecordId],
    moment: &Moment,
) -> Result<HashMap<RecordId, Vec<RecordRef>>, ServiceError> {
    let at = held_at(moment);
    let links = associations::list_from(tx, ctx.workspace, records, LABEL, at).await?;
    let mut about: HashMap<RecordId, Vec<RecordRef>> = HashMap::new();
    for link in links {
        if let Some(object) = schema.object_by_id(link.to.0) {
            about.entry(link.from.1).or_default().push(RecordRef {
                object: object.name.clone(),
                id: link.to.1.uuid(),
            });
        }
    }
    Ok(about)
}

/// The records that a body names, each once. What is wrong with them is added to `errors`.
pub(super) async fn find(
    tx: &mut Tx,
    ctx: &Ctx,
    schema: &Schema,
    named: &[RecordRef],
    errors: &mut Vec<FieldError>,
) -> Result<Vec<End>, ServiceError> {
    if named.len() > MOST_RECORDS {
        let allowed = format!("must name at most {MOST_RECORDS} records");
        errors.push(FieldError::new("/records", "TOO_MANY_RECORDS", allowed));
        return Ok(Vec::new());
    }
    let mut ends: Vec<End> = Vec::with_capacity(named.len());
    for (index, one) in named.iter().enumerate() {
        let object = find_object(schema, &one.object);
        let Some(object) = object.ok().filter(|object| !object.definition.is_part) else {
            errors.push(FieldError::new(
                format!("/records/{index}/object"),
                "UNKNOWN_OBJECT",
                "is no object whose records this can be about",
            ));
            continue;
        };
        let id = RecordId::from(one.id);
        let known = records::existing(tx, ctx.workspace, object.id, &[id]).await?;
        if known.is_empty() {
            errors.push(FieldError::new(
                format!("/records/{index}/id"),
                "UNKNOWN_RECORD",
                format!("is no record of {}", object.name),
            ));
        } else if !ends.contains(&(object.id, id)) {
            ends.push((object.id, id));
        }
    }
    Ok(ends)
}

/// Whether a record is linked with others than these.
pub(super) async fn differ(
    tx: &mut Tx,
    ctx: &Ctx,
    record: RecordId,
    ends: &[End],
) -> Result<bool, ServiceError> {
    let held = associations::list_from(tx, ctx.workspace, &[record], LABEL, Timestamp::MAX).await?;
    Ok(held.len() != ends.len() || held.iter().any(|link| !ends.contains(&link.to)))
}

/// Links a record with these and no others.
pub(super) async fn replace(
    tx: &mut Tx,
    ctx: &Ctx,
    (object, record): (&Object, RecordId),
    ends: &[End],
    linked_at: Timestamp,
) -> Result<(), ServiceError> {
    let held = associations::list_from(tx, ctx.workspace, &[record], LABEL, Timestamp::MAX).await?;
    let known: HashSet<RecordId> = held.iter().map(|link| link.to.1).collect();
    for gone in held.iter().filter(|link| !ends.contains(&link.to)) {
        let both = (record, gone.to.1);
        associations::lock_ends(tx, ctx.workspace, both).await?;
        let by = (ctx.now(), ctx.actor);
        associations::end(tx, ctx.workspace, both, Some(LABEL), by).await?;
    }
    for to in ends.iter().filter(|(_, id)| !known.contains(id)) {
        associations::lock_ends(tx, ctx.workspace, (record, to.1)).await?;
        let link = Association {
            id: Uuid::now_v7(),
            from: (object.id, record),
            to: *to,
            label: LABEL.to_owned(),
            linked_at,
            linked_by: ctx.actor,
            unlinked_at: None,
            unlinked_by: None,
        };
        associations::insert(tx, ctx.workspace, &link).await?;
    }
    Ok(())
}

/// A link is known from when it holds: as of a time, what was made later is not there, and no more is what became known later. What has not
/// ended holds now, whatever the clock says.
fn held_at(moment: &Moment) -> Timestamp {
    let earliest = moment.named().map(|(_, time)| time).min();
    earliest.unwrap_or(Timestamp::MAX)
}
