//! Loads columns from the ledger: the records once for what all of the columns hold now, then each column's past.

use std::{sync::Arc, time::Instant};

use leadline_engine::{
    ids::{ObjectId, RecordId, WorkspaceId},
    schema::{ARCHIVED, Object, Property},
};
use leadline_store::{
    db::{DbError, Tx},
    ledger::{
        change_sets,
        timelines::{LoadedEntry, Part, RecordHead, for_each_closed, for_each_record},
    },
};
use leadline_timeline::{ColumnBuilder, ObjectTimeline, RowHead};
use parking_lot::RwLock;

use super::{
    Need, Objects, snapshots,
    workspace::{Asking, WorkspaceTimelines},
};
use crate::{app::App, service::error::ServiceError};

/// After how many entries the room that is left is looked at.
const MEASURED_EVERY: usize = 1 << 16;

/// Loads what is needed and missing; says whether there was room for all of it. What another question is loading is waited for.
pub(super) async fn load_missing(
    asking: &Asking,
    app: &App,
    workspace: WorkspaceId,
    needs: &[Need],
    budget: usize,
) -> Result<bool, ServiceError> {
    let timelines = &asking.timelines;
    if timelines.missing(needs).is_empty() {
        return Ok(true);
    }
    let _one_at_a_time = timelines.loading.lock().await;
    for need in timelines.missing(needs) {
        let held = timelines.least_bytes(needs);
        let Some(room) = budget.checked_sub(held) else {
            return Ok(false);
        };
        let began = Instant::now();
        if snapshots::restore(timelines, app, workspace, &need, room).await? {
            told(workspace, &need, began, "snapshot");
        }
    }
    for need in timelines.missing(needs) {
        let held = timelines.least_bytes(needs);
        let Some(room) = budget.checked_sub(held) else {
            return Ok(false);
        };
        let began = Instant::now();
        let (since, read) = read_object(timelines, app, workspace, &need, room).await?;
        let whole = match read {
            Read::Whole(whole) => *whole,
            Read::TooLarge(bytes) => {
                timelines.will_not_fit(&need, bytes);
                tracing::warn!(
                    %workspace, object = need.0.name, bytes, room,
                    "no room for columns: the question is answered from the ledger, part by part"
                );
                return Ok(false);
            }
        };
        let rows = whole
            .rows
            .as_ref()
            .map_or_else(|| timelines.rows(need.0.id), ObjectTimeline::len);
        let columns = whole
            .columns
            .into_iter()
            .map(|(property, builder)| (property.id, builder.finish(rows)));
        let columns = columns.collect();
        timelines
            .take(need.0.id, whole.rows, columns, since)
            .await?;
        told(workspace, &need, began, "ledger");
    }
    Ok(true)
}

/// Counts and logs what was loaded.
fn told(workspace: WorkspaceId, (object, properties): &Need, began: Instant, source: &'static str) {
    let took = began.elapsed();
    metrics::histogram!("leadline_timeline_load_seconds", "source" => source)
        .record(took.as_secs_f64());
    let names: Vec<&str> = properties.iter().map(|it| it.name.as_str()).collect();
    tracing::info!(
        %workspace, object = object.name, properties = names.join(","), source,
        took_ms = took.as_millis() as u64, "columns loaded"
    );
}

/// Reads what is missing of an object, and tells from which place in the feed on what was read is to be followed.
async fn read_object(
    timelines: &Arc<WorkspaceTimelines>,
    app: &App,
    workspace: WorkspaceId,
    need: &Need,
    room: usize,
) -> Result<(i64, Read), ServiceError> {
    let since = timelines.looking.lock().await.position;
    let (timelines, need) = (Arc::clone(timelines), need.clone());
    app.db
        .snapshot(move |tx| {
            let (timelines, need) = (Arc::clone(&timelines), need.clone());
            Box::pin(async move {
                let since = match since {
                    Some(since) => since,
                    None => change_sets::position(tx, workspace).await?,
                };
                let is_known = timelines.objects.read().contains_key(&need.0.id);
                let rows = if is_known {
                    Rows::Known(&timelines.objects, need.0.id)
                } else {
                    Rows::New(Box::new(empty(&need.0)?))
                };
                let read = read(tx, workspace, &need, Part::WHOLE, rows, room).await?;
                Ok((since, read))
            })
        })
        .await
}

/// A timeline of an object without records.
pub(super) fn empty(object: &Object) -> Result<ObjectTimeline, DbError> {
    let archived = object
        .property(ARCHIVED)
        .ok_or_else(|| DbError::Corrupt("an object without its system property".into()))?;
    Ok(ObjectTimeline::new(Arc::clone(archived)))
}

/// Where rows come from.
pub(super) enum Rows<'a> {
    /// Records get rows as they are read.
    New(Box<ObjectTimeline>),
    /// Records have rows already. Those that came since are left to the next look.
    Known(&'a RwLock<Objects>, ObjectId),
}

/// What was read.
pub(super) enum Read {
    /// All of it.
    Whole(Box<Whole>),
    /// It had taken so many bytes when there was no room left.
    TooLarge(usize),
}

/// Columns, and the rows if they are new.
pub(super) struct Whole {
    rows: Option<ObjectTimeline>,
    columns: Vec<(Arc<Property>, ColumnBuilder)>,
}

