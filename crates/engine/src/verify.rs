//! Checks one record against its own ledger: the chain of hashes, the versions, and that folding all change sets gives exactly the rows
//! that are stored (checks H1, H2, H4, H5 and H8).
//!
//! The fold uses the rules by which the rows were written (see [`crate::spans`]), but nothing of what was written.

mod fold;

use std::collections::BTreeSet;

use fold::fold;

use crate::{
    ids::PropertyId,
    ledger::{ChangeSet, GENESIS, Record, Span},
    schema::{ARCHIVED, Object},
    spans,
    value::Value,
};

/// The first thing that is wrong with a record. It names no values: they may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Of which property, if of one.
    pub property: Option<String>,
    /// At which version of the record, if at one.
    pub version: Option<i64>,
    /// What is wrong, in words.
    pub what: String,
}

/// Checks a record. `spans` are all its rows, superseded ones too; `change_sets` all of them, in order of version.
///
/// # Errors
/// The first fault.
pub fn verify(
    object: &Object,
    record: &Record,
    spans: &[Span],
    change_sets: &[ChangeSet],
) -> Result<(), Fault> {
    check_chain(record, change_sets)?;
    let mut first_fault = None;
    for grouping in Grouping::candidates(spans, change_sets) {
        let checked = fold(object, change_sets, &grouping).and_then(|(expected, rows)| {
            check_present(record, &expected)?;
            check_rows(object, spans, rows)
        });
        match checked {
            Ok(()) => return check_contiguous(object, record, spans),
            Err(fault) => first_fault = first_fault.or(Some(fault)),
        }
    }
    first_fault.map_or(Ok(()), Err)
}

/// Which change sets are one write. Those of one import follow each other by a microsecond, but so do two writes when the clock has stepped
/// back; then what they superseded tells them apart: a write supersedes by its last version, and never what it has just made.
struct Grouping {
    /// By version, from 1: whether a write ends with it.
    ends: Vec<bool>,
}

impl Grouping {
    /// From the likely to the unlikely; nearly always the first is right.
    fn candidates<'a>(
        spans: &'a [Span],
        change_sets: &'a [ChangeSet],
    ) -> impl Iterator<Item = Self> + 'a {
        let attempts = [
            |_: &mut Self, _: &[Span]| {},
            |grouping: &mut Self, spans: &[Span]| grouping.part(spans, |known, _| known),
            |grouping: &mut Self, spans: &[Span]| grouping.part(spans, |_, last| last),
            |grouping: &mut Self, _: &[Span]| grouping.ends.fill(true),
        ];
        attempts.into_iter().map(|attempt| {
            let mut grouping = Self::by_time(spans, change_sets);
            attempt(&mut grouping, spans);
            grouping
        })
    }

    fn by_time(spans: &[Span], change_sets: &[ChangeSet]) -> Self {
        let mut ends = vec![true; change_sets.len() + 1];
        for (pair, end) in change_sets.windows(2).zip(&mut ends[1..]) {
            *end = !pair[0].may_be_one_write_with(&pair[1]);
        }
        for version in spans.iter().filter_map(|span| span.superseded_version) {
            if let Some(end) = index(version).and_then(|version| ends.get_mut(version)) {
                *end = true;
            }
        }
        Self { ends }
    }

    /// Parts the write that made a row from the one that superseded it, wherever they are still together: after the first version at which
    /// that can be, or the last one, as `choose` says.
    fn part(&mut self, spans: &[Span], choose: fn(usize, usize) -> usize) {
        let mut rows: Vec<(usize, usize)> = spans
            .iter()
            .filter_map(|span| {
                let last = index(span.superseded_version? - 1)?;
                Some((index(span.known_version)?, last))
            })
            .filter(|(known, last)| known <= last && *last < self.ends.len())
            .collect();
        rows.sort_by_key(|(known, last)| last - known);
        for (known, last) in rows {
            if !self.ends[known..=last].contains(&true) {
                self.ends[choose(known, last)] = true;
            }
        }
    }

    fn splits_after(&self, version: i64) -> bool {
        index(version)
            .and_then(|version| self.ends.get(version))
            .is_none_or(|ends| *ends)
    }
}

fn index(version: i64) -> Option<usize> {
    usize::try_from(version).ok()
}

fn check_chain(record: &Record, change_sets: &[ChangeSet]) -> Result<(), Fault> {
    let mut previous: Option<&ChangeSet> = None;
    for (set, version) in change_sets.iter().zip(1..) {
        if set.version != version {
            return Err(Fault::at(version, "the change set is missing"));
        }
        if set.object_id != record.object_id {
            return Err(Fault::at(version, "the change set is of another object"));
        }
        if previous.is_some_and(|previous| set.recorded_at <= previous.recorded_at) {
            return Err(Fault::at(
                version,
                "the recorded time is not later than that of the version before",
            ));
        }
        let hash = set.hash_after(&previous.map_or(GENESIS, |previous| previous.hash));
        if hash != set.hash {
            return Err(Fault::at(
                version,
                "the hash is not that of the change set and the one before it",
            ));
        }
        previous = Some(set);
    }
    let (Some(first), Some(last)) = (change_sets.first(), previous) else {
        return Err(Fault::at(1, "the change set is missing"));
    };
    if record.version > last.version {
        return Err(Fault::at(last.version + 1, "the change set is missing"));
    }
    let of_record = [
        (
            record.version == last.version,
            last,
            "the record's version is behind its last change set",
        ),
        (
            record.head_hash == last.hash,
            last,
            "the record's hash is not that of its last change set",
        ),
        (
            record.updated_at == last.recorded_at,
            last,
            "the record's updated_at is not the recorded time of its last change set",
        ),
        (
            record.recorded_at == first.recorded_at,
            first,
            "the record's recorded_at is not the recorded time of its first change set",
        ),
        (
            record.created_source == first.source && record.created_by == first.actor,
            first,
            "the record was not created as its first change set says",
        ),
    ];
    match of_record.into_iter().find(|(is_right, ..)| !is_right) {
        Some((_, set, what)) => Err(Fault::at(set.version, what)),
        None => Ok(()),
    }
}

