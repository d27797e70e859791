//! Labelled links between records, with their history.

use leadline_engine::{
    ids::{ObjectId, RecordId},
    schema::Object,
    time::Timestamp,
};
use leadline_store::{
    db::Tx,
    ledger::{
        associations::{self, Association},
        records as record_rows,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    access::Permission,
    ctx::Ctx,
    error::ServiceError,
    records::{self, ActorView, Moment, Selection, actor_view, find_object},
    unit_of_work,
};
use crate::app::App;

/// Longest label, in characters.
const MAX_LABEL: usize = 100;

/// A link, seen from one of its ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Association)]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "object": "contacts", "label": "decision maker", "validFrom": "2026-03-01T09:20:00Z", "validTo": null, "actor": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}}))]
pub struct AssociationView {
    /// The record at the other end.
    pub id: Uuid,
    /// The name of its object.
    #[schema(example = "contacts")]
    pub object: String,
    /// What the link means.
    #[schema(example = "decision maker")]
    pub label: Option<String>,
    /// Since when it holds.
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    /// Until when; `null` if it still does.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_to: Option<Timestamp>,
    /// Who made it.
    pub actor: ActorView,
}

/// The two ends of a link.
#[derive(Debug, Clone)]
pub struct Ends {
    /// The object of the record at this end.
    pub object: String,
    /// The record at this end.
    pub id: RecordId,
    /// The object of the records at the other end.
    pub to_object: String,
}

/// The links of a record with records of another object, oldest first: those that hold now or at a moment, or all that ever did by then. A
/// link counts as known from when it holds.
///
/// # Errors
/// `NotFound`, also if the record did not exist then; `Invalid` for a moment to come.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    ends: Ends,
    (moment, with_ended): (Moment, bool),
    (after, limit): (Option<Uuid>, usize),
) -> Result<(Vec<AssociationView>, Option<Uuid>), ServiceError> {
    if moment != Moment::default() {
        let nothing = Selection {
            properties: Some(Vec::new()),
            moment,
            ..Selection::default()
        };
        records::get(app, ctx, &ends.object, ends.id, nothing).await?;
    }
    // What has not ended holds now, whatever the clock says.
    let at = [moment.as_of, moment.recorded_as_of].into_iter().flatten();
    let at = at.min().unwrap_or(Timestamp::MAX);
    let (app_, ctx) = (app.clone(), ctx.clone());
    app.db
        .snapshot(move |tx| {
            let (app, ctx, ends) = (app_.clone(), ctx.clone(), ends.clone());
            Box::pin(async move {
                ctx.require(Permission::ReadRecords)?;
                let schema = app.schemas.get(tx, ctx.workspace).await?;
                let (object, other) = (
                    find_object(&schema, &ends.object)?,
                    find_object(&schema, &ends.to_object)?,
                );
                require_record(tx, &ctx, object, ends.id).await?;
                let mut links = associations::list(
                    tx,
                    ctx.workspace,
                    ends.id,
                    other.id,
                    (at, with_ended),
                    (after, limit as i64 + 1),
                )
                .await?;
                let has_more = links.len() > limit;
                links.truncate(limit);
                let next = links.last().filter(|_| has_more).map(|link| link.id);
                Ok((
                    links
                        .iter()
                        .map(|link| view(link, ends.id, other).seen_at(at))
                        .collect(),
                    next,
                ))
            })
        })
        .await
}

/// Links two records; a link that is there already with this label stays as it is.
///
/// # Errors
/// `NotFound` for either record; `Invalid` for a label that is too long, or a record linked to itself.
pub async fn create(
    app: &App,
    ctx: &Ctx,
    ends: Ends,
    to: RecordId,
    label: Option<String>,
) -> Result<AssociationView, ServiceError> {
    let label = label.unwrap_or_default().trim().to_owned();
    if label.chars().count() > MAX_LABEL {
        return Err(ServiceError::invalid(
            "/label",
            "TOO_LONG",
            format!("must have at most {MAX_LABEL} characters"),
        ));
    }
    if to == ends.id {
        return Err(ServiceError::invalid(
            "/id",
            "INVALID_RECORD",
            "a record cannot be linked to itself",
        ));
    }
    let (app_, ctx_) = (app.clone(), ctx.clone());
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, ends, label) = (app_.clone(), ctx_.clone(), ends.clone(), label.clone());
        Box::pin(async move {
            ctx.require(Permission::WriteRecords)?;
            let schema = app.schemas.get(tx, ctx.workspace).await?;
            let (object, other) = (
                find_object(&schema, &ends.object)?,
                find_object(&schema, &ends.to_object)?,
            );
            require_record(tx, &ctx, object, ends.id).await?;
            require_record(tx, &ctx, other, to).await?;
            let ends_of_link = ((object.id, ends.id), (other.id, to));
            let link = link(tx, &ctx, ends_of_link, (&label, ctx.now())).await?;
            Ok(view(&link, ends.id, other))
        })
    })
    .await
}

