//! Takes back what a job has written of a record: the record's history becomes what it would be without it.
//!
//! The undo is a correction, so what was believed meanwhile stays known. Lifecycles do not bind it: they did not bind the import either.

use super::{Refusal, Restated, Stamp, Written, restate};
use crate::{
    ids::JobId,
    ledger::{ChangeSet, Entry, Record, Span},
    schema::Property,
    spans::{self, Origin, Statement},
    time::Timestamp,
    value::Value,
};

/// Takes back what jobs have stated of a property: the one that is stamped, and those that were taken back before. `spans` are all rows of the
/// property, `change_sets` all of the record, in order of version. `None` if there is nothing to take back.
///
/// # Errors
/// If the record is archived, or the stored history cannot be read.
pub fn take_back(
    record: &mut Record,
    property: &Property,
    (spans, change_sets): (&[Span], &[ChangeSet]),
    undone: &[JobId],
    stamp: &Stamp,
) -> Result<Option<Written>, Refusal> {
    if record.archived {
        return Err(Refusal::Archived);
    }
    let before = spans::known_entries(spans, record.open_entry(&property.name));
    let is_undone = |set: &ChangeSet| {
        let job = set.job_id;
        job.is_some_and(|job| Some(job) == stamp.job_id || undone.contains(&job))
    };
    let wanted = without(record, property, (spans, change_sets), is_undone)?;
    let statements = statements(&before, &wanted);
    let version = record.version + 1;
    let after = spans::correct(&before, &statements, version, stamp.source);
    let restated = Restated {
        property,
        spans,
        after: &after,
        statements: &statements,
        is_undo: true,
    };
    Ok(restate(record, &restated, stamp))
}

/// The entries of a property as if some change sets had not been.
fn without(
    record: &Record,
    property: &Property,
    (spans, change_sets): (&[Span], &[ChangeSet]),
    is_undone: impl Fn(&ChangeSet) -> bool,
) -> Result<Vec<Entry>, Refusal> {
    let first = change_sets
        .iter()
        .position(&is_undone)
        .unwrap_or(change_sets.len());
    let known_version = first
        .checked_sub(1)
        .map_or(0, |last| change_sets[last].version);
    let open = record.open_entry(&property.name);
    let mut entries = spans::entries_known_at(spans, open, known_version);
    let later: Vec<&ChangeSet> = change_sets[first..]
        .iter()
        .filter(|&set| !is_undone(set))
        .collect();
    for write in later
        .chunk_by(|one, next| next.version == one.version + 1 && one.may_be_one_write_with(next))
    {
        entries = apply(entries, property, write)?;
    }
    Ok(entries)
}

/// The entries after one write.
fn apply(
    entries: Vec<Entry>,
    property: &Property,
    write: &[&ChangeSet],
) -> Result<Vec<Entry>, Refusal> {
    let mut statements = Vec::new();
    let mut added = Vec::new();
    for set in write {
        for change in set
            .changes
            .iter()
            .filter(|change| change.property == property.name)
        {
            let value =
                Value::from_stored(property.kind, &change.to).map_err(|_| Refusal::Damaged {
                    property: property.name.clone(),
                })?;
            match change.valid_from {
                Some(valid_from) => statements.push(Statement {
                    value,
                    valid_from,
                    valid_to: change.valid_to,
                    origin: None,
                }),
                None => added.push(Entry {
                    valid_from: set.valid_from,
                    value,
                    began_version: set.version,
                    known_version: set.version,
                    source: set.source,
                    ordinal: 0,
                }),
            }
        }
    }
    Ok(match (write, statements.is_empty()) {
        ([set], false) => spans::correct(&entries, &statements, set.version, set.source),
        _ if added.is_empty() => entries,
        _ => spans::merge(&entries, added),
    })
}

/// Statements that make one timeline into another, from the first instant at which they differ to the last.
fn statements(before: &[Entry], wanted: &[Entry]) -> Vec<Statement> {
    let Some((start, end)) = differing(before, wanted) else {
        return Vec::new();
    };
    let is_within =
        |entry: &&Entry| start <= entry.valid_from && end.is_none_or(|end| entry.valid_from < end);
    let inside: Vec<&Entry> = wanted.iter().filter(is_within).collect();
    let instants: Vec<&[&Entry]> = inside
        .chunk_by(|one, next| one.valid_from == next.valid_from)
        .collect();
    // An interval without an end would only hold until the next known change, so all that is known is stated over first.
    let cut = end.unwrap_or_else(|| {
        let last = |entries: &[Entry]| entries.last().map(|entry| entry.valid_from);
        last(before)
            .max(last(wanted))
            .map_or(start, |last| last.max(start))
    });
    let state = |entry: &Entry, valid_from, valid_to| Statement {
        value: entry.value.clone(),
        valid_from,
        valid_to,
        origin: (entry.valid_from == valid_from).then_some(Origin {
            version: entry.began_version,
            source: entry.source,
        }),
    };
    let state_at = |time, valid_to| {
        let begun = instants
            .iter()
            .find(|instant| instant[0].valid_from == time);
        let held = begun.map(|instant| instant[0]);
        match held.or_else(|| spans::entry_at(wanted, time)) {
            Some(entry) => state(entry, time, valid_to),
            None => Statement {
                value: None,
                valid_from: time,
                valid_to,
                origin: None,
            },
        }
    };
    let mut statements = Vec::new();
    if start < cut {
        statements.push(state_at(start, Some(cut)));
    }
    if end.is_none() {
        statements.push(state_at(cut, None));
    }
    for (index, instant) in instants.iter().enumerate() {
        let begun = instant[0].valid_from;
        if start < begun && begun < cut {
            let next = instants.get(index + 1).map(|next| next[0].valid_from);
            let until = next.map_or(cut, |next| next.min(cut));
            statements.push(state(instant[0], begun, Some(until)));
        }
        statements.extend(
            instant[1..]
                .iter()
                .map(|tie| state(tie, begun, Some(begun))),
        );
    }
    statements
}

/// From which instant on two timelines differ, and from which on they are the same again; `None` if they do not differ.
fn differing(before: &[Entry], wanted: &[Entry]) -> Option<(Timestamp, Option<Timestamp>)> {
    let same = |(a, b): &(&Entry, &Entry)| {
        let is_begun_alike = a.began_version == b.began_version;
        is_begun_alike && (a.valid_from, a.ordinal, &a.value) == (b.valid_from, b.ordinal, &b.value)
    };
    let alike = before.iter().zip(wanted).take_while(same).count();
    let (before, wanted) = (&before[alike..], &wanted[alike..]);
    let start = [before.first(), wanted.first()]
        .into_iter()
        .flatten()
        .map(|entry| entry.valid_from)
        .min()?;
    let mut alike = before
        .iter()
        .rev()
        .zip(wanted.iter().rev())
        .take_while(same)
        .count();
    // What begins at one instant is stated together.
    while alike > 0 {
        let first = before[before.len() - alike].valid_from;
        let is_parted = [before, wanted].into_iter().any(|entries| {
            let earlier = entries.len().checked_sub(alike + 1);
            earlier.is_some_and(|earlier| entries[earlier].valid_from == first)
        });
        if !is_parted && first > start {
            return Some((start, Some(first)));
        }
        alike -= 1;
    }
    Some((start, None))
}
