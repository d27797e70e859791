//! Reads activities, notes and tasks, one by one and in lists.

use std::sync::Arc;

use leadline_engine::ids::RecordId;
use leadline_store::ledger::records as record_rows;
use leadline_timeline::Cursor;
use serde_json::{Value as Json, json};

use super::{Attached, Kind, RecordRef, links, object_of};
use crate::{
    app::App,
    service::{
        access::Permission,
        ctx::Ctx,
        error::ServiceError,
        records::{self, Moment, RecordView, Selection, actor_view},
        search::{self, Found, Search, schema_and_object},
    },
};

/// Which ones to list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Only those about this record.
    pub about: Option<RecordRef>,
    /// Only those that pass all of these filters.
    pub filters: Vec<Json>,
    /// The order.
    pub sorts: Json,
    /// When.
    pub moment: Moment,
    /// How many.
    pub limit: usize,
    /// After which.
    pub after: Option<Cursor>,
}

/// One of a kind, and its present version.
///
/// # Errors
/// `NotFound`; `Invalid` for a moment to come.
pub async fn get(
    app: &App,
    ctx: &Ctx,
    kind: Kind,
    id: RecordId,
    moment: Moment,
) -> Result<(Attached, i64), ServiceError> {
    require(app, ctx, kind).await?;
    let selection = Selection {
        moment,
        ..Selection::default()
    };
    let (record, version) = records::get(app, ctx, kind.object(), id, selection).await?;
    let read = complete(app, ctx, vec![record], moment).await?;
    let one = read.into_iter().next().ok_or(ServiceError::NotFound)?;
    Ok((one, version))
}

/// A page of those of a kind.
///
/// # Errors
/// `NotFound` for the record that they shall be about; `Invalid` for a moment to come.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    kind: Kind,
    listing: Listing,
) -> Result<(Vec<Attached>, Option<Cursor>), ServiceError> {
    require(app, ctx, kind).await?;
    let moment = listing.moment;
    let among = match &listing.about {
        Some(RecordRef { object, id }) => {
            let id = RecordId::from(*id);
            require_record(app, ctx, object, id, moment).await?;
            Some(links::linked_to(app, ctx, kind, id, moment).await?)
        }
        None => None,
    };
    let search = Search {
        filter_groups: json!([{"filters": listing.filters}]),
        among: among.map(Arc::new),
        sorts: listing.sorts,
        selection: Selection {
            moment,
            ..Selection::default()
        },
        limit: listing.limit,
        after: listing.after,
        ..Search::default()
    };
    let found = search::search(app, ctx, kind.object(), search).await?;
    Ok((complete(app, ctx, found.records, moment).await?, found.next))
}

/// Of those of a kind with these ids, the first in a timeline after a place.
pub(in crate::service) async fn about_them(
    app: &App,
    ctx: &Ctx,
    kind: Kind,
    ids: Vec<RecordId>,
    (after, limit): (Option<Cursor>, usize),
    moment: Moment,
) -> Result<Vec<RecordView>, ServiceError> {
    let filter_groups = match kind {
        Kind::Activity => {
            json!([{"filters": [{"property": kind.time(), "operator": "HAS_PROPERTY"}]}])
        }
        Kind::Note | Kind::Task => Json::Null,
    };
    let search = Search {
        filter_groups,
        among: Some(Arc::new(ids)),
        sorts: json!([{"property": kind.time(), "direction": "descending"}]),
        selection: Selection {
            moment,
            ..Selection::default()
        },
        limit,
        after,
        ..Search::default()
    };
    let Found { records, .. } = search::search(app, ctx, kind.object(), search).await?;
    Ok(records)
}

/// Records with who made them and what they were about.
pub(in crate::service) async fn complete(
    app: &App,
    ctx: &Ctx,
    records: Vec<RecordView>,
    moment: Moment,
) -> Result<Vec<Attached>, ServiceError> {
    let (shared, ctx, records) = (app.clone(), ctx.clone(), Arc::new(records));
    app.db
        .snapshot(move |tx| {
            let (app, ctx, records) = (shared.clone(), ctx.clone(), Arc::clone(&records));
            Box::pin(async move {
                ctx.require(Permission::ReadRecords)?;
                let schema = app.schemas.get(tx, ctx.workspace).await?;
                let ids: Vec<RecordId> = records
                    .iter()
                    .map(|record| RecordId::from(record.id))
                    .collect();
                let creators = record_rows::creators(tx, ctx.workspace, &ids).await?;
                let mut about = links::of_records(tx, &ctx, &schema, &ids, &moment).await?;
                let complete = records.iter().zip(ids).filter_map(|(record, id)| {
                    Some(Attached {
                        record: record.clone(),
                        created_by: actor_view(*creators.get(&id)?),
                        records: about.remove(&id).unwrap_or_default(),
                    })
                });
                Ok(complete.collect())
            })
        })
        .await
}

/// The workspace must have the kind.
pub(super) async fn require(app: &App, ctx: &Ctx, kind: Kind) -> Result<(), ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (schema, _) = schema_and_object(app, ctx, kind.object()).await?;
    object_of(&schema, kind).map(drop)
}

/// The record must exist at the moment.
async fn require_record(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    moment: Moment,
) -> Result<(), ServiceError> {
    let selection = Selection {
        properties: Some(Vec::new()),
        moment,
        ..Selection::default()
    };
    records::get(app, ctx, object, id, selection)
        .await
        .map(drop)
}
