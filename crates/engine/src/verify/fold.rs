//! Folds change sets into the record and the rows that they make.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Fault, Grouping};
use crate::{
    ledger::{Change, ChangeSet, Entry, GENESIS, Record, Since, Span},
    schema::{Object, Property},
    spans::{self, Origin, Owner, Rewrite, Statement},
    value::{Value, optional_json},
    write::replace_open,
};

/// The record that change sets (at least one) make, and all rows of its past.
pub(super) fn fold(
    object: &Object,
    change_sets: &[ChangeSet],
    grouping: &Grouping,
) -> Result<(Record, Vec<Span>), Fault> {
    let mut fold = Fold {
        object,
        change_sets,
        record: begin(&change_sets[0]),
        rows: BTreeMap::new(),
    };
    for group in change_sets.chunk_by(|one, _| !grouping.splits_after(one.version)) {
        match group {
            [set] if set.is_correction() => fold.correct(set)?,
            _ => fold.state(group)?,
        }
    }
    Ok((fold.record, fold.rows.into_values().flatten().collect()))
}

struct Fold<'a> {
    object: &'a Object,
    change_sets: &'a [ChangeSet],
    record: Record,
    rows: BTreeMap<String, Vec<Span>>,
}

/// A value that a change set states, and the change it comes from.
struct Stated<'a> {
    change: &'a Change,
    entry: Entry,
}

impl Fold<'_> {
    /// Change sets that state values from their times on, together.
    fn state(&mut self, group: &[ChangeSet]) -> Result<(), Fault> {
        let mut stated: BTreeMap<&str, Vec<Stated<'_>>> = BTreeMap::new();
        for set in group {
            for change in &set.changes {
                let property = self.property(set, change)?;
                let since = Since {
                    valid_from: set.valid_from,
                    ordinal: 0,
                    began_version: set.version,
                    known_version: set.version,
                    source: set.source,
                };
                let entry = since.entry(value(&property, set, change)?);
                stated
                    .entry(&change.property)
                    .or_default()
                    .push(Stated { change, entry });
            }
        }
        let versions = group[0].version..=group[group.len() - 1].version;
        for (name, stated) in stated {
            let property = self.property(&group[0], stated[0].change)?;
            if self.come_after(name, &stated) {
                for one in stated {
                    self.append(&property, one)?;
                }
            } else {
                self.insert(&property, stated, versions.clone())?;
            }
        }
        self.record.version = *versions.end();
        Ok(())
    }

    /// Whether each value begins after the one before: how nearly all changes are.
    fn come_after(&self, name: &str, stated: &[Stated<'_>]) -> bool {
        let begins_in_order = match self.record.open_entry(name) {
            Some(open) => open.valid_from < stated[0].entry.valid_from,
            None => self.record.created_at <= stated[0].entry.valid_from,
        };
        begins_in_order
            && stated
                .windows(2)
                .all(|pair| pair[0].entry.valid_from < pair[1].entry.valid_from)
    }

    fn append(&mut self, property: &Arc<Property>, stated: Stated<'_>) -> Result<(), Fault> {
        let name = property.name.as_str();
        let Stated { change, entry } = stated;
        let held = self.record.values.get(name);
        if held == entry.value.as_ref() {
            return Err(no_change(name, &entry));
        }
        check_from(change, held, &entry)?;
        let closed = spans::set_value(
            &mut self.record,
            (name, property.id),
            entry.value,
            entry.valid_from,
            entry.began_version,
            entry.source,
        );
        self.rows.entry(name.to_owned()).or_default().extend(closed);
        Ok(())
    }

    fn insert(
        &mut self,
        property: &Arc<Property>,
        stated: Vec<Stated<'_>>,
        versions: std::ops::RangeInclusive<i64>,
    ) -> Result<(), Fault> {
        let name = property.name.as_str();
        let rows = self.rows.entry(name.to_owned()).or_default();
        let open = self.record.open_entry(name);
        let known = spans::known_entries(rows, open.clone());
        let added = stated.iter().map(|stated| stated.entry.clone()).collect();
        let merged = spans::merge(&known, added);
        for Stated { change, entry } in &stated {
            let at = merged
                .iter()
                .position(|other| other.began_version == entry.began_version)
                .ok_or_else(|| no_change(name, entry))?;
            let before = at
                .checked_sub(1)
                .and_then(|before| merged[before].value.as_ref());
            check_from(change, before, entry)?;
        }
        let owner = Owner {
            record_id: self.record.id,
            property_id: property.id,
        };
        let rewrite = spans::rewrite(owner, rows, open.as_ref(), &merged, versions.clone());
        replace_open(&mut self.record, property, rewrite.open.as_ref(), &merged);
        take_over(rows, rewrite, *versions.end());
        Ok(())
    }

    fn correct(&mut self, set: &ChangeSet) -> Result<(), Fault> {
        let first = &set.changes[0];
        let property = self.property(set, first)?;
        let name = property.name.as_str();
        let open = self.record.open_entry(name);
        let rows = self.rows.get(name).map_or(&[][..], Vec::as_slice);
        let before = spans::known_entries(rows, open.clone());
        let mut statements = Vec::with_capacity(set.changes.len());
        for change in &set.changes {
            let Some(valid_from) = change.valid_from.filter(|_| change.property == name) else {
                return Err(Fault::of(
                    name,
                    Some(set.version),
                    "the change set mixes a correction with other changes",
                ));
            };
            let statement = Statement {
                value: value(&property, set, change)?,
                valid_from,
                valid_to: change.valid_to,
                origin: change.restores.and_then(|version| self.origin(version)),
            };
            statements.push(statement);
        }
        let after = spans::correct(&before, &statements, set.version, set.source);
        let owner = Owner {
            record_id: self.record.id,
            property_id: property.id,
        };
        let versions = set.version..=set.version;
        let rewrite = spans::rewrite(owner, rows, open.as_ref(), &after, versions);
        replace_open(&mut self.record, &property, rewrite.open.as_ref(), &after);
        let rows = self.rows.entry(name.to_owned()).or_default();
        take_over(rows, rewrite, set.version);
        self.record.version = set.version;
        Ok(())
    }

    fn origin(&self, version: i64) -> Option<Origin> {
        let at = usize::try_from(version).ok()?.checked_sub(1)?;
        let source = self.change_sets.get(at)?.source;
        Some(Origin { version, source })
    }

    fn property(&self, set: &ChangeSet, change: &Change) -> Result<Arc<Property>, Fault> {
        self.object
            .property(&change.property)
            .cloned()
            .ok_or_else(|| {
                Fault::of(
                    &change.property,
                    Some(set.version),
                    "the change set names a property that does not exist",
                )
            })
    }
}

