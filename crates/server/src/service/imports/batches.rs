//! Cuts the spooled rows of a lane into batches, each a transaction's worth: always the same ones for the same file.

use std::{collections::HashMap, io, sync::Arc, vec};

use leadline_engine::{
    schema::{Property, PropertyType},
    time::Timestamp,
    validate::parse_value,
    value::Value,
};
use serde_json::Value as Json;

use super::{
    Fault,
    cells::{number_json, without_guard},
    layout::Layout,
    options::ImportKind,
    spool::{Spooled, SpooledRow},
    times::Times,
};

/// Most records in a batch. SQLite has one writer, and others wait while a batch is written: it must be done within some tens of milliseconds.
const RECORDS: usize = 250;
/// Most rows in a batch, and of one record at once.
const ROWS: usize = 800;

/// Rows of one record, in the order in which they are written.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// What the rows call the record.
    pub(super) key: Option<Value>,
    pub(super) rows: Vec<GroupRow>,
    /// Whether earlier rows of the same record were in the group before: it is counted there.
    pub(super) continues: bool,
}

/// A row and when it says that its values became true.
#[derive(Debug, Clone)]
pub(super) struct GroupRow {
    pub(super) row: SpooledRow,
    pub(super) time: Option<Timestamp>,
}

/// The batches of a lane, one after the other.
pub(super) struct Batches {
    spooled: Arc<Spooled>,
    layout: Arc<Layout>,
    times: Arc<Times>,
    parts: Box<dyn Iterator<Item = usize> + Send>,
    groups: vec::IntoIter<Group>,
    held: Option<Group>,
}

impl Batches {
    pub(super) fn new(
        spooled: Arc<Spooled>,
        lane: usize,
        layout: Arc<Layout>,
        times: Arc<Times>,
    ) -> Self {
        Self {
            parts: Box::new(spooled.parts_of(lane)),
            spooled,
            layout,
            times,
            groups: Vec::new().into_iter(),
            held: None,
        }
    }

    /// The next batch. Reads a part of the file when the one before is used up; not for threads that must not wait.
    pub(super) fn next(&mut self) -> io::Result<Option<Vec<Group>>> {
        let mut batch: Vec<Group> = Vec::new();
        let mut rows = 0;
        while let Some(group) = self.next_group()? {
            let is_full = batch.len() == RECORDS
                || (rows > 0 && rows + group.rows.len() > ROWS)
                || group.continues;
            if is_full && !batch.is_empty() {
                self.held = Some(group);
                break;
            }
            rows += group.rows.len();
            batch.push(group);
        }
        Ok((!batch.is_empty()).then_some(batch))
    }

    fn next_group(&mut self) -> io::Result<Option<Group>> {
        loop {
            if let Some(group) = self.held.take().or_else(|| self.groups.next()) {
                return Ok(Some(group));
            }
            let Some(part) = self.parts.next() else {
                return Ok(None);
            };
            let rows = self.spooled.read(part)?;
            self.groups = match self.layout.kind {
                ImportKind::Records => self.one_each(rows)?,
                ImportKind::History => self.by_key(rows)?,
            }
            .into_iter();
        }
    }

    /// A group for each row.
    fn one_each(
        &self,
        rows: impl Iterator<Item = io::Result<SpooledRow>>,
    ) -> io::Result<Vec<Group>> {
        let mut groups = Vec::new();
        for row in rows {
            let (row, key) = self.keyed(row?);
            groups.push(Group {
                key,
                rows: vec![row],
                continues: false,
            });
        }
        Ok(groups)
    }

    /// Groups in order of their first row. Long ones are cut, in order of time so that each goes on behind the one before.
    fn by_key(&self, rows: impl Iterator<Item = io::Result<SpooledRow>>) -> io::Result<Vec<Group>> {
        let mut groups: Vec<Group> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut faulty = Group::default();
        for row in rows {
            let (row, key) = self.keyed(row?);
            let Some(key) = key else {
                faulty.rows.push(row);
                continue;
            };
            let normal = self
                .layout
                .key
                .as_ref()
                .and_then(|column| key.key(column.property.kind))
                .unwrap_or_default();
            let at = *known.entry(normal).or_insert_with(|| {
                groups.push(Group {
                    key: Some(key),
                    ..Group::default()
                });
                groups.len() - 1
            });
            groups[at].rows.push(row);
        }
        if !faulty.rows.is_empty() {
            groups.push(faulty);
        }
        Ok(groups.into_iter().flat_map(cut).collect())
    }

