//! The timelines of the workspaces in use: loaded when first asked for, and brought up to date before every question.
//!
//! Exact, not eventual: a question sees every write that was acknowledged before it was asked. What was committed since the last look is read
//! from the ledger's feed, and the records touched are replaced whole, so that looking twice is harmless.

mod known;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use leadline_engine::{
    ids::{ObjectId, PropertyId, RecordId, WorkspaceId},
    ledger::Span,
    schema::{ARCHIVED, Object, Property, Schema},
    spans,
    time::Timestamp,
};
use leadline_store::{
    db::{DbError, Tx},
    ledger::{
        change_sets::{self, Touched},
        records, spans as span_rows,
        timelines::{RecordHead, for_each_entry, for_each_head},
    },
};
use leadline_timeline::{ColumnBuilder, Entry, ObjectTimeline, RecordState, RowHead};
use parking_lot::{Mutex, RwLock};

use super::{ctx::Ctx, error::ServiceError};
use crate::app::App;

/// Records that are read again at once.
const CHUNK: usize = 1_000;

/// The timelines of all workspaces in use.
#[derive(Default)]
pub struct Timelines {
    workspaces: Mutex<HashMap<WorkspaceId, Arc<WorkspaceTimelines>>>,
    questions: AtomicU64,
}

/// What a question looks at: an object and some of its properties.
pub type Need = (Arc<Object>, Vec<Arc<Property>>);

/// The timelines of one workspace, by object.
pub type Objects = HashMap<ObjectId, ObjectTimeline>;

/// The timelines of one workspace.
#[derive(Default)]
struct WorkspaceTimelines {
    objects: RwLock<Objects>,
    /// Only one looks at the ledger at a time; the others use what it finds.
    looking: tokio::sync::Mutex<Looked>,
    looks_begun: AtomicU64,
    /// How many questions are being answered.
    asking: AtomicUsize,
    /// How much memory it takes, as of the last load.
    bytes: AtomicUsize,
    /// The number of the last question, among those of all workspaces.
    last_asked: AtomicU64,
}

/// A question in progress: its timelines are not given up.
struct Asking(Arc<WorkspaceTimelines>);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.asking.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The last look at the ledger.
#[derive(Default, Clone, Copy)]
struct Looked {
    /// The place in the feed up to which everything is known.
    position: Option<i64>,
    /// The database's count of commits before the look, where it has one.
    commits: Option<u64>,
    /// The number of the look.
    number: u64,
}

impl Timelines {
    /// Answers a question from timelines that hold what is needed and every write acknowledged before; or, given a recorded time, what was known
    /// then. `question` runs on a thread of its own.
    ///
    /// # Errors
    /// Those of the database and of the question.
    pub async fn ask<T: Send + 'static>(
        &self,
        app: &App,
        ctx: &Ctx,
        needs: Vec<Need>,
        recorded_as_of: Option<Timestamp>,
        question: impl FnOnce(&Objects) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        if let Some(time) = recorded_as_of {
            let (workspace, needs) = (ctx.workspace, Arc::new(needs));
            let load = app.db.snapshot(move |tx| {
                let needs = Arc::clone(&needs);
                Box::pin(async move { known::load(tx, workspace, &needs, time).await })
            });
            let objects: Objects = load.await?;
            return apart(move || question(&objects)).await;
        }
        let asking = self.begin(ctx.workspace);
        let timelines = Arc::clone(&asking.0);
        if refresh(&timelines, app, ctx, needs).await? {
            self.give_up_beyond(app.config.timeline_memory_mb.saturating_mul(1 << 20));
        }
        apart(move || question(&timelines.objects.read())).await
    }

    fn begin(&self, workspace: WorkspaceId) -> Asking {
        let mut workspaces = self.workspaces.lock();
        let timelines = workspaces.entry(workspace).or_default();
        timelines.asking.fetch_add(1, Ordering::SeqCst);
        let number = self.questions.fetch_add(1, Ordering::SeqCst) + 1;
        timelines.last_asked.store(number, Ordering::SeqCst);
        Asking(Arc::clone(timelines))
    }

    /// Gives up the timelines of workspaces that were not asked for longest, until the others fit into so many bytes. Those that are being
    /// asked stay.
    fn give_up_beyond(&self, budget_bytes: usize) {
        let mut workspaces = self.workspaces.lock();
        let mut held: usize = workspaces
            .values()
            .map(|known| known.bytes.load(Ordering::SeqCst))
            .sum();
        while held > budget_bytes {
            let idle = workspaces
                .iter()
                .filter(|(_, known)| known.asking.load(Ordering::SeqCst) == 0);
            let Some(oldest) = idle
                .min_by_key(|(_, known)| known.last_asked.load(Ordering::SeqCst))
                .map(|(id, _)| *id)
            else {
                return;
            };
            let given_up = workspaces.remove(&oldest);
            held -= given_up.map_or(0, |known| known.bytes.load(Ordering::SeqCst));
        }
    }
}