fn begin(first: &ChangeSet) -> Record {
    Record {
        id: first.record_id,
        object_id: first.object_id,
        version: 0,
        values: BTreeMap::new(),
        since: BTreeMap::new(),
        created_at: first.valid_from,
        created_source: first.source,
        created_by: first.actor,
        recorded_at: first.recorded_at,
        updated_at: first.recorded_at,
        archived: false,
        head_hash: GENESIS,
    }
}

fn value(property: &Property, set: &ChangeSet, change: &Change) -> Result<Option<Value>, Fault> {
    Value::from_stored(property.kind, &change.to).map_err(|misfit| {
        Fault::of(
            &property.name,
            Some(set.version),
            &format!("the change set's value is damaged: {misfit}"),
        )
    })
}

fn check_from(change: &Change, before: Option<&Value>, entry: &Entry) -> Result<(), Fault> {
    if change.from == optional_json(before) {
        return Ok(());
    }
    Err(Fault::of(
        &change.property,
        Some(entry.began_version),
        "the change set's value before is not what was held",
    ))
}

fn no_change(name: &str, entry: &Entry) -> Fault {
    Fault::of(
        name,
        Some(entry.began_version),
        "the change set changes nothing",
    )
}

fn take_over(rows: &mut Vec<Span>, rewrite: Rewrite, version: i64) {
    for span in rows
        .iter_mut()
        .filter(|span| rewrite.supersede.contains(span))
    {
        span.superseded_version = Some(version);
    }
    rows.extend(rewrite.append);
}