    /// Reads the row's key and time; what is wrong with them becomes the row's fault.
    fn keyed(&self, mut row: SpooledRow) -> (GroupRow, Option<Value>) {
        let mut key = None;
        let mut time = None;
        if row.fault.is_none() {
            match self.key_of(&row) {
                Ok(found) => key = found,
                Err(fault) => row.fault = Some(fault),
            }
        }
        if row.fault.is_none()
            && let Some(column) = self.layout.parts.time
        {
            match self.times.instant(&row.fields[column]) {
                Ok(instant) => time = Some(instant),
                Err(_)
                    if row.fields[column].trim().is_empty()
                        && self.layout.kind == ImportKind::Records => {}
                Err(message) => {
                    row.fault =
                        Some(Fault::new("INVALID_TIME", message).at(&self.layout.header[column]))
                }
            }
        }
        (GroupRow { row, time }, key)
    }

    fn key_of(&self, row: &SpooledRow) -> Result<Option<Value>, Fault> {
        let Some(key) = &self.layout.key else {
            return Ok(None);
        };
        read_key(&key.property, &row.fields[key.column])
            .map(Some)
            .map_err(|fault| fault.at(&self.layout.header[key.column]))
    }
}

/// A key as a value of its property.
pub(super) fn read_key(property: &Property, text: &str) -> Result<Value, Fault> {
    let text = without_guard(text.trim());
    let json = match property.kind {
        PropertyType::Number => number_json(text.to_owned()),
        _ => Json::String(text.to_owned()),
    };
    let value = parse_value(property, &json)
        .map_err(|invalid| Fault::new(invalid.code, invalid.message))?;
    let has_key = |value: &Value| value.key(property.kind).is_some_and(|key| !key.is_empty());
    value.filter(has_key).ok_or_else(|| {
        Fault::new(
            "KEY_MISSING",
            "the row does not say which record it is about",
        )
    })
}

fn cut(mut group: Group) -> Vec<Group> {
    if group.rows.len() <= ROWS {
        return vec![group];
    }
    group.rows.sort_by_key(|row| row.time);
    let mut pieces = Vec::new();
    let mut rows = group.rows.into_iter().peekable();
    while rows.peek().is_some() {
        let rows = rows.by_ref().take(ROWS).collect();
        pieces.push(Group {
            key: group.key.clone(),
            rows,
            continues: group.key.is_some() && !pieces.is_empty(),
        });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::imports::spool::Spool;

    fn rows(count: usize) -> Vec<GroupRow> {
        let row = |line: usize| GroupRow {
            row: SpooledRow {
                line: line as u64,
                fields: Vec::new(),
                fault: None,
            },
            time: Some(Timestamp::from_micros((count - line) as i64)),
        };
        (0..count).map(row).collect()
    }

    /// The batches that these groups are cut into.
    fn batches(groups: Vec<Group>) -> Vec<Vec<Group>> {
        let layout = Layout {
            kind: ImportKind::Records,
            header: Vec::new(),
            key: None,
            parts: Default::default(),
            cells: Vec::new(),
            new_properties: Vec::new(),
            creates_named: false,
            creates_named_options: false,
            is_lenient: false,
        };
        let spooled = Arc::new(Spool::new(0).unwrap().finish().unwrap());
        let times = Arc::new(Times::new(None, None).unwrap());
        let mut batches = Batches::new(spooled, 0, Arc::new(layout), times);
        batches.groups = groups.into_iter();
        std::iter::from_fn(|| batches.next().unwrap()).collect()
    }

    #[test]
    fn a_batch_has_few_enough_rows_to_let_others_write() {
        for (records, each) in [(3 * RECORDS, 1), (900, 7), (5, ROWS - 1)] {
            let group = || Group {
                rows: rows(each),
                ..Group::default()
            };
            let batches = batches((0..records).map(|_| group()).collect());
            for batch in &batches {
                assert!(batch.len() <= RECORDS);
                assert!(batch.iter().map(|group| group.rows.len()).sum::<usize>() <= ROWS);
            }
            assert_eq!(batches.iter().map(Vec::len).sum::<usize>(), records);
        }
    }

    #[test]
    fn a_record_with_many_rows_is_written_in_pieces_in_the_order_of_time() {
        let group = Group {
            key: Some(Value::Text("a".into())),
            rows: rows(2 * ROWS + 1),
            ..Group::default()
        };
        let batches = batches(cut(group));
        let pieces: Vec<(usize, bool)> = batches
            .iter()
            .flatten()
            .map(|group| (group.rows.len(), group.continues))
            .collect();
        assert_eq!(pieces, [(ROWS, false), (ROWS, true), (1, true)]);
        let times = batches.iter().flatten().flat_map(|group| &group.rows);
        assert!(times.is_sorted_by_key(|row| row.time));
    }
}
