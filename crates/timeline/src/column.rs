//! One property of all records: entries in flat arrays in record order, and an overlay for records whose entries changed
//! since, which is merged into the arrays when it has grown.

use hashbrown::HashMap;
use leadline_engine::{
    ledger::{self, Source},
    schema::PropertyType,
    time::Timestamp,
    value::{Misfit, Value},
};

use crate::{
    bits::Bits,
    cells::Cells,
    codes::EMPTY,
    dictionary::Dictionary,
    zones::{Zone, Zones},
};

/// The overlay is merged when its entries outnumber this part of the base's.
const MERGE_FRACTION: usize = 16;
/// Overlays smaller than this are never worth a merge.
const MERGE_AT_LEAST: usize = 4096;

/// One value of a property from the moment it began to hold. Entries of a record come in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it began to be true.
    pub valid_from: Timestamp,
    /// `None` is empty.
    pub value: Option<Value>,
    /// How the change that began it came.
    pub source: Source,
}

/// The history of one property over all records of an object.
///
/// Memory: 13 bytes an entry and 8 a record, and the distinct values.
#[derive(Debug, Clone)]
pub struct Column {
    dictionary: Dictionary,
    base: Flat,
    /// Of all entries, overlay included.
    zones: Zones,
    /// The last entry's code of each record, overlay included.
    present: Vec<u32>,
    overlay: HashMap<u32, Patch>,
    patched: Bits,
    overlay_entries: usize,
    touched: Bits,
}

/// Collects a column's entries; records may come in any order, the entries of one record in theirs.
#[derive(Debug)]
pub struct ColumnBuilder {
    dictionary: Dictionary,
    entries: Collected,
    last: Collected,
}

/// Entries as they come.
#[derive(Debug, Default)]
struct Collected {
    /// Which row's, and how many.
    runs: Vec<(u32, u32)>,
    valid_from: Vec<i64>,
    codes: Vec<u32>,
    sources: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(crate) struct Flat {
    /// Where each record's entries begin, and the end of the last.
    pub(crate) offsets: Vec<u32>,
    pub(crate) valid_from: Vec<i64>,
    pub(crate) codes: Vec<u32>,
    pub(crate) sources: Vec<u8>,
}

#[derive(Debug, Clone, Default)]
struct Patch {
    valid_from: Box<[i64]>,
    codes: Box<[u32]>,
    sources: Box<[u8]>,
}

impl From<&ledger::Entry> for Entry {
    fn from(entry: &ledger::Entry) -> Self {
        Self {
            valid_from: entry.valid_from,
            value: entry.value.clone(),
            source: entry.source,
        }
    }
}

impl ColumnBuilder {
    /// An empty column of this type.
    #[must_use]
    pub fn new(kind: PropertyType) -> Self {
        Self {
            dictionary: Dictionary::new(kind),
            entries: Collected::default(),
            last: Collected::default(),
        }
    }

    /// Adds the next entry of a record, given by its row ([`crate::ObjectTimeline::row`]).
    ///
    /// # Errors
    /// If the value is not of the column's type; nothing is added then.
    pub fn push(
        &mut self,
        row: u32,
        valid_from: Timestamp,
        value: Option<&Value>,
        source: Source,
    ) -> Result<(), Misfit> {
        let code = self.dictionary.intern(value)?;
        self.entries.push(row, valid_from, code, source);
        Ok(())
    }

    /// Adds the last entry of a record, which may come before the others. A record has one at most.
    ///
    /// # Errors
    /// As [`ColumnBuilder::push`].
    pub fn push_last(
        &mut self,
        row: u32,
        valid_from: Timestamp,
        value: Option<&Value>,
        source: Source,
    ) -> Result<(), Misfit> {
        let code = self.dictionary.intern(value)?;
        self.last.push(row, valid_from, code, source);
        Ok(())
    }

    /// Bytes of memory that it holds.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.dictionary.memory_bytes() + self.entries.memory_bytes() + self.last.memory_bytes()
    }

    /// The column of `rows` records. Entries of rows beyond are dropped.
    #[must_use]
    pub fn finish(self, rows: usize) -> Column {
        let mut offsets = vec![0_u32; rows + 1];
        for (row, count) in self.entries.runs.iter().chain(&self.last.runs) {
            if let Some(end) = offsets.get_mut(*row as usize + 1) {
                *end += count;
            }
        }
        for row in 0..rows {
            offsets[row + 1] += offsets[row];
        }
        let total = offsets[rows] as usize;
        let mut next = offsets.clone();
        let mut flat = Flat {
            offsets,
            valid_from: vec![0; total],
            codes: vec![EMPTY; total],
            sources: vec![0; total],
        };
        for collected in [self.entries, self.last] {
            collected.put(&mut flat, &mut next[..rows]);
        }
        Column::new(self.dictionary, flat)
    }
}

impl Collected {
    fn push(&mut self, row: u32, valid_from: Timestamp, code: u32, source: Source) {
        match self.runs.last_mut() {
            Some((last, count)) if *last == row => *count += 1,
            _ => self.runs.push((row, 1)),
        }
        self.valid_from.push(valid_from.micros());
        self.codes.push(code);
        self.sources.push(source.code());
    }

