//! Timelines as they were known at a recorded time, read from the ledger for one question and given up after it.

use std::{collections::HashMap, sync::Arc};

use leadline_engine::{
    ids::{RecordId, WorkspaceId},
    schema::{ARCHIVED, Object, Property},
    spans,
    time::Timestamp,
};
use leadline_store::{
    db::{DbError, Tx},
    ledger::known::{self, Believed},
};
use leadline_timeline::{ColumnBuilder, ObjectTimeline, RowHead};

use super::{Need, Objects};

/// Reads what is needed as it was known.
///
/// # Errors
/// Those of the database.
pub(super) async fn load(
    tx: &mut Tx,
    workspace: WorkspaceId,
    needs: &[Need],
    recorded_as_of: Timestamp,
) -> Result<Objects, DbError> {
    let mut objects = Objects::new();
    for (object, properties) in needs {
        let timeline = load_object(tx, workspace, object, properties, recorded_as_of).await?;
        objects.insert(object.id, timeline);
    }
    Ok(objects)
}

/// Every property is read, not only those needed: the earliest of their times is when the record was known to begin.
async fn load_object(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Arc<Object>,
    needed: &[Arc<Property>],
    recorded_as_of: Timestamp,
) -> Result<ObjectTimeline, DbError> {
    let archived = object
        .property(ARCHIVED)
        .ok_or_else(|| DbError::Corrupt("an object without its system property".into()))?;
    let mut heads: Vec<RowHead> = Vec::new();
    let mut rows: HashMap<RecordId, u32> = HashMap::new();
    known::for_each_head(tx, workspace, object, recorded_as_of, &mut |head| {
        rows.insert(head.id, heads.len() as u32);
        heads.push(RowHead {
            id: head.id,
            created_at: head.created_at,
            updated_at: head.updated_at,
            created_by: head.created_by,
            version: head.version,
        });
        Ok(())
    })
    .await?;
    let mut columns = Vec::new();
    for property in &object.properties {
        let is_needed = property.id == archived.id || needed.iter().any(|it| it.id == property.id);
        let mut builder = is_needed.then(|| ColumnBuilder::new(property.kind));
        let mut add = |believed: &Believed| {
            let Some(&row) = rows.get(&believed.record) else {
                return Ok(());
            };
            let head = &mut heads[row as usize];
            head.created_at = earliest(believed, head.version)
                .map_or(head.created_at, |time| time.min(head.created_at));
            let Some(builder) = &mut builder else {
                return Ok(());
            };
            let open = believed.open.clone();
            for entry in spans::entries_known_at(&believed.spans, open, head.version) {
                builder
                    .push(row, entry.valid_from, entry.value.as_ref(), entry.source)
                    .map_err(|misfit| DbError::Corrupt(misfit.to_string()))?;
            }
            Ok(())
        };
        known::for_each_believed(tx, workspace, object, property, &mut add).await?;
        columns.extend(builder.map(|builder| (property.id, builder.finish(heads.len()))));
    }
    let mut timeline = ObjectTimeline::new(Arc::clone(archived));
    for head in &heads {
        timeline.put_head(head);
    }
    for (property, column) in columns {
        timeline.insert_column(property, column);
    }
    Ok(timeline)
}

/// The earliest time of which anything was believed by a version; what proved wrong counts too.
fn earliest(believed: &Believed, version: i64) -> Option<Timestamp> {
    let spans = believed.spans.iter();
    spans
        .map(|span| (span.known_version, span.valid_from))
        .chain(
            believed
                .open
                .iter()
                .map(|open| (open.known_version, open.valid_from)),
        )
        .filter(|(known, _)| *known <= version)
        .map(|(_, time)| time)
        .min()
}
