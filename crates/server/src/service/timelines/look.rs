//! Follows the ledger: reads again the records that were changed since the last look.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
};

use leadline_engine::{
    ids::{ObjectId, PropertyId, RecordId, WorkspaceId},
    ledger::Span,
    schema::{Object, Property, Schema},
    spans,
};
use leadline_store::{
    db::{DbError, Tx},
    ledger::{
        change_sets::{self, Touched},
        records, spans as span_rows,
    },
};
use leadline_timeline::{Entry, RecordState, RowHead};

use super::{
    Objects,
    workspace::{Looked, WorkspaceTimelines},
};
use crate::{app::App, service::error::ServiceError};

/// Records that are read again at once.
const CHUNK: usize = 1_000;

/// Catches up with the ledger, unless a look that began after the caller asked has done so, or nothing was committed since.
pub(super) async fn look(
    timelines: &Arc<WorkspaceTimelines>,
    app: &App,
    workspace: WorkspaceId,
) -> Result<(), ServiceError> {
    let asked = timelines.looks_begun.load(Ordering::SeqCst);
    let mut looked = timelines.looking.lock().await;
    let commits = app.db.commits();
    let is_fresh = looked.number > asked || (commits.is_some() && commits == looked.commits);
    let Some(since) = looked.position else {
        // Nothing was ever loaded.
        return Ok(());
    };
    if is_fresh {
        return Ok(());
    }
    let number = timelines.looks_begun.fetch_add(1, Ordering::SeqCst) + 1;
    let seen = |position| Looked {
        position: Some(position),
        commits,
        number,
    };
    // Mostly nothing was written, and one statement says so.
    let look = app
        .db
        .read(move |tx| Box::pin(change_sets::touched_since(tx, workspace, since)));
    let touched: Touched = look.await?;
    if touched.records.is_empty() {
        *looked = seen(touched.position);
        return Ok(());
    }
    let (unit_app, unit_timelines) = (app.clone(), Arc::clone(timelines));
    let (position, touched) = app
        .db
        .snapshot(move |tx| {
            let (app, timelines) = (unit_app.clone(), Arc::clone(&unit_timelines));
            Box::pin(async move {
                let touched = change_sets::touched_since(tx, workspace, since).await?;
                // Records may have values of properties that are younger than the caller's schema.
                let schema = app.schemas.get(tx, workspace).await?;
                let again = read_again(tx, workspace, &schema, &timelines, touched.records).await?;
                Ok::<_, ServiceError>((touched.position, again))
            })
        })
        .await?;
    timelines
        .change(move |objects| put(objects, touched))
        .await?;
    *looked = seen(position);
    Ok(())
}

/// Reads again what was touched. Of many records, only the last ones are left to be put: those before are in place already.
async fn read_again(
    tx: &mut Tx,
    workspace: WorkspaceId,
    schema: &Schema,
    timelines: &WorkspaceTimelines,
    touched: Vec<(ObjectId, RecordId)>,
) -> Result<Vec<(ObjectId, Vec<RecordState>)>, ServiceError> {
    let mut by_object: HashMap<ObjectId, Vec<RecordId>> = HashMap::new();
    for (object, record) in touched {
        by_object.entry(object).or_default().push(record);
    }
    let mut again = Vec::new();
    let mut records = 0;
    for (id, ids) in by_object {
        let loaded = timelines.loaded_of(id);
        let Some(object) = schema.object_by_id(id) else {
            continue;
        };
        if loaded.is_empty() {
            continue;
        }
        for chunk in ids.chunks(CHUNK) {
            if records + chunk.len() > CHUNK {
                put(&mut timelines.objects.write(), std::mem::take(&mut again))?;
                records = 0;
            }
            again.push((id, states(tx, workspace, object, chunk, &loaded).await?));
            records += chunk.len();
        }
    }
    Ok(again)
}

/// Puts records into the place of what was known of them.
fn put(
    objects: &mut Objects,
    touched: Vec<(ObjectId, Vec<RecordState>)>,
) -> Result<(), ServiceError> {
    for (id, states) in touched {
        if let Some(timeline) = objects.get_mut(&id) {
            for state in &states {
                timeline
                    .replace_record(state)
                    .map_err(|misfit| DbError::Corrupt(misfit.to_string()))?;
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
