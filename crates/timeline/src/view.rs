//! Reading timelines at a moment: the present, or as of a time in the past.

use std::collections::HashMap;

use leadline_engine::{
    ids::{ObjectId, PropertyId, RecordId},
    ledger::Source,
    schema::Property,
    time::Timestamp,
    value::Value,
};

use crate::{
    bits::Bits,
    cells::Cells,
    column::{Column, Entry},
    dictionary::TRUE,
    object::ObjectTimeline,
};

/// The moment at which timelines are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Times in value are measured up to here. As of a time: entries that began later are not there.
    pub at: Timestamp,
    /// Whether this is a moment of the past; otherwise the last entry is the present, whatever the clocks say.
    pub is_as_of: bool,
}

/// The timelines at the other ends of links, by object.
#[derive(Debug, Clone, Default)]
pub struct Linked<'a>(HashMap<ObjectId, &'a ObjectTimeline>);

/// One object's timeline, read at a moment.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// What is read.
    pub timeline: &'a ObjectTimeline,
    /// At which moment.
    pub moment: Moment,
    /// Where links lead.
    pub linked: &'a Linked<'a>,
}

/// Why a question was not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The column was not loaded; see [`crate::needed_columns`].
    #[error("the column of property {0} is not loaded")]
    MissingColumn(PropertyId),
    /// The timeline at the other end of a link was not given.
    #[error("the timeline of object {0} is not loaded")]
    MissingObject(ObjectId),
    /// The cursor does not belong to this order.
    #[error("the cursor does not belong to this order")]
    BadCursor,
    /// The range and the interval give more intervals than a report can have.
    #[error("the range has more than {limit} intervals")]
    TooManyIntervals {
        /// The most that a report can have.
        limit: usize,
    },
}

impl Moment {
    /// The present; `at` is what the clock shows.
    #[must_use]
    pub fn now(at: Timestamp) -> Self {
        Self {
            at,
            is_as_of: false,
        }
    }

    /// As of a time, inclusive.
    #[must_use]
    pub fn as_of(at: Timestamp) -> Self {
        Self { at, is_as_of: true }
    }

    /// Entries that began later are not there.
    #[inline]
    pub(crate) fn horizon(self) -> i64 {
        if self.is_as_of {
            self.at.micros()
        } else {
            i64::MAX
        }
    }
}

impl<'a> Linked<'a> {
    /// No other objects.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds an object's timeline.
    pub fn insert(&mut self, object: ObjectId, timeline: &'a ObjectTimeline) {
        self.0.insert(object, timeline);
    }

    pub(crate) fn get(&self, object: ObjectId) -> Result<&'a ObjectTimeline, QueryError> {
        self.0
            .get(&object)
            .copied()
            .ok_or(QueryError::MissingObject(object))
    }
}

impl<'a> View<'a> {
    /// A view of `timeline` at `moment`; `linked` holds the objects that links lead to.
    #[must_use]
    pub fn new(timeline: &'a ObjectTimeline, moment: Moment, linked: &'a Linked<'a>) -> Self {
        Self {
            timeline,
            moment,
            linked,
        }
    }

    /// Whether the record existed, archived or not.
    #[must_use]
    pub fn exists(&self, id: RecordId) -> bool {
        let created_at = &self.timeline.rows.created_at;
        self.timeline
            .row(id)
            .is_some_and(|row| created_at[row as usize] <= self.moment.horizon())
    }

    /// The value that a record's property held; of `archived` too, which is never empty.
    ///
    /// # Errors
    /// If the column is not loaded.
    pub fn value(&self, row: u32, property: &Property) -> Result<Option<Value>, QueryError> {
        let column = self.column(property.id)?;
        if self.is_archived_property(property) {
            let flag = self.code(column, row) == TRUE;
            return Ok(Some(Value::Boolean(flag)));
        }
        Ok(column.dictionary().value(self.code(column, row)))
    }

    /// The entries of a record's property up to the moment.
    ///
    /// # Errors
    /// If the column is not loaded.
    pub fn entries(&self, row: u32, property: &Property) -> Result<Vec<Entry>, QueryError> {
        let column = self.column(property.id)?;
        let cells = self.cells(column, row);
        let entry = |index: usize| Entry {
            valid_from: Timestamp::from_micros(cells.valid_from[index]),
            value: column.dictionary().value(cells.codes[index]),
            source: Source::from_code(i64::from(cells.sources[index])).unwrap_or(Source::System),
        };
        Ok((0..cells.len()).map(entry).collect())
    }

    pub(crate) fn column(&self, property: PropertyId) -> Result<&'a Column, QueryError> {
        self.timeline
            .column(property)
            .ok_or(QueryError::MissingColumn(property))
    }

    pub(crate) fn is_archived_property(&self, property: &Property) -> bool {
        property.id == self.timeline.archived_property().id
    }

    /// The code that a record held at the moment. The present is a look into an array, and stays one where this is called.
    #[inline(always)]
    pub(crate) fn code(&self, column: &Column, row: u32) -> u32 {
        if self.moment.is_as_of {
            self.code_as_of(column, row)
        } else {
            column.present(row)
        }
    }

    #[inline(never)]
    fn code_as_of(&self, column: &Column, row: u32) -> u32 {
        column.code_at(row, self.moment.at.micros())
    }

    /// The entries of a record up to the moment.
    #[inline(always)]
    pub(crate) fn cells<'c>(&self, column: &'c Column, row: u32) -> Cells<'c> {
        if self.moment.is_as_of {
            self.cells_as_of(column, row)
        } else {
            column.cells(row)
        }
    }

    /// The codes of a record up to the moment.
    #[inline(always)]
    pub(crate) fn codes<'c>(&self, column: &'c Column, row: u32) -> &'c [u32] {
        if self.moment.is_as_of {
            self.cells_as_of(column, row).codes
        } else {
            column.codes(row)
        }
    }

    #[inline(never)]
    fn cells_as_of<'c>(&self, column: &'c Column, row: u32) -> Cells<'c> {
        column.cells_until(row, self.moment.at.micros())
    }

    /// Of `records`, those that existed at the moment, archived or not.
    pub(crate) fn existing(&self, records: &Bits) -> Bits {
        let created_at = &self.timeline.rows.created_at;
        let horizon = self.moment.horizon();
        Bits::filled(created_at.len(), Some(records), |row| {
            created_at[row as usize] <= horizon
        })
    }

    /// Of `records`, those that were not archived at the moment.
    pub(crate) fn unarchived(&self, mut records: Bits) -> Result<Bits, QueryError> {
        let archived = self.column(self.timeline.archived_property().id)?;
        // Few records ever were: only those are looked at.
        let mut touched = records.clone();
        touched.intersect(archived.touched());
        let out = Bits::filled(self.timeline.len(), Some(&touched), |row| {
            self.code(archived, row) == TRUE
        });
        records.subtract(&out);
        Ok(records)
    }
}
