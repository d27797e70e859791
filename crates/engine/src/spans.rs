//! Entries and spans of one property of one record: how a live change, a correction and an import change them.
//!
//! A property's timeline is a list of [`Entry`]; each holds until the next one begins, the last is open. Closed entries are kept as [`Span`]
//! rows, which are only ever appended and superseded; the open one lives in the record's row.

use std::ops::RangeInclusive;

use crate::{
    ids::{PropertyId, RecordId},
    ledger::{Entry, Record, Since, Source, Span},
    time::Timestamp,
    value::Value,
};

/// A value stated for `[valid_from, valid_to)`; without an end it holds until the next known change. One that ends where it begins adds a
/// visit of no duration after those that are known of that instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The value; `None` is empty.
    pub value: Option<Value>,
    /// From when.
    pub valid_from: Timestamp,
    /// Until when.
    pub valid_to: Option<Timestamp>,
    /// What began it before, in an undo; else it begins with the statement.
    pub origin: Option<Origin>,
}

/// What began an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The version of the record.
    pub version: i64,
    /// How it came.
    pub source: Source,
}

/// What makes one timeline of a property into another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rewrite {
    /// Rows that are superseded (as they were, not yet marked).
    pub supersede: Vec<Span>,
    /// Rows to append.
    pub append: Vec<Span>,
    /// The open entry afterwards; `None` if the property has no entries left.
    pub open: Option<Entry>,
}

impl Rewrite {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.supersede.is_empty() && self.append.is_empty()
    }
}

/// The identity that a rewritten timeline's rows have in common.
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    /// The record.
    pub record_id: RecordId,
    /// The property.
    pub property_id: PropertyId,
}

/// Sets a property's value from `valid_from` on, after all it held before: closes the open entry and opens a new one.
/// Returns the closed span, if there was an open entry. The caller has checked that the value differs and that `valid_from` is later.
pub fn set_value(
    record: &mut Record,
    (name, id): (&str, PropertyId),
    value: Option<Value>,
    valid_from: Timestamp,
    version: i64,
    source: Source,
) -> Option<Span> {
    let closed = record.open_entry(name).map(|entry| {
        closed_span(
            Owner {
                record_id: record.id,
                property_id: id,
            },
            &entry,
            valid_from,
            version,
            entry.known_version,
        )
    });
    let since = Since {
        valid_from,
        ordinal: 0,
        began_version: version,
        known_version: version,
        source,
    };
    record.set_open_entry(name, &since.entry(value));
    closed
}

/// The entries of a property as they are known now: its rows that are not superseded, and the open entry.
#[must_use]
pub fn known_entries(spans: &[Span], open: Option<Entry>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = spans
        .iter()
        .filter(|span| span.superseded_version.is_none())
        .map(Span::entry)
        .collect();
    entries.extend(open);
    sort(&mut entries);
    entries
}

/// The entries of a property as they were known when the record had this version.
#[must_use]
pub fn entries_known_at(spans: &[Span], open: Option<Entry>, version: i64) -> Vec<Entry> {
    let visible = |span: &&Span| {
        span.known_version <= version
            && span
                .superseded_version
                .is_none_or(|superseded| superseded > version)
    };
    let mut entries: Vec<Entry> = spans.iter().filter(visible).map(Span::entry).collect();
    entries.extend(open.filter(|entry| entry.known_version <= version));
    sort(&mut entries);
    entries
}

/// The entry that holds at `time`; of several that began at one instant, the last.
#[must_use]
pub fn entry_at(entries: &[Entry], time: Timestamp) -> Option<&Entry> {
    entries[..entries.partition_point(|entry| entry.valid_from <= time)].last()
}