fn check_present(record: &Record, expected: &Record) -> Result<(), Fault> {
    let names: BTreeSet<&String> = record
        .known_properties()
        .chain(expected.known_properties())
        .collect();
    for name in names {
        let (stored, folded) = (record.open_entry(name), expected.open_entry(name));
        if stored == folded {
            continue;
        }
        let version = stored
            .as_ref()
            .or(folded.as_ref())
            .map(|entry| entry.began_version);
        let is_value = stored.and_then(|entry| entry.value) != folded.and_then(|entry| entry.value);
        let what = if is_value {
            "the current value is not what the change sets make it"
        } else {
            "the current value is right, but not since when it holds"
        };
        return Err(Fault::of(name, version, what));
    }
    if record.created_at != expected.created_at {
        return Err(Fault::at(
            1,
            "the record's created_at is not when its change sets begin it",
        ));
    }
    let is_archived = record.values.get(ARCHIVED) == Some(&Value::Boolean(true));
    if record.archived != is_archived {
        return Err(Fault::of(
            ARCHIVED,
            Some(record.version),
            "the record's archived flag is not the value of its property",
        ));
    }
    Ok(())
}

fn check_rows(object: &Object, stored: &[Span], mut expected: Vec<Span>) -> Result<(), Fault> {
    let mut stored: Vec<&Span> = stored.iter().collect();
    stored.sort_by_key(|span| row_key(span));
    expected.sort_by_key(row_key);
    let mut pairs = stored.iter().zip(&expected);
    let differing = pairs.find(|(stored, expected)| **stored != *expected);
    let fault = |span: &Span, what: &str| {
        let name = property_name(object, span.property_id);
        let what = format!(
            "the span from {} (known since version {}) {what}",
            span.valid_from, span.known_version
        );
        Fault::of(&name, Some(span.began_version), &what)
    };
    if let Some((stored, expected)) = differing {
        return Err(match row_key(stored).cmp(&row_key(expected)) {
            std::cmp::Ordering::Less => fault(stored, "is in no change set"),
            std::cmp::Ordering::Greater => fault(expected, "is missing"),
            std::cmp::Ordering::Equal => fault(expected, difference(stored, expected)),
        });
    }
    match (stored.get(expected.len()), expected.get(stored.len())) {
        (Some(extra), _) => Err(fault(extra, "is in no change set")),
        (None, Some(missing)) => Err(fault(missing, "is missing")),
        (None, None) => Ok(()),
    }
}

fn row_key(span: &Span) -> (PropertyId, crate::time::Timestamp, u32, i64) {
    (
        span.property_id,
        span.valid_from,
        span.ordinal,
        span.known_version,
    )
}

fn difference(stored: &Span, expected: &Span) -> &'static str {
    if stored.value != expected.value {
        "has another value than its change set"
    } else if stored.valid_to != expected.valid_to {
        "does not end when the next value begins"
    } else if stored.began_version != expected.began_version {
        "was begun by another version"
    } else if stored.ended_version != expected.ended_version {
        "was ended by another version"
    } else if stored.superseded_version != expected.superseded_version {
        "was superseded by another version, or not at all"
    } else {
        "has another source than its change set"
    }
}

/// What is known now of each property has no gaps and no overlaps, and ends with the open entry.
fn check_contiguous(object: &Object, record: &Record, stored: &[Span]) -> Result<(), Fault> {
    let mut stored: Vec<&Span> = stored
        .iter()
        .filter(|span| span.superseded_version.is_none())
        .collect();
    stored.sort_by_key(|span| row_key(span));
    for rows in stored.chunk_by(|a, b| a.property_id == b.property_id) {
        let name = property_name(object, rows[0].property_id);
        let open = record.open_entry(&name);
        let rows: Vec<Span> = rows.iter().map(|span| (*span).clone()).collect();
        let entries = spans::known_entries(&rows, open);
        let gap = rows.iter().enumerate().find(|(index, span)| {
            span.valid_to != entries.get(index + 1).map(|next| next.valid_from)
        });
        if let Some((_, span)) = gap {
            let what = format!(
                "the span from {} does not end when the next value begins",
                span.valid_from
            );
            return Err(Fault::of(&name, Some(span.began_version), &what));
        }
    }
    Ok(())
}

fn property_name(object: &Object, id: PropertyId) -> String {
    object
        .property_by_id(id)
        .map_or_else(|| id.to_string(), |property| property.name.clone())
}

impl Fault {
    fn at(version: i64, what: &str) -> Self {
        Self {
            property: None,
            version: Some(version),
            what: what.to_owned(),
        }
    }

    fn of(property: &str, version: Option<i64>, what: &str) -> Self {
        Self {
            property: Some(property.to_owned()),
            version,
            what: what.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