impl Whole {
    /// A timeline of new rows and their columns.
    pub(super) fn into_timeline(self) -> Option<ObjectTimeline> {
        let mut timeline = self.rows?;
        for (property, builder) in self.columns {
            timeline.insert_column(property.id, builder.finish(timeline.len()));
        }
        Some(timeline)
    }
}

impl Rows<'_> {
    /// The row of a record that probably follows another one's.
    fn of_record(&self, before: Option<u32>, id: RecordId) -> Option<u32> {
        match self {
            Self::New(timeline) => timeline.row_after(before, id),
            Self::Known(objects, object) => objects.read().get(object)?.row_after(before, id),
        }
    }

    fn memory_bytes(&self) -> usize {
        match self {
            Self::New(timeline) => timeline.memory_bytes(),
            Self::Known(..) => 0,
        }
    }
}

fn row_head(head: RecordHead) -> RowHead {
    let RecordHead {
        id,
        created_at,
        updated_at,
        created_by,
        version,
    } = head;
    RowHead {
        id,
        created_at,
        updated_at,
        created_by,
        version,
    }
}

/// A reading in progress.
struct Reading<'a> {
    rows: Rows<'a>,
    columns: Vec<(Arc<Property>, ColumnBuilder)>,
    last: Last,
    entries: usize,
    room: usize,
    /// What it took when there was no room left.
    outgrown: Option<usize>,
}

/// The record that was read last.
#[derive(Default)]
struct Last {
    record: Option<RecordId>,
    /// Its row, if it has one.
    row: Option<u32>,
    /// The last row that any had: the next record's is probably the one after it.
    before: Option<u32>,
}

/// Reads columns of a part of an object's records.
pub(super) async fn read(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (object, properties): &Need,
    part: Part,
    rows: Rows<'_>,
    room: usize,
) -> Result<Read, DbError> {
    let column = |property: &Arc<Property>| {
        let builder = ColumnBuilder::new(property.kind);
        (Arc::clone(property), builder)
    };
    let mut reading = Reading {
        rows,
        columns: properties.iter().map(column).collect(),
        last: Last::default(),
        entries: 0,
        room,
        outgrown: None,
    };
    let ended = reading.read_all(tx, workspace, object, part).await;
    if let Some(bytes) = reading.outgrown {
        return Ok(Read::TooLarge(bytes));
    }
    ended?;
    Ok(Read::Whole(Box::new(Whole {
        rows: match reading.rows {
            Rows::New(timeline) => Some(*timeline),
            Rows::Known(..) => None,
        },
        columns: reading.columns,
    })))
}

impl Reading<'_> {
    async fn read_all(
        &mut self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        object: &Object,
        part: Part,
    ) -> Result<(), DbError> {
        let properties: Vec<Arc<Property>> = self
            .columns
            .iter()
            .map(|(property, _)| Arc::clone(property))
            .collect();
        let all: Vec<&Property> = properties.iter().map(|it| &**it).collect();
        let mut put = |head, held| self.put_record(head, held);
        for_each_record(tx, workspace, object, part, &all, &mut put).await?;
        for (place, property) in properties.iter().enumerate() {
            self.last = Last::default();
            let mut put = |record, entry| self.put_closed(place, record, entry);
            for_each_closed(tx, workspace, part, property, &mut put).await?;
        }
        self.measure()
    }

    /// Takes what a record holds.
    fn put_record(
        &mut self,
        head: RecordHead,
        held: Vec<Option<LoadedEntry>>,
    ) -> Result<(), DbError> {
        let row = match &mut self.rows {
            Rows::New(timeline) => Some(timeline.put_head(&row_head(head))),
            Rows::Known(..) => self.last.row_of(&self.rows, head.id),
        };
        for (place, entry) in held.into_iter().enumerate() {
            if let (Some(row), Some((valid_from, value, source))) = (row, entry) {
                self.columns[place]
                    .1
                    .push_last(row, valid_from, value.as_ref(), source)
                    .map_err(|misfit| DbError::Corrupt(misfit.to_string()))?;
                self.count()?;
            }
        }
        Ok(())
    }

    /// Takes what a record held and lost.
    fn put_closed(
        &mut self,
        place: usize,
        record: RecordId,
        (valid_from, value, source): LoadedEntry,
    ) -> Result<(), DbError> {
        let Some(row) = self.last.row_of(&self.rows, record) else {
            return Ok(());
        };
        self.columns[place]
            .1
            .push(row, valid_from, value.as_ref(), source)
            .map_err(|misfit| DbError::Corrupt(misfit.to_string()))?;
        self.count()
    }

    fn count(&mut self) -> Result<(), DbError> {
        self.entries += 1;
        if self.entries.is_multiple_of(MEASURED_EVERY) {
            return self.measure();
        }
        Ok(())
    }

    /// Ends the reading when there is no room left.
    fn measure(&mut self) -> Result<(), DbError> {
        let columns = self.columns.iter().map(|(_, it)| it.memory_bytes());
        let bytes = self.rows.memory_bytes() + columns.sum::<usize>();
        if bytes > self.room {
            self.outgrown = Some(bytes);
            return Err(DbError::Other("no room for columns".to_owned()));
        }
        Ok(())
    }
}

impl Last {
    fn row_of(&mut self, rows: &Rows<'_>, record: RecordId) -> Option<u32> {
        if self.record != Some(record) {
            self.record = Some(record);
            self.row = rows.of_record(self.before, record);
            self.before = self.row.or(self.before);
        }
        self.row
    }
}