    /// Puts the entries of each row at its next place.
    fn put(&self, flat: &mut Flat, next: &mut [u32]) {
        let mut from = 0;
        for &(row, count) in &self.runs {
            let to = from + count as usize;
            if let Some(next) = next.get_mut(row as usize) {
                let place = *next as usize..(*next + count) as usize;
                *next += count;
                flat.valid_from[place.clone()].copy_from_slice(&self.valid_from[from..to]);
                flat.codes[place.clone()].copy_from_slice(&self.codes[from..to]);
                flat.sources[place].copy_from_slice(&self.sources[from..to]);
            }
            from = to;
        }
    }

    fn memory_bytes(&self) -> usize {
        self.runs.capacity() * size_of::<(u32, u32)>()
            + self.valid_from.capacity() * 8
            + self.codes.capacity() * 4
            + self.sources.capacity()
    }
}

impl Column {
    pub(crate) fn new(dictionary: Dictionary, base: Flat) -> Self {
        let rows = base.offsets.len() - 1;
        let present = (0..rows).map(|row| base.cells(row as u32).last_code());
        Self {
            dictionary,
            present: present.collect(),
            overlay: HashMap::new(),
            patched: Bits::none(rows),
            overlay_entries: 0,
            touched: Bits::filled(rows, None, |row| base.cells(row).len() > 0),
            zones: Zones::new(&base.offsets, &base.valid_from),
            base,
        }
    }

    /// The type of its values.
    #[must_use]
    pub fn kind(&self) -> PropertyType {
        self.dictionary.kind()
    }

