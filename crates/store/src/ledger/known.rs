//! Reads what was known of an object at a recorded time: everything that was ever believed, for whoever looks back in knowledge to pick from.

use leadline_engine::{
    ids::{RecordId, WorkspaceId},
    ledger::{Entry, Since, Span},
    schema::{Object, Property},
    time::Timestamp,
};
use uuid::Uuid;

use super::{
    source,
    timelines::{RecordHead, head, packed},
    value,
};
use crate::db::{DbError, Row, Tx};

/// Hands over the heads of the records that were known at a recorded time, in order of id. `created_at` is when their first change set began
/// them: corrections and imports may have found an earlier beginning by then.
///
/// # Errors
/// Any `DbError`, and what `each` returns.
pub async fn for_each_head(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    recorded_as_of: Timestamp,
    each: &mut (dyn FnMut(RecordHead) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let sql = "select c.record_id, min(case when c.version = 1 then c.valid_from end), max(c.recorded_at), r.created_by, max(c.version) \
               from change_set c join record r on r.workspace_id = c.workspace_id and r.id = c.record_id \
               where c.workspace_id = $1 and c.object_id = $2 and c.recorded_at <= $3 group by c.record_id, r.created_by order by c.record_id";
    let mut read = |row: &Row| each(head(row)?);
    let params = [
        workspace.into(),
        object.id.into(),
        recorded_as_of.micros().into(),
    ];
    tx.for_each(sql, &params, &mut read).await
}

/// All that was ever believed of one property of a record: its rows, superseded ones too, and the open entry.
pub struct Believed {
    /// The record.
    pub record: RecordId,
    /// Closed and superseded values.
    pub spans: Vec<Span>,
    /// The present value.
    pub open: Option<Entry>,
}

/// Hands over what was ever believed of one property, record by record in order of id; records that never had a value are left out.
///
/// # Errors
/// Any `DbError`, and what `each` returns.
pub async fn for_each_believed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    object: &Object,
    property: &Property,
    each: &mut (dyn FnMut(&Believed) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let sql = "select record_id, 0 as kind, valid_from, ordinal, value, source, null as since, valid_to, began_version, ended_version, known_version, \
                      superseded_version from span where workspace_id = $1 and property_id = $2 \
               union all \
               select id, 1, created_at, 0, current -> $4::text, created_source, since -> $4::text, null, 1, null, 1, null from record \
               where workspace_id = $1 and object_id = $3 \
               order by 1, 2, 3, 4, 11";
    let mut believed: Option<Believed> = None;
    let mut read = |row: &Row| {
        let record = RecordId::from(row.get::<Uuid>(0)?);
        if let Some(done) = believed.take_if(|known| known.record != record) {
            each(&done)?;
        }
        let is_open = row.get::<i64>(1)? == 1;
        let (stored, since): (Option<String>, Option<String>) = (row.get(4)?, row.get(6)?);
        if is_open && stored.is_none() && since.is_none() {
            return Ok(());
        }
        let held = stored.map_or(Ok(None), |text| value(property.kind, &text))?;
        let known = believed.get_or_insert_with(|| Believed {
            record,
            spans: Vec::new(),
            open: None,
        });
        if is_open {
            known.open = Some(open_since(row, since)?.entry(held));
        } else {
            known.spans.push(Span {
                record_id: record,
                property_id: property.id,
                valid_from: Timestamp::from_micros(row.get(2)?),
                ordinal: row.get(3)?,
                valid_to: row.get::<Option<i64>>(7)?.map(Timestamp::from_micros),
                value: held,
                began_version: row.get(8)?,
                ended_version: row.get(9)?,
                known_version: row.get(10)?,
                superseded_version: row.get(11)?,
                source: source(row.get(5)?)?,
            });
        }
        Ok(())
    };
    let params = [
        workspace.into(),
        property.id.into(),
        object.id.into(),
        property.name.as_str().into(),
    ];
    tx.for_each(sql, &params, &mut read).await?;
    match believed {
        Some(last) => each(&last),
        None => Ok(()),
    }
}

/// Since when a record's present value holds: as the record says, or since its creation.
fn open_since(row: &Row, since: Option<String>) -> Result<Since, DbError> {
    let Some(since) = since else {
        return Ok(Since {
            valid_from: Timestamp::from_micros(row.get(2)?),
            ordinal: 0,
            began_version: 1,
            known_version: 1,
            source: source(row.get(5)?)?,
        });
    };
    packed(&since)
}
