//! Writes a stated history: many values of one record with their own times, as an import brings them.
//!
//! Lifecycles are not enforced: what happened, happened.

use std::collections::{BTreeMap, BTreeSet};

use super::{Stamp, Written, append, change, next_recorded_at, property_id, replace_open};
use crate::{
    ids::RecordId,
    ledger::{Actor, Entry, GENESIS, Record, Source, Span},
    schema::Object,
    spans::{self, Owner},
    time::Timestamp,
    value::Value,
};

/// Values that became true at one time, said by one row of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryRow {
    /// When.
    pub time: Timestamp,
    /// Who set them, if the file says so.
    pub actor: Option<Actor>,
    /// How they came, if the file says so.
    pub source: Option<Source>,
    /// The values by property name; `None` is empty.
    pub values: Vec<(String, Option<Value>)>,
}

/// Rows of one time and one origin that set different properties: one change set.
struct Group {
    time: Timestamp,
    actor: Actor,
    source: Source,
    values: BTreeMap<String, Option<Value>>,
}

/// Adds rows (in the order of the file) to a record's history, or begins a record with them. `spans` are all rows of the properties named.
/// Equal times keep their order; a value that already held makes no entry, nor do values of an instant that are known of it in the same order.
/// `None` if nothing is new.
#[must_use]
pub fn write_history(
    object: &Object,
    id: RecordId,
    record: Option<Record>,
    spans: &[Span],
    rows: Vec<HistoryRow>,
    stamp: &Stamp,
) -> Option<(Record, Written)> {
    let groups = group(rows, stamp);
    let mut record =
        record.or_else(|| groups.first().map(|first| begin(object, id, first, stamp)))?;
    let first_version = record.version + 1;

    // 1. Merge each property's entries; a new entry's began_version is for now the number of its group.
    let names: BTreeSet<&String> = groups
        .iter()
        .flat_map(|group| group.values.keys())
        .collect();
    let mut merged: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    for &name in &names {
        let property = property_id(object, name);
        let own: Vec<Span> = spans
            .iter()
            .filter(|span| span.property_id == property)
            .cloned()
            .collect();
        let known = spans::known_entries(&own, record.open_entry(name));
        let added = unknown(&known, added(&groups, name));
        merged.insert(name, spans::merge(&known, added));
    }

    // 2. Groups that brought something new become change sets, in order of time.
    let places: BTreeMap<(&str, usize), usize> = merged
        .iter()
        .flat_map(|(&name, entries)| {
            entries
                .iter()
                .enumerate()
                .filter_map(move |(at, entry)| Some(((name, group_number(entry)?), at)))
        })
        .collect();
    let mut effective: BTreeSet<usize> =
        merged.values().flatten().filter_map(group_number).collect();
    if record.version == 0 {
        effective.insert(0);
    }
    if effective.is_empty() {
        return None;
    }
    let versions: BTreeMap<usize, i64> = effective
        .iter()
        .enumerate()
        .map(|(order, &number)| (number, first_version + order as i64))
        .collect();
    let mut written = Written::default();
    let mut recorded_at = if record.version == 0 {
        stamp.now
    } else {
        next_recorded_at(&record, stamp.now)
    };
    for &number in &effective {
        let group = &groups[number];
        let changes = group.values.iter().filter_map(|(name, value)| {
            let entries = &merged[name.as_str()];
            let at = *places.get(&(name.as_str(), number))?;
            let before = at
                .checked_sub(1)
                .and_then(|before| entries[before].value.as_ref());
            Some(change(name, before, value.as_ref()))
        });
        let stamp = Stamp {
            actor: group.actor,
            source: group.source,
            ..stamp.clone()
        };
        written.change_sets.push(append(
            &mut record,
            changes.collect(),
            group.time,
            recorded_at,
            &stamp,
        ));
        recorded_at = recorded_at.plus_micros(1);
    }

    // 3. Rewrite the properties' timelines.
    for (name, mut entries) in merged {
        for entry in &mut entries {
            if let Some(number) = group_number(entry) {
                entry.began_version = versions[&number];
                entry.known_version = versions[&number];
            }
        }
        let property = object
            .property(name)
            .expect("rows were resolved against this object");
        let own: Vec<Span> = spans
            .iter()
            .filter(|span| span.property_id == property.id)
            .cloned()
            .collect();
        let open = record.open_entry(name);
        let owner = Owner {
            record_id: record.id,
            property_id: property.id,
        };
        let rewrite = spans::rewrite(
            owner,
            &own,
            open.as_ref(),
            &entries,
            first_version..=record.version,
        );
        replace_open(&mut record, property, rewrite.open.as_ref(), &entries);
        written.spans.extend(rewrite.append);
        written.superseded.extend(rewrite.supersede);
    }
    Some((record, written))
}

fn group(mut rows: Vec<HistoryRow>, stamp: &Stamp) -> Vec<Group> {
    rows.sort_by_key(|row| row.time);
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let (actor, source) = (
            row.actor.unwrap_or(stamp.actor),
            row.source.unwrap_or(stamp.source),
        );
        let fits = groups.last().is_some_and(|last| {
            last.time == row.time
                && last.actor == actor
                && last.source == source
                && row
                    .values
                    .iter()
                    .all(|(name, _)| !last.values.contains_key(name))
        });
        if !fits {
            groups.push(Group {
                time: row.time,
                actor,
                source,
                values: BTreeMap::new(),
            });
        }
        if let Some(last) = groups.last_mut() {
            last.values.extend(row.values);
        }
    }
    groups
}

fn begin(object: &Object, id: RecordId, first: &Group, stamp: &Stamp) -> Record {
    Record {
        id,
        object_id: object.id,
        version: 0,
        values: BTreeMap::new(),
        since: BTreeMap::new(),
        created_at: first.time,
        created_source: first.source,
        created_by: first.actor,
        recorded_at: stamp.now,
        updated_at: stamp.now,
        archived: false,
        head_hash: GENESIS,
    }
}

fn added(groups: &[Group], name: &str) -> Vec<Entry> {
    let entry = |(number, group): (usize, &Group)| {
        let value = group.values.get(name)?.clone();
        let began_version = -1 - number as i64;
        Some(Entry {
            valid_from: group.time,
            value,
            began_version,
            known_version: began_version,
            source: group.source,
            ordinal: 0,
        })
    };
    groups.iter().enumerate().filter_map(entry).collect()
}

/// Without the values of an instant that are what is known of that instant already, in the same order: a file that is imported again says
/// nothing new, also where values tie.
fn unknown(known: &[Entry], added: Vec<Entry>) -> Vec<Entry> {
    let is_known = |said: &[Entry]| {
        let time = said[0].valid_from;
        let first = known.partition_point(|entry| entry.valid_from < time);
        let mut held = first
            .checked_sub(1)
            .and_then(|before| known[before].value.as_ref());
        let mut there = known[first..]
            .iter()
            .take_while(|entry| entry.valid_from == time)
            .peekable();
        let is_there = there.peek().is_some();
        for entry in said {
            if entry.value.as_ref() == held {
                continue;
            }
            held = entry.value.as_ref();
            if there.next().is_none_or(|known| known.value != entry.value) {
                return false;
            }
        }
        is_there && there.next().is_none()
    };
    added
        .chunk_by(|a, b| a.valid_from == b.valid_from)
        .filter(|said| !is_known(said))
        .flatten()
        .cloned()
        .collect()
}

/// The group that a not yet versioned entry came from.
fn group_number(entry: &Entry) -> Option<usize> {
    usize::try_from(-1 - entry.began_version).ok()
}