/// Runs a question on a thread of its own.
async fn apart<T: Send + 'static>(
    question: impl FnOnce() -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, ServiceError> {
    tokio::task::spawn_blocking(question)
        .await
        .map_err(|error| ServiceError::Internal(format!("a question ended early: {error}")))?
}

/// Loads what is missing and catches up with the ledger; says whether anything was loaded.
async fn refresh(
    timelines: &Arc<WorkspaceTimelines>,
    app: &App,
    ctx: &Ctx,
    needs: Vec<Need>,
) -> Result<bool, ServiceError> {
    let asked = timelines.looks_begun.load(Ordering::SeqCst);
    let mut looked = timelines.looking.lock().await;
    let missing = missing(&timelines.objects.read(), &needs);
    let commits = app.db.commits();
    let is_fresh = looked.position.is_some()
        && (looked.number > asked || (commits.is_some() && commits == looked.commits));
    if is_fresh && missing.is_empty() {
        return Ok(false);
    }
    let number = timelines.looks_begun.fetch_add(1, Ordering::SeqCst) + 1;
    let (workspace, since) = (ctx.workspace, looked.position);
    if let Some(since) = since
        && missing.is_empty()
    {
        // Mostly nothing was written, and one statement says so.
        let look = app
            .db
            .read(move |tx| Box::pin(change_sets::touched_since(tx, workspace, since)));
        let touched: Touched = look.await?;
        if touched.records.is_empty() {
            *looked = Looked {
                position: Some(touched.position),
                commits,
                number,
            };
            return Ok(false);
        }
    }
    let (unit_app, unit_timelines) = (app.clone(), Arc::clone(timelines));
    let missing = Arc::new(missing);
    let is_loading = !missing.is_empty();
    let position = app
        .db
        .snapshot(move |tx| {
            let (app, timelines, missing) = (
                unit_app.clone(),
                Arc::clone(&unit_timelines),
                Arc::clone(&missing),
            );
            Box::pin(async move {
                let position = match since {
                    Some(since) => {
                        let touched = change_sets::touched_since(tx, workspace, since).await?;
                        // Records may have values of properties that are younger than the caller's schema.
                        let schema = app.schemas.get(tx, workspace).await?;
                        catch_up(tx, workspace, &schema, &timelines, touched.records).await?;
                        touched.position
                    }
                    None => change_sets::position(tx, workspace).await?,
                };
                for (object, properties) in missing.iter() {
                    load(tx, workspace, &timelines, object, properties).await?;
                }
                Ok::<i64, ServiceError>(position)
            })
        })
        .await?;
    *looked = Looked {
        position: Some(position),
        commits,
        number,
    };
    if is_loading {
        let bytes = timelines
            .objects
            .read()
            .values()
            .map(ObjectTimeline::memory_bytes)
            .sum();
        timelines.bytes.store(bytes, Ordering::SeqCst);
    }
    Ok(is_loading)
}

/// What is needed and not loaded. The column `archived` is always needed.
fn missing(objects: &Objects, needs: &[Need]) -> Vec<Need> {
    let mut missing: HashMap<ObjectId, (Arc<Object>, Vec<Arc<Property>>)> = HashMap::new();
    for (object, properties) in needs {
        let timeline = objects.get(&object.id);
        let archived = object.property(ARCHIVED);
        for property in properties.iter().chain(archived) {
            let entry = &mut missing
                .entry(object.id)
                .or_insert_with(|| (Arc::clone(object), Vec::new()))
                .1;
            if !timeline.is_some_and(|timeline| timeline.has_column(property.id))
                && !entry.iter().any(|known| known.id == property.id)
            {
                entry.push(Arc::clone(property));
            }
        }
    }
    missing
        .into_values()
        .filter(|(object, properties)| !properties.is_empty() || !objects.contains_key(&object.id))
        .collect()
}

