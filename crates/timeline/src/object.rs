//! The records of one object as rows, and the columns loaded of them.

use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use leadline_engine::{
    ids::{PropertyId, RecordId},
    schema::Property,
    time::Timestamp,
    value::Misfit,
};
use std::hash::BuildHasher;
use uuid::Uuid;

use crate::{
    column::{Column, ColumnBuilder, Entry},
    ranks::Ranks,
};

/// The read model of one object of a workspace. Rows are numbered in the order in which records were first given, for good.
#[derive(Debug, Clone)]
pub struct ObjectTimeline {
    archived: Arc<Property>,
    pub(crate) rows: Rows,
    columns: HashMap<PropertyId, Column>,
}

/// What a record is besides its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowHead {
    /// Its identity.
    pub id: RecordId,
    /// When it began to exist, in valid time.
    pub created_at: Timestamp,
    /// When Leadline last learned something of it.
    pub updated_at: Timestamp,
    /// Who created it, where that has an identity.
    pub created_by: Option<Uuid>,
    /// How many change sets it has.
    pub version: i64,
}

/// A record as it is now known: what [`ObjectTimeline::replace_record`] takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordState {
    /// What it is besides its properties.
    pub head: RowHead,
    /// All entries of its properties, in order. Loaded columns that are not listed keep what they hold (of a new record:
    /// nothing); listed ones that are not loaded are skipped. So list every loaded column, with no entries where there are none.
    pub columns: Vec<(PropertyId, Vec<Entry>)>,
}

/// The heads of records, by row.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub(crate) ids: Vec<RecordId>,
    pub(crate) created_at: Vec<i64>,
    pub(crate) updated_at: Vec<i64>,
    created_by: Vec<u32>,
    version: Vec<i64>,
    /// Distinct creators; 0 is none.
    creators: Vec<Option<Uuid>>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl ObjectTimeline {
    /// An object without records. `archived` is its system property of that name.
    #[must_use]
    pub fn new(archived: Arc<Property>) -> Self {
        Self {
            archived,
            rows: Rows::new(),
            columns: HashMap::new(),
        }
    }

    /// How many records there are, archived ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.ids.is_empty()
    }

    /// The row of a record.
    #[must_use]
    pub fn row(&self, id: RecordId) -> Option<u32> {
        self.rows.find(id)
    }

    /// The row of a record that probably follows the one of row `before`.
    #[must_use]
    pub fn row_after(&self, before: Option<u32>, id: RecordId) -> Option<u32> {
        let next = before.map_or(0, |row| row + 1);
        if self.id(next) == Some(id) {
            return Some(next);
        }
        self.row(id)
    }

    /// The record of a row.
    #[must_use]
    pub fn id(&self, row: u32) -> Option<RecordId> {
        self.rows.ids.get(row as usize).copied()
    }

    /// The version of a record as it is known here.
    #[must_use]
    pub fn version(&self, id: RecordId) -> Option<i64> {
        self.row(id).map(|row| self.rows.version[row as usize])
    }

    /// The system property `archived` of the object.
    #[must_use]
    pub fn archived_property(&self) -> &Arc<Property> {
        &self.archived
    }

    /// Whether a property's column is loaded.
    #[must_use]
    pub fn has_column(&self, property: PropertyId) -> bool {
        self.columns.contains_key(&property)
    }

    /// The properties whose columns are loaded, in no order.
    pub fn loaded_columns(&self) -> impl Iterator<Item = PropertyId> + '_ {
        self.columns.keys().copied()
    }

    /// A loaded column.
    #[must_use]
    pub fn column(&self, property: PropertyId) -> Option<&Column> {
        self.columns.get(&property)
    }

    /// Adds a record's head, or replaces it when it is not older than what is known. Its row, in any case.
    pub fn put_head(&mut self, head: &RowHead) -> u32 {
        match self.rows.find(head.id) {
            Some(row) => {
                if head.version >= self.rows.version[row as usize] {
                    self.rows.set(row, head);
                }
                row
            }
            None => {
                let row = self.rows.push(head);
                for column in self.columns.values_mut() {
                    column.grow(row as usize + 1);
                }
                row
            }
        }
    }

    /// Adds a column, in place of one that was loaded before. Records of rows that it does not reach have no entries.
    pub fn insert_column(&mut self, property: PropertyId, mut column: Column) {
        column.grow(self.len());
        self.columns.insert(property, column);
    }

    /// Forgets a column and frees its memory.
    pub fn drop_column(&mut self, property: PropertyId) {
        self.columns.remove(&property);
    }

    /// Makes a record what `state` says: its head and the entries of the columns listed. A new record gets a new row. An older
    /// version than the known one is ignored, the same one is applied again: a column may have been loaded before it.
    ///
    /// Returns whether the state was applied.
    ///
    /// # Errors
    /// If a value is not of its column's type.
    pub fn replace_record(&mut self, state: &RecordState) -> Result<bool, Misfit> {
        if let Some(version) = self.version(state.head.id)
            && version > state.head.version
        {
            return Ok(false);
        }
        let row = self.put_head(&state.head);
        for (property, entries) in &state.columns {
            if let Some(column) = self.columns.get_mut(property) {
                column.replace(row, entries)?;
            }
        }
        Ok(true)
    }

    /// Adds records of another part of the same object, with the columns that both have. They must not be known here yet.
    ///
    /// # Errors
    /// If a column is of another type there.
    pub fn append(&mut self, part: &Self, rows: &[u32]) -> Result<(), Misfit> {
        for (property, column) in &mut self.columns {
            if let Some(other) = part.columns.get(property) {
                column.append(other, rows)?;
            }
        }
        for &row in rows {
            self.rows.push(&part.rows.head(row));
        }
        let len = self.len();
        self.columns
            .values_mut()
            .for_each(|column| column.grow(len));
        Ok(())
    }

    /// The same object without its records; its columns are those of this one, empty.
    #[must_use]
    pub fn without_records(&self) -> Self {
        let mut empty = Self::new(Arc::clone(&self.archived));
        for (property, column) in &self.columns {
            empty.insert_column(*property, ColumnBuilder::new(column.kind()).finish(0));
        }
        empty
    }

    /// Moves all overlays into their columns' arrays. Happens by itself as overlays grow.
    pub fn merge(&mut self) {
        self.columns.values_mut().for_each(Column::merge);
    }

    /// Bytes of memory that rows and columns hold.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let columns: usize = self.columns.values().map(Column::memory_bytes).sum();
        self.rows_memory_bytes() + columns
    }

    /// Bytes of memory that the rows hold without their columns.
    #[must_use]
    pub fn rows_memory_bytes(&self) -> usize {
        self.rows.memory_bytes()
    }
}