/// Applies statements to a timeline, in order. Entries that begin inside a stated interval give way to it; what held at its end goes on.
#[must_use]
pub fn correct(
    entries: &[Entry],
    statements: &[Statement],
    version: i64,
    source: Source,
) -> Vec<Entry> {
    let mut result = entries.to_vec();
    for statement in statements {
        let until = statement.valid_to.or_else(|| {
            result
                .iter()
                .map(|entry| entry.valid_from)
                .find(|&from| from > statement.valid_from)
        });
        let resumed = until.and_then(|until| {
            let begins_there = result.iter().any(|entry| entry.valid_from == until);
            let held = if begins_there {
                None
            } else {
                entry_at(&result, until)
            };
            held.map(|held| Entry {
                valid_from: until,
                began_version: version,
                known_version: version,
                source,
                ..held.clone()
            })
        });
        // A property that was empty until its first entry is empty again after the stated interval.
        let emptied = match (until, statement.valid_to) {
            (Some(until), Some(_))
                if resumed.is_none() && !result.iter().any(|entry| entry.valid_from <= until) =>
            {
                Some(Entry {
                    valid_from: until,
                    value: None,
                    began_version: version,
                    known_version: version,
                    source,
                    ordinal: 0,
                })
            }
            _ => None,
        };
        result.retain(|entry| {
            entry.valid_from < statement.valid_from
                || until.is_some_and(|until| entry.valid_from >= until)
        });
        let origin = statement.origin.unwrap_or(Origin { version, source });
        result.push(Entry {
            valid_from: statement.valid_from,
            value: statement.value.clone(),
            began_version: origin.version,
            known_version: version,
            source: origin.source,
            ordinal: 0,
        });
        result.extend(resumed);
        result.extend(emptied);
        result.sort_by_key(|entry| entry.valid_from);
    }
    let mut result = tidy(result);
    // What was known before and is only stated again keeps its origin: it is no change.
    for entry in result
        .iter_mut()
        .filter(|entry| entry.began_version == version)
    {
        let known = entries.iter().find(|known| {
            (known.valid_from, known.ordinal, &known.value)
                == (entry.valid_from, entry.ordinal, &entry.value)
        });
        if let Some(known) = known {
            *entry = known.clone();
        }
    }
    result
}

