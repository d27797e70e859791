//! The timeline of a record: its changes, and the activities, notes and tasks that are about it, in one order.
//!
//! Each kind is read from where it is kept, in the same order and after the same place, and no more of it than a page holds. So a page costs
//! what its entries cost, whatever came before it.

use std::cmp::Reverse;

use leadline_engine::{ids::RecordId, time::Timestamp};
use leadline_store::ledger::change_sets;
use leadline_timeline::Cursor;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    access::Permission,
    activities::ActivityView,
    attached::{self, Attached},
    ctx::Ctx,
    error::ServiceError,
    notes::NoteView,
    records::{self, ChangeSetView, Moment, RecordView, Selection, change_set_view, find_object},
    tasks::TaskView,
};
use crate::app::App;

/// What can happen to a record. Of what happened at the same time, the kinds come in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something to do was made out.
    Task,
    /// A note was written.
    Note,
    /// Somebody called, wrote or met.
    Activity,
    /// Values changed.
    Change,
}

/// Something that happened.
#[derive(Debug)]
pub struct Happening {
    /// When, in valid time.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug)]
pub enum What {
    /// Values changed.
    Change(ChangeSetView),
    /// Somebody called, wrote or met.
    Activity(ActivityView),
    /// A note was written.
    Note(NoteView),
    /// Something to do was made out.
    Task(TaskView),
}

/// A place in a timeline: what comes after it happened earlier, or at the same time and is later in the order of kinds, versions and ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place(Reverse<Timestamp>, Kind, Reverse<i64>, Uuid);

/// Something that happened, before all of it is read.
enum Found {
    Change(Box<ChangeSetView>),
    Attached(attached::Kind, Box<RecordView>),
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Task, Self::Note, Self::Activity, Self::Change];

    /// Of what is attached to records: as what.
    fn attached(self) -> Option<attached::Kind> {
        match self {
            Self::Task => Some(attached::Kind::Task),
            Self::Note => Some(attached::Kind::Note),
            Self::Activity => Some(attached::Kind::Activity),
            Self::Change => None,
        }
    }
}

/// A page of what happened to a record, newest first, and where the next one begins.
///
/// # Errors
/// `NotFound`, also if the record did not exist at the moment; `Invalid` for a moment to come.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    (object, id): (&str, RecordId),
    kinds: &[Kind],
    (after, limit): (Option<Place>, usize),
    moment: Moment,
) -> Result<(Vec<Happening>, Option<Place>), ServiceError> {
    let selection = Selection {
        properties: Some(Vec::new()),
        moment,
        ..Selection::default()
    };
    records::get(app, ctx, object, id, selection).await?;
    // One more than the page has, which tells that there is a next one.
    let most = limit + 1;
    let mut found: Vec<(Place, Found)> = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| kinds.contains(kind)) {
        match kind.attached() {
            Some(attached) => {
                found.extend(
                    attached_to(app, ctx, (kind, attached), id, (after, most), moment).await?,
                );
            }
            None => found.extend(changes(app, ctx, (object, id), (after, most), moment).await?),
        }
    }
    found.sort_by_key(|(place, _)| *place);
    let has_next = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_next).map(|(place, _)| *place);
    Ok((whole(app, ctx, found, moment).await?, next))
}

