//! Takes an import back, record by record, as new change sets: what it created is archived, what it set is put back where it still stands, and
//! the history it added is corrected away, so that the spans are what they would be without it. The past keeps what was believed meanwhile.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use leadline_engine::{
    ids::{JobId, ObjectId, RecordId},
    ledger::{ChangeSet, Record, Source},
    schema::{Object, Schema},
};
use leadline_store::{
    db::{DbError, Tx},
    jobs::{self, JobStatus},
    ledger::{change_sets, change_sets::Page, records},
    workspaces,
};
use serde_json::Map;

use super::{
    options::ImportKind,
    progress::{Progress, Undo, options_of},
    run::finish,
    schema_changes,
    use_cases::KIND,
};
use crate::service::{
    ctx::Ctx,
    error::ServiceError,
    jobs::{Ended, Hold},
    records::{Action, Target, Write, apply},
};

/// Records in a unit of work.
const RECORDS: i64 = 200;
const CHANGE_SETS: i64 = 1_000;

/// Takes an import back to its end, or until the worker must let go of it.
pub(super) async fn run(hold: &Hold, mut progress: Progress) -> Result<Ended, ServiceError> {
    let options = options_of(&hold.job)?;
    let ctx = Ctx {
        actor: hold.job.created_by,
        source: Source::Import,
        ..Ctx::system(hold.job.workspace_id, hold.app.clock.clone())
    };
    loop {
        if hold.must_stop() {
            return Ok(Ended::Interrupted);
        }
        let (ctx, kind, before) = (ctx.clone(), options.kind(), Arc::new(progress.clone()));
        let (job, lease) = (hold.job.id, hold.lease());
        let result = hold
            .app
            .db
            .write(move |tx| {
                let (ctx, before, lease) = (ctx.clone(), Arc::clone(&before), lease.clone());
                Box::pin(async move {
                    let after = before.undo.and_then(|undo| undo.after);
                    let touched =
                        change_sets::list_by_job(tx, ctx.workspace, job, after, RECORDS).await?;
                    let Some((last, _)) = touched.last().copied() else {
                        return Ok(None);
                    };
                    let known = before.undo.unwrap_or_default();
                    let mut undo = Undo {
                        after: Some(last),
                        records: known.records + touched.len() as u64,
                        ..known
                    };
                    workspaces::hold_schema(tx, ctx.workspace).await?;
                    let schema = schema_changes::load(tx, &ctx).await?;
                    take_back(
                        tx,
                        &Task {
                            ctx: &ctx,
                            kind,
                            job,
                        },
                        &schema,
                        &touched,
                        &mut undo,
                    )
                    .await?;
                    let after = Progress {
                        undo: Some(undo),
                        ..Progress::clone(&before)
                    };
                    if jobs::renew(tx, job, lease.as_ref(), &after.to_json()).await? {
                        Ok(Some(after))
                    } else {
                        Err(Stop::Lost)
                    }
                })
            })
            .await;
        match result {
            Ok(Some(after)) => progress = after,
            Ok(None) => break,
            Err(Stop::Lost) => return Ok(Ended::Lost),
            Err(Stop::Failed(error)) => return Err(error),
        }
    }
    let because_failed = progress.undo.is_some_and(|undo| undo.because_failed);
    finish(
        hold,
        progress,
        if because_failed {
            JobStatus::Failed
        } else {
            JobStatus::Undone
        },
    )
    .await
}

/// Which import is taken back, by whom.
struct Task<'t> {
    ctx: &'t Ctx,
    kind: ImportKind,
    job: JobId,
}

enum Stop {
    Lost,
    Failed(ServiceError),
}