/// Which statements, by their place in the list, begin before an earlier one has ended. One without an end lasts until the next one begins.
#[must_use]
pub fn overlapping(statements: &[Statement]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..statements.len()).collect();
    order.sort_by_key(|&place| statements[place].valid_from);
    let mut found = Vec::new();
    let mut ended: Option<(usize, Timestamp)> = None;
    for place in order {
        let Statement {
            valid_from,
            valid_to,
            ..
        } = statements[place];
        // One that has no end holds for an instant at least.
        let end = valid_to.unwrap_or(valid_from.plus_micros(1));
        match ended {
            Some((longest, until)) if valid_from < until => {
                found.push(place.max(longest));
                if end > until {
                    ended = Some((place, end));
                }
            }
            _ => ended = Some((place, end)),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Adds entries to a timeline at their times; of one instant, added ones come after those already there, in the order given.
#[must_use]
pub fn merge(entries: &[Entry], added: Vec<Entry>) -> Vec<Entry> {
    let mut result = entries.to_vec();
    result.extend(added);
    result.sort_by_key(|entry| entry.valid_from);
    tidy(result)
}

/// What must be written to turn the timeline `spans` + `open` into `entries` (tidy: see [`correct`] and [`merge`]) by the change
/// sets of `versions`; what they replace is superseded by the last of them.
#[must_use]
pub fn rewrite(
    owner: Owner,
    spans: &[Span],
    open: Option<&Entry>,
    entries: &[Entry],
    versions: RangeInclusive<i64>,
) -> Rewrite {
    let version = *versions.end();
    let mut result = Rewrite::default();
    let (last, closed) = match entries.split_last() {
        Some((last, closed)) => (Some(last), closed),
        None => (None, entries),
    };
    let mut old: Vec<&Span> = spans
        .iter()
        .filter(|span| span.superseded_version.is_none())
        .collect();
    old.sort_by_key(|span| (span.valid_from, span.ordinal));
    let mut kept = vec![false; old.len()];
    for (index, entry) in closed.iter().enumerate() {
        let next = &entries[index + 1];
        let same = old
            .binary_search_by_key(&(entry.valid_from, entry.ordinal), |span| {
                (span.valid_from, span.ordinal)
            })
            .ok()
            .filter(|&at| {
                let span = old[at];
                span.value == entry.value
                    && span.valid_to == Some(next.valid_from)
                    && span.began_version == entry.began_version
                    && span.ended_version == Some(next.began_version)
            });
        match same {
            Some(at) => kept[at] = true,
            None => {
                // An entry that was the open one and is now closed in the ordinary way keeps since when it is known.
                let was_open = open.is_some_and(|open| is_same(open, entry))
                    && versions.contains(&next.began_version);
                let known = if was_open || versions.contains(&entry.began_version) {
                    entry.known_version
                } else {
                    version
                };
                result.append.push(closed_span(
                    owner,
                    entry,
                    next.valid_from,
                    next.began_version,
                    known,
                ));
            }
        }
    }
    result.supersede.extend(
        old.iter()
            .zip(&kept)
            .filter(|(_, kept)| !**kept)
            .map(|(span, _)| (*span).clone()),
    );
    let unchanged_open = matches!((open, last), (Some(open), Some(last)) if is_same(open, last));
    if let Some(open) = open.filter(|_| !unchanged_open) {
        let closed_ordinarily = result
            .append
            .iter()
            .any(|span| span.known_version == open.known_version && is_same(open, &span.entry()));
        if !closed_ordinarily {
            result.append.push(Span {
                valid_to: None,
                ended_version: None,
                superseded_version: Some(version),
                ..closed_span(owner, open, open.valid_from, version, open.known_version)
            });
        }
    }
    result.open = last.map(|last| {
        if unchanged_open || versions.contains(&last.began_version) {
            last.clone()
        } else {
            Entry {
                known_version: version,
                ..last.clone()
            }
        }
    });
    result
}

impl Span {
    /// The row as an entry.
    #[must_use]
    pub fn entry(&self) -> Entry {
        Entry {
            valid_from: self.valid_from,
            value: self.value.clone(),
            began_version: self.began_version,
            known_version: self.known_version,
            source: self.source,
            ordinal: self.ordinal,
        }
    }
}

fn is_same(a: &Entry, b: &Entry) -> bool {
    a.valid_from == b.valid_from
        && a.ordinal == b.ordinal
        && a.value == b.value
        && a.began_version == b.began_version
}

fn closed_span(
    owner: Owner,
    entry: &Entry,
    valid_to: Timestamp,
    ended_version: i64,
    known_version: i64,
) -> Span {
    Span {
        record_id: owner.record_id,
        property_id: owner.property_id,
        valid_from: entry.valid_from,
        ordinal: entry.ordinal,
        valid_to: Some(valid_to),
        value: entry.value.clone(),
        began_version: entry.began_version,
        ended_version: Some(ended_version),
        known_version,
        superseded_version: None,
        source: entry.source,
    }
}

fn sort(entries: &mut [Entry]) {
    entries.sort_by_key(|entry| (entry.valid_from, entry.ordinal));
}

/// Consecutive equal values become one entry, a leading empty one is dropped, and entries of one instant are numbered.
fn tidy(entries: Vec<Entry>) -> Vec<Entry> {
    let mut result: Vec<Entry> = Vec::with_capacity(entries.len());
    for mut entry in entries {
        let repeats = result
            .last()
            .map_or(entry.value.is_none(), |last| last.value == entry.value);
        if repeats {
            continue;
        }
        entry.ordinal = match result.last() {
            Some(last) if last.valid_from == entry.valid_from => last.ordinal + 1,
            _ => 0,
        };
        result.push(entry);
    }
    result
}

#[cfg(test)]
mod tests;