/// Links two records that exist, since a moment. A link that is there already with this label is answered as it is.
///
/// # Errors
/// Those of the database.
pub(super) async fn link(
    tx: &mut Tx,
    ctx: &Ctx,
    (from, to): ((ObjectId, RecordId), (ObjectId, RecordId)),
    (label, at): (&str, Timestamp),
) -> Result<Association, ServiceError> {
    associations::lock_ends(tx, ctx.workspace, (from.1, to.1)).await?;
    let link = Association {
        id: Uuid::now_v7(),
        from,
        to,
        label: label.to_owned(),
        linked_at: at,
        linked_by: ctx.actor,
        unlinked_at: None,
        unlinked_by: None,
    };
    if let Some(linked_at) = associations::insert(tx, ctx.workspace, &link).await? {
        return Ok(Association { linked_at, ..link });
    }
    let known = open_link(tx, ctx, (from.1, to.0), (to.1, label)).await?;
    Ok(known.unwrap_or(link))
}

/// Ends the links between two records; with a label only those that carry it.
///
/// # Errors
/// `NotFound` if there is none.
pub async fn remove(
    app: &App,
    ctx: &Ctx,
    ends: Ends,
    to: RecordId,
    label: Option<String>,
) -> Result<(), ServiceError> {
    let (app_, ctx_) = (app.clone(), ctx.clone());
    unit_of_work::write(app, ctx, move |tx| {
        let (app, ctx, ends, label) = (app_.clone(), ctx_.clone(), ends.clone(), label.clone());
        Box::pin(async move {
            ctx.require(Permission::WriteRecords)?;
            let schema = app.schemas.get(tx, ctx.workspace).await?;
            let (object, other) = (
                find_object(&schema, &ends.object)?,
                find_object(&schema, &ends.to_object)?,
            );
            require_record(tx, &ctx, object, ends.id).await?;
            require_record(tx, &ctx, other, to).await?;
            associations::lock_ends(tx, ctx.workspace, (ends.id, to)).await?;
            match associations::end(
                tx,
                ctx.workspace,
                (ends.id, to),
                label.as_deref(),
                (ctx.now(), ctx.actor),
            )
            .await?
            {
                0 => Err(ServiceError::NotFound),
                _ => Ok(()),
            }
        })
    })
    .await
}

async fn require_record(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    id: RecordId,
) -> Result<(), ServiceError> {
    let known = record_rows::existing(tx, ctx.workspace, object.id, &[id]).await?;
    if known.is_empty() {
        Err(ServiceError::NotFound)
    } else {
        Ok(())
    }
}

async fn open_link(
    tx: &mut Tx,
    ctx: &Ctx,
    (id, other): (RecordId, ObjectId),
    (to, label): (RecordId, &str),
) -> Result<Option<Association>, ServiceError> {
    let links = associations::list(
        tx,
        ctx.workspace,
        id,
        other,
        (Timestamp::MAX, false),
        (None, i64::from(i32::MAX)),
    )
    .await?;
    Ok(links
        .into_iter()
        .find(|link| link.to.1 == to && link.label == label))
}

impl AssociationView {
    /// Without an end that came later.
    fn seen_at(mut self, at: Timestamp) -> Self {
        self.valid_to = self.valid_to.filter(|to| *to <= at);
        self
    }
}

fn view(link: &Association, seen_from: RecordId, other: &Object) -> AssociationView {
    let (_, id) = if link.from.1 == seen_from {
        link.to
    } else {
        link.from
    };
    AssociationView {
        id: id.uuid(),
        object: other.name.clone(),
        label: (!link.label.is_empty()).then(|| link.label.clone()),
        valid_from: link.linked_at,
        valid_to: link.unlinked_at,
        actor: actor_view(link.linked_by),
    }
}