impl Rows {
    fn new() -> Self {
        Self {
            ids: Vec::new(),
            created_at: Vec::new(),
            updated_at: Vec::new(),
            created_by: Vec::new(),
            version: Vec::new(),
            creators: vec![None],
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub(crate) fn created_by(&self, row: u32) -> Option<Uuid> {
        self.creator(self.creator_code(row))
    }

    /// Which creator a record has; 0 is none.
    #[inline]
    pub(crate) fn creator_code(&self, row: u32) -> u32 {
        self.created_by[row as usize]
    }

    pub(crate) fn creator(&self, code: u32) -> Option<Uuid> {
        self.creators[code as usize]
    }

    /// The order of creators.
    pub(crate) fn creator_ranks(&self) -> Ranks {
        Ranks::new(self.creators.len() - 1, &[], |a, b| {
            self.creator(a).cmp(&self.creator(b))
        })
    }

    fn find(&self, id: RecordId) -> Option<u32> {
        let hash = self.hasher.hash_one(id);
        self.index
            .find(hash, |&row| self.ids[row as usize] == id)
            .copied()
    }

    fn push(&mut self, head: &RowHead) -> u32 {
        let row = self.ids.len() as u32;
        let creator = self.code_of_creator(head.created_by);
        self.ids.push(head.id);
        self.created_at.push(head.created_at.micros());
        self.updated_at.push(head.updated_at.micros());
        self.created_by.push(creator);
        self.version.push(head.version);
        let (ids, hasher) = (&self.ids, &self.hasher);
        self.index
            .insert_unique(hasher.hash_one(head.id), row, |&row| {
                hasher.hash_one(ids[row as usize])
            });
        row
    }

    pub(crate) fn head(&self, row: u32) -> RowHead {
        let creator = self.created_by(row);
        let row = row as usize;
        RowHead {
            id: self.ids[row],
            created_at: Timestamp::from_micros(self.created_at[row]),
            updated_at: Timestamp::from_micros(self.updated_at[row]),
            created_by: creator,
            version: self.version[row],
        }
    }

    fn set(&mut self, row: u32, head: &RowHead) {
        let creator = self.code_of_creator(head.created_by);
        let row = row as usize;
        self.created_at[row] = head.created_at.micros();
        self.updated_at[row] = head.updated_at.micros();
        self.created_by[row] = creator;
        self.version[row] = head.version;
    }

    /// The code of a creator. There are few, and the latest ones are asked for most.
    fn code_of_creator(&mut self, creator: Option<Uuid>) -> u32 {
        let found = self.creators.iter().rposition(|known| *known == creator);
        found.unwrap_or_else(|| {
            self.creators.push(creator);
            self.creators.len() - 1
        }) as u32
    }

    fn memory_bytes(&self) -> usize {
        self.ids.capacity() * size_of::<RecordId>()
            + (self.created_at.capacity() + self.updated_at.capacity() + self.version.capacity())
                * 8
            + self.created_by.capacity() * 4
            + self.index.capacity() * 5
    }
}