impl From<DbError> for Stop {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<ServiceError> for Stop {
    fn from(error: ServiceError) -> Self {
        Self::Failed(error)
    }
}

/// Takes back what the import did to these records.
async fn take_back(
    tx: &mut Tx,
    task: &Task<'_>,
    schema: &Schema,
    touched: &[(RecordId, ObjectId)],
    undo: &mut Undo,
) -> Result<(), ServiceError> {
    let objects: BTreeSet<ObjectId> = touched.iter().map(|(_, object)| *object).collect();
    for object in objects.into_iter().filter_map(|id| schema.object_by_id(id)) {
        let ids: Vec<RecordId> = touched
            .iter()
            .filter(|(_, owner)| *owner == object.id)
            .map(|(id, _)| *id)
            .collect();
        let mut jobs = HashMap::new();
        let mut writes = Vec::new();
        let mut is_archiving = Vec::new();
        for record in records::lock_many(tx, task.ctx.workspace, object, &ids).await? {
            let change_sets = all_change_sets(tx, task, &record).await?;
            let own: Vec<&ChangeSet> = change_sets
                .iter()
                .filter(|set| set.job_id == Some(task.job))
                .collect();
            if own.iter().any(|set| set.version == 1) {
                if !record.archived {
                    writes.push(write(task, record.id, Action::Archive(true)));
                    is_archiving.push(true);
                }
                continue;
            }
            let actions = match task.kind {
                ImportKind::Records => put_back(object, &record, &own).into_iter().collect(),
                ImportKind::History => {
                    let undone = undone_before(tx, task, &change_sets, &mut jobs).await?;
                    let names = names_in(&own);
                    let change_sets = Arc::new(change_sets);
                    corrections(object, &names, &change_sets, &undone)
                }
            };
            is_archiving.extend(actions.iter().map(|_| false));
            writes.extend(
                actions
                    .into_iter()
                    .map(|action| write(task, record.id, action)),
            );
        }
        for (result, is_archiving) in apply(tx, task.ctx, schema, object, &writes)
            .await?
            .into_iter()
            .zip(is_archiving)
        {
            match result {
                Ok(_) if is_archiving => undo.archived += 1,
                Ok(_) => undo.put_back += 1,
                Err(
                    error @ (ServiceError::Unavailable(_)
                    | ServiceError::StorageFull
                    | ServiceError::Internal(_)),
                ) => return Err(error),
                Err(_) => undo.kept += 1,
            }
        }
    }
    Ok(())
}

fn write(task: &Task<'_>, record: RecordId, action: Action) -> Write {
    Write {
        reason: Some(format!("undo of import {}", task.job)),
        job: Some(task.job),
        ..Write::new(Target::Id(record), action)
    }
}

/// All change sets of a record, oldest first.
async fn all_change_sets(
    tx: &mut Tx,
    task: &Task<'_>,
    record: &Record,
) -> Result<Vec<ChangeSet>, ServiceError> {
    let mut all = Vec::new();
    let mut below_version = None;
    loop {
        let page = Page {
            property: None,
            below_version,
            limit: CHANGE_SETS,
        };
        let sets = change_sets::list(tx, task.ctx.workspace, record.id, page).await?;
        below_version = sets.last().map(|set| set.version);
        let is_last = (sets.len() as i64) < CHANGE_SETS;
        all.extend(sets);
        if is_last {
            all.reverse();
            return Ok(all);
        }
    }
}

/// Sets properties to what they were before the import, where they still are what it set.
fn put_back(object: &Object, record: &Record, own: &[&ChangeSet]) -> Option<Action> {
    let mut values = Map::new();
    for change in own.iter().flat_map(|set| &set.changes) {
        values
            .entry(change.property.clone())
            .or_insert_with(|| change.from.clone());
    }
    let is_ours = |name: &str| {
        let began = record.open_entry(name).map(|entry| entry.began_version);
        began.is_some_and(|began| own.iter().any(|set| set.version == began))
    };
    values.retain(|name, _| {
        is_ours(name)
            && object
                .property(name)
                .is_some_and(|property| property.is_settable())
    });
    (!values.is_empty()).then_some(Action::Set(values))
}

/// The imports of history among the writers of a record that were taken back before this one. `known` keeps what was found.
async fn undone_before(
    tx: &mut Tx,
    task: &Task<'_>,
    change_sets: &[ChangeSet],
    known: &mut HashMap<JobId, bool>,
) -> Result<Arc<[JobId]>, ServiceError> {
    let others: BTreeSet<JobId> = change_sets
        .iter()
        .filter_map(|set| set.job_id)
        .filter(|job| *job != task.job)
        .collect();
    let mut undone = Vec::new();
    for id in others {
        let is_undone = match known.get(&id) {
            Some(is_undone) => *is_undone,
            None => match jobs::get(tx, task.ctx.workspace, id).await? {
                Some(job) if job.kind == KIND => {
                    options_of(&job)?.kind() == ImportKind::History
                        && Progress::of(&job)?.undo.is_some()
                }
                _ => false,
            },
        };
        known.insert(id, is_undone);
        undone.extend(is_undone.then_some(id));
    }
    Ok(undone.into())
}

/// The names of the properties that change sets changed.
fn names_in(change_sets: &[&ChangeSet]) -> BTreeSet<String> {
    change_sets
        .iter()
        .flat_map(|set| &set.changes)
        .map(|change| change.property.clone())
        .collect()
}

/// What takes the history back that was stated of these properties.
fn corrections(
    object: &Object,
    names: &BTreeSet<String>,
    change_sets: &Arc<Vec<ChangeSet>>,
    undone: &Arc<[JobId]>,
) -> Vec<Action> {
    names
        .iter()
        .filter_map(|name| object.property(name))
        .filter(|property| property.is_settable())
        .map(|property| Action::TakeBack {
            property: Arc::clone(property),
            change_sets: Arc::clone(change_sets),
            undone: Arc::clone(undone),
        })
        .collect()
}