/// Reads again what was touched.
async fn catch_up(
    tx: &mut Tx,
    workspace: WorkspaceId,
    schema: &Schema,
    timelines: &WorkspaceTimelines,
    touched: Vec<(ObjectId, RecordId)>,
) -> Result<(), DbError> {
    let mut by_object: HashMap<ObjectId, Vec<RecordId>> = HashMap::new();
    for (object, record) in touched {
        by_object.entry(object).or_default().push(record);
    }
    for (id, ids) in by_object {
        let loaded: Option<Vec<PropertyId>> = timelines
            .objects
            .read()
            .get(&id)
            .map(|timeline| timeline.loaded_columns().collect());
        let (Some(loaded), Some(object)): (Option<Vec<_>>, _) = (loaded, schema.object_by_id(id))
        else {
            continue;
        };
        for chunk in ids.chunks(CHUNK) {
            let states = states(tx, workspace, object, chunk, &loaded).await?;
            if let Some(timeline) = timelines.objects.write().get_mut(&id) {
                for state in &states {
                    timeline
                        .replace_record(state)
                        .map_err(|misfit| DbError::Corrupt(misfit.to_string()))?;
                }
            }
        }
    }
    Ok(())
}

async fn states(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    ids: &[RecordId],
    loaded: &[PropertyId],
) -> Result<Vec<RecordState>, DbError> {
    let mut rows: HashMap<(RecordId, PropertyId), Vec<Span>> = HashMap::new();
    for span in span_rows::list_many(tx, workspace, object, ids, loaded).await? {
        rows.entry((span.record_id, span.property_id))
            .or_default()
            .push(span);
    }
    let properties: Vec<&Arc<Property>> = loaded
        .iter()
        .filter_map(|id| object.property_by_id(*id))
        .collect();
    let mut states = Vec::with_capacity(ids.len());
    for record in records::get_many(tx, workspace, object, ids).await? {
        let columns = properties.iter().map(|property| {
            let spans = rows
                .get(&(record.id, property.id))
                .map(Vec::as_slice)
                .unwrap_or_default();
            let entries = spans::known_entries(spans, record.open_entry(&property.name));
            (
                property.id,
                entries
                    .into_iter()
                    .map(|entry| Entry {
                        valid_from: entry.valid_from,
                        value: entry.value,
                        source: entry.source,
                    })
                    .collect(),
            )
        });
        let head = RowHead {
            id: record.id,
            created_at: record.created_at,
            updated_at: record.updated_at,
            created_by: record.created_by.id,
            version: record.version,
        };
        states.push(RecordState {
            head,
            columns: columns.collect(),
        });
    }
    Ok(states)
}

/// Loads an object's rows, if they are not there, and columns.
async fn load(
    tx: &mut Tx,
    workspace: WorkspaceId,
    timelines: &WorkspaceTimelines,
    object: &Arc<Object>,
    properties: &[Arc<Property>],
) -> Result<(), DbError> {
    if !timelines.objects.read().contains_key(&object.id) {
        let archived = object
            .property(ARCHIVED)
            .ok_or_else(|| DbError::Corrupt("an object without its system property".into()))?;
        let mut timeline = ObjectTimeline::new(Arc::clone(archived));
        let mut put = |head: RecordHead| {
            let RecordHead {
                id,
                created_at,
                updated_at,
                created_by,
                version,
            } = head;
            timeline.put_head(&RowHead {
                id,
                created_at,
                updated_at,
                created_by,
                version,
            });
            Ok(())
        };
        for_each_head(tx, workspace, object, &mut put).await?;
        timelines.objects.write().insert(object.id, timeline);
    }
    for property in properties {
        let mut builder = ColumnBuilder::new(property.kind);
        let mut last: Option<(RecordId, u32)> = None;
        let mut push = |id: RecordId, (valid_from, value, source): (_, Option<_>, _)| {
            let row = match last {
                Some((known, row)) if known == id => row,
                _ => {
                    let row = timelines
                        .objects
                        .read()
                        .get(&object.id)
                        .and_then(|timeline| timeline.row(id));
                    row.ok_or_else(|| {
                        DbError::Corrupt("a span of a record that does not exist".into())
                    })?
                }
            };
            last = Some((id, row));
            builder
                .push(row, valid_from, value.as_ref(), source)
                .map_err(|misfit| DbError::Corrupt(misfit.to_string()))
        };
        for_each_entry(tx, workspace, object, property, &mut push).await?;
        if let Some(timeline) = timelines.objects.write().get_mut(&object.id) {
            timeline.insert_column(property.id, builder.finish(timeline.len()));
        }
    }
    Ok(())
}