/// The first change sets after a place.
async fn changes(
    app: &App,
    ctx: &Ctx,
    (object, id): (&str, RecordId),
    (after, limit): (Option<Place>, usize),
    moment: Moment,
) -> Result<Vec<(Place, Found)>, ServiceError> {
    let latest = (moment.as_of.unwrap_or(Timestamp::MAX), i64::MAX);
    let below = after.map_or(latest, |Place(Reverse(at), kind, Reverse(version), _)| {
        // Those at the same time come after all other kinds.
        let version = if kind == Kind::Change {
            version
        } else {
            i64::MAX
        };
        latest.min((at, version))
    });
    let known = moment.recorded_as_of.unwrap_or(Timestamp::MAX);
    let as_of = moment.as_of;
    let (shared, ctx, object) = (app.clone(), ctx.clone(), object.to_owned());
    app.db
        .read(move |tx| {
            let (app, ctx, object) = (shared.clone(), ctx.clone(), object.clone());
            Box::pin(async move {
                ctx.require(Permission::ReadRecords)?;
                let schema = app.schemas.get(tx, ctx.workspace).await?;
                let object = find_object(&schema, &object)?;
                let most = limit as i64;
                let sets =
                    change_sets::list_by_time(tx, ctx.workspace, id, below, known, most).await?;
                let entry = |set: leadline_engine::ledger::ChangeSet| {
                    let place = Place(
                        Reverse(set.valid_from),
                        Kind::Change,
                        Reverse(set.version),
                        Uuid::nil(),
                    );
                    let mut change = change_set_view(&object.name, set);
                    if let Some(at) = as_of {
                        change = change.seen_at(at)?;
                    }
                    Some((place, Found::Change(Box::new(change))))
                };
                Ok(sets.into_iter().filter_map(entry).collect())
            })
        })
        .await
}

/// The first of a kind after a place. A workspace that does not have the kind has none.
async fn attached_to(
    app: &App,
    ctx: &Ctx,
    (kind, attached): (Kind, attached::Kind),
    id: RecordId,
    (after, limit): (Option<Place>, usize),
    moment: Moment,
) -> Result<Vec<(Place, Found)>, ServiceError> {
    let ids = match attached::linked_to(app, ctx, attached, id, moment).await {
        Ok(ids) if !ids.is_empty() => ids,
        Ok(_) | Err(ServiceError::NotFound) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let after = after.map(|Place(Reverse(at), last, _, last_id)| Cursor {
        keys: vec![json!(at)],
        // Those of an earlier kind at the same time were before the place, those of a later one are after it.
        id: RecordId::from(match kind.cmp(&last) {
            std::cmp::Ordering::Less => Uuid::max(),
            std::cmp::Ordering::Equal => last_id,
            std::cmp::Ordering::Greater => Uuid::nil(),
        }),
    });
    let records = attached::about_them(app, ctx, attached, ids, (after, limit), moment).await?;
    let entry = |record: RecordView| {
        let at = time_of(attached, &record)?;
        let place = Place(Reverse(at), kind, Reverse(0), record.id);
        Some((place, Found::Attached(attached, Box::new(record))))
    };
    Ok(records.into_iter().filter_map(entry).collect())
}

fn time_of(kind: attached::Kind, record: &RecordView) -> Option<Timestamp> {
    match record.properties.get(kind.time()) {
        Some(time) => Timestamp::parse(time.as_str()?).ok(),
        None => Some(record.created_at),
    }
}

/// What was found, with all that is shown of it.
async fn whole(
    app: &App,
    ctx: &Ctx,
    found: Vec<(Place, Found)>,
    moment: Moment,
) -> Result<Vec<Happening>, ServiceError> {
    let mut places = Vec::with_capacity(found.len());
    let mut records = Vec::new();
    let mut changes = Vec::new();
    for (place, one) in found {
        match one {
            Found::Change(change) => {
                places.push((place, None));
                changes.push(*change);
            }
            Found::Attached(kind, record) => {
                places.push((place, Some(kind)));
                records.push(*record);
            }
        }
    }
    let mut attached = if records.is_empty() {
        Vec::new()
    } else {
        attached::complete(app, ctx, records, moment).await?
    }
    .into_iter();
    let mut changes = changes.into_iter();
    let happening = |(place, kind): (Place, Option<attached::Kind>)| {
        let Place(Reverse(at), ..) = place;
        let what = match kind {
            None => What::Change(changes.next()?),
            Some(kind) => What::of(kind, attached.next()?),
        };
        Some(Happening { at, what })
    };
    Ok(places.into_iter().filter_map(happening).collect())
}

impl What {
    fn of(kind: attached::Kind, one: Attached) -> Self {
        match kind {
            attached::Kind::Activity => Self::Activity(one.into()),
            attached::Kind::Note => Self::Note(one.into()),
            attached::Kind::Task => Self::Task(one.into()),
        }
    }
}