    /// Bytes of memory that it holds.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let Flat {
            offsets,
            valid_from,
            codes,
            sources,
        } = &self.base;
        offsets.capacity() * 4
            + valid_from.capacity() * 8
            + codes.capacity() * 4
            + sources.capacity()
            + self.present.capacity() * 4
            + self.zones.memory_bytes()
            + self.patched.memory_bytes()
            + self.touched.memory_bytes()
            + self.overlay.capacity() * (size_of::<Patch>() + 8)
            + self.overlay_entries * 13
            + self.dictionary.memory_bytes()
    }

    pub(crate) fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    pub(crate) fn rows(&self) -> usize {
        self.present.len()
    }

    /// The present code of a record.
    #[inline]
    pub(crate) fn present(&self, row: u32) -> u32 {
        self.present[row as usize]
    }

    /// The present codes of all records.
    pub(crate) fn presents(&self) -> &[u32] {
        &self.present
    }

    /// The code that a record held at a time.
    #[inline(always)]
    pub(crate) fn code_at(&self, row: u32, at: i64) -> u32 {
        let zone = self.zones.of(row);
        if zone.is_past(at) {
            return self.present(row);
        }
        if zone.is_future(at) {
            return EMPTY;
        }
        self.cells(row).code_at(at)
    }

    /// The entries of a record that began at or before a time.
    #[inline]
    pub(crate) fn cells_until(&self, row: u32, at: i64) -> Cells<'_> {
        let zone = self.zones.of(row);
        if zone.is_past(at) {
            return self.cells(row);
        }
        if zone.is_future(at) {
            return Cells::default();
        }
        self.cells(row).until(at)
    }

    /// When entries of a record and its neighbours began.
    #[inline(always)]
    pub(crate) fn zone(&self, row: u32) -> Zone {
        self.zones.of(row)
    }

    /// All entries of a record.
    #[inline(always)]
    pub(crate) fn cells(&self, row: u32) -> Cells<'_> {
        if self.overlay_entries > 0
            && let Some(patch) = self.patch(row)
        {
            return patch.cells();
        }
        self.base.cells(row)
    }

    /// All codes of a record.
    #[inline(always)]
    pub(crate) fn codes(&self, row: u32) -> &[u32] {
        if self.overlay_entries > 0
            && let Some(patch) = self.patch(row)
        {
            return &patch.codes;
        }
        &self.base.codes[self.base.range(row)]
    }

    #[inline(never)]
    fn patch(&self, row: u32) -> Option<&Patch> {
        let is_patched = self.patched.contains(row);
        is_patched.then(|| self.overlay.get(&row)).flatten()
    }

    /// The records that have entries, and some that had.
    pub(crate) fn touched(&self) -> &Bits {
        &self.touched
    }

    /// How many entries a record has, about.
    pub(crate) fn mean_entries(&self) -> f64 {
        self.base.codes.len() as f64 / self.rows().max(1) as f64
    }

    /// Appends records without entries until there are `rows`.
    pub(crate) fn grow(&mut self, rows: usize) {
        let end = self.base.valid_from.len() as u32;
        while self.present.len() < rows {
            self.base.offsets.push(end);
            self.present.push(EMPTY);
        }
        self.patched.grow(rows);
        self.touched.grow(rows);
    }

    /// Appends the entries that `rows` of another column have, a record each.
    ///
    /// # Errors
    /// If the other column is of another type.
    pub(crate) fn append(&mut self, other: &Self, rows: &[u32]) -> Result<(), Misfit> {
        self.merge();
        let mut codes: Vec<Option<u32>> = vec![None; other.dictionary.len() + 1];
        for &row in rows {
            let cells = other.cells(row);
            for &code in cells.codes {
                let known = &mut codes[code as usize];
                let code = match *known {
                    Some(code) => code,
                    None => *known.insert(
                        self.dictionary
                            .intern(other.dictionary.value(code).as_ref())?,
                    ),
                };
                self.base.codes.push(code);
            }
            self.base.valid_from.extend_from_slice(cells.valid_from);
            self.base.sources.extend_from_slice(cells.sources);
            self.base.offsets.push(self.base.codes.len() as u32);
            self.zones
                .include(self.present.len() as u32, cells.valid_from);
            let last = cells.last_code() as usize;
            self.present.push(codes[last].unwrap_or(EMPTY));
            self.touched.grow(self.present.len());
            if cells.len() > 0 {
                self.touched.insert(self.present.len() as u32 - 1);
            }
        }
        self.patched.grow(self.present.len());
        Ok(())
    }

    /// Makes `entries` the entries of a record. Does nothing when they are so already.
    ///
    /// # Errors
    /// If a value is not of the column's type; the record keeps its entries then.
    pub(crate) fn replace(&mut self, row: u32, entries: &[Entry]) -> Result<(), Misfit> {
        let mut codes = Vec::with_capacity(entries.len());
        for entry in entries {
            codes.push(self.dictionary.intern(entry.value.as_ref())?);
        }
        let patch = Patch {
            valid_from: entries.iter().map(|e| e.valid_from.micros()).collect(),
            codes: codes.into(),
            sources: entries.iter().map(|e| e.source.code()).collect(),
        };
        let (old, new) = (self.cells(row), patch.cells());
        if old.codes == new.codes && old.valid_from == new.valid_from && old.sources == new.sources
        {
            return Ok(());
        }
        self.zones.include(row, new.valid_from);
        self.present[row as usize] = new.last_code();
        self.touched.insert(row);
        let is_last = row as usize + 1 == self.present.len();
        if is_last && self.base.cells(row).len() == 0 && !self.patched.contains(row) {
            self.base.append_to_last(new);
            return Ok(());
        }
        // One more than its entries, so that a record whose entries all went counts too.
        self.overlay_entries += patch.codes.len() + 1;
        self.patched.insert(row);
        if let Some(before) = self.overlay.insert(row, patch) {
            self.overlay_entries -= before.codes.len() + 1;
        }
        if self.overlay_entries > MERGE_AT_LEAST.max(self.base.codes.len() / MERGE_FRACTION) {
            self.merge();
        }
        Ok(())
    }

    /// Moves the overlay into the base.
    pub(crate) fn merge(&mut self) {
        if self.overlay.is_empty() {
            return;
        }
        self.base = self.merged();
        self.zones = Zones::new(&self.base.offsets, &self.base.valid_from);
        self.overlay = HashMap::new();
        self.patched = Bits::none(self.rows());
        self.overlay_entries = 0;
    }

    /// The arrays, when nothing changed since.
    pub(crate) fn unmerged(&self) -> Option<&Flat> {
        self.overlay.is_empty().then_some(&self.base)
    }

    /// The arrays with what changed since.
    pub(crate) fn merged(&self) -> Flat {
        let rows = self.rows();
        let total = self.base.codes.len() + self.overlay_entries;
        let mut flat = Flat {
            offsets: Vec::with_capacity(rows + 1),
            valid_from: Vec::with_capacity(total),
            codes: Vec::with_capacity(total),
            sources: Vec::with_capacity(total),
        };
        flat.offsets.push(0);
        for row in 0..rows as u32 {
            let cells = self.cells(row);
            flat.offsets.push(*flat.offsets.last().unwrap_or(&0));
            flat.append_to_last(cells);
        }
        flat
    }
}

impl Flat {
    #[inline(always)]
    fn range(&self, row: u32) -> std::ops::Range<usize> {
        self.offsets[row as usize] as usize..self.offsets[row as usize + 1] as usize
    }

    #[inline(always)]
    fn cells(&self, row: u32) -> Cells<'_> {
        let range = self.range(row);
        Cells {
            valid_from: &self.valid_from[range.clone()],
            codes: &self.codes[range.clone()],
            sources: &self.sources[range],
        }
    }

    fn append_to_last(&mut self, cells: Cells<'_>) {
        self.valid_from.extend_from_slice(cells.valid_from);
        self.codes.extend_from_slice(cells.codes);
        self.sources.extend_from_slice(cells.sources);
        if let Some(end) = self.offsets.last_mut() {
            *end = self.valid_from.len() as u32;
        }
    }
}

impl Patch {
    fn cells(&self) -> Cells<'_> {
        Cells {
            valid_from: &self.valid_from,
            codes: &self.codes,
            sources: &self.sources,
        }
    }
}
