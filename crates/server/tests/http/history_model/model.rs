//! The naive model: after each version of a record, the whole of what is believed about it.

use std::collections::BTreeMap;

use leadline_engine::time::Timestamp;
use serde_json::{Value, json};

/// The properties that the model writes, and `archived`.
pub(super) const PROPERTIES: [&str; 4] = ["name", "source", "stage", "archived"];

/// What happens to a record.
#[derive(Debug, Clone)]
pub(super) enum Command {
    Create {
        values: BTreeMap<&'static str, Value>,
        valid_from: Option<Timestamp>,
    },
    Update {
        values: BTreeMap<&'static str, Value>,
        valid_from: Option<Timestamp>,
        knowing: Option<i64>,
    },
    Archive(bool),
    Correct {
        property: &'static str,
        set: Vec<Statement>,
    },
    Restore {
        as_of: Timestamp,
        properties: Option<Vec<&'static str>>,
    },
    Import(Vec<Row>),
}

#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) value: Value,
    pub(super) from: Timestamp,
    pub(super) to: Option<Timestamp>,
}

/// A row of a history import.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) time: Timestamp,
    pub(super) property: &'static str,
    pub(super) value: Value,
}

/// How the server must answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Accepted,
    Refused(u16, &'static str),
}

/// A record's whole history.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) versions: Vec<Version>,
}

/// What one change set did.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) recorded_at: Timestamp,
    pub(super) valid_from: Timestamp,
    pub(super) source: &'static str,
    /// Property, from, to; not said where several change sets share a write.
    pub(super) changes: Option<Vec<(&'static str, Value, Value)>>,
    /// What was believed from then on; not said within a write that made several change sets.
    pub(super) belief: Option<Belief>,
}

/// What is true, as far as it is known.
#[derive(Debug, Clone)]
pub(super) struct Belief {
    pub(super) created_at: Timestamp,
    pub(super) timelines: BTreeMap<&'static str, Vec<Entry>>,
}

/// A value, from when it holds, and the version that said so.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) from: Timestamp,
    pub(super) value: Value,
    pub(super) version: usize,
}

impl Model {
    /// What is believed now.
    pub(super) fn belief(&self) -> &Belief {
        let last = self.versions.last().unwrap();
        last.belief.as_ref().unwrap()
    }

    /// Whether the record exists.
    pub(super) fn exists(&self) -> bool {
        !self.versions.is_empty()
    }

    /// Does what the command says, or tells why not.
    pub(super) fn apply(&mut self, command: &Command, now: Timestamp) -> Expected {
        let result = match command {
            Command::Create { values, valid_from } => self.create(values, *valid_from, now),
            Command::Update {
                values,
                valid_from,
                knowing,
            } => self.update(values, *valid_from, *knowing, now),
            Command::Archive(archived) => self.archive(*archived, now),
            Command::Correct { property, set } => self.correct(property, set, now),
            Command::Restore { as_of, properties } => {
                self.restore(*as_of, properties.as_deref(), now)
            }
            Command::Import(rows) => {
                self.import(rows, now);
                Ok(())
            }
        };
        match result {
            Ok(()) => Expected::Accepted,
            Err((status, code)) => Expected::Refused(status, code),
        }
    }

    fn create(
        &mut self,
        values: &BTreeMap<&'static str, Value>,
        valid_from: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), (u16, &'static str)> {
        if valid_from.is_some_and(|from| from > now) {
            return Err((422, "TIME_IN_FUTURE"));
        }
        let created_at = valid_from.unwrap_or(now);
        let mut values = values.clone();
        values.entry("stage").or_insert(json!("new"));
        values.retain(|_, value| !value.is_null());
        let entry = |value: &Value| Entry {
            from: created_at,
            value: value.clone(),
            version: 1,
        };
        let timelines = values
            .iter()
            .map(|(name, value)| (*name, vec![entry(value)]))
            .collect();
        let changes = values
            .into_iter()
            .map(|(name, value)| (name, Value::Null, value))
            .collect();
        self.versions.push(Version {
            recorded_at: now,
            valid_from: created_at,
            source: "user",
            changes: Some(changes),
            belief: Some(Belief {
                created_at,
                timelines,
            }),
        });
        Ok(())
    }

    fn update(
        &mut self,
        values: &BTreeMap<&'static str, Value>,
        valid_from: Option<Timestamp>,
        knowing: Option<i64>,
        now: Timestamp,
    ) -> Result<(), (u16, &'static str)> {
        if knowing.is_some_and(|version| version != self.versions.len() as i64) {
            return Err((412, "STALE_VERSION"));
        }
        if self.belief().is_archived() {
            return Err((409, "RECORD_ARCHIVED"));
        }
        self.set(values, valid_from, "user", now)
    }

    fn archive(&mut self, archived: bool, now: Timestamp) -> Result<(), (u16, &'static str)> {
        if archived == self.belief().is_archived() {
            return Ok(());
        }
        let values = BTreeMap::from([("archived", json!(archived))]);
        self.set(&values, None, "user", now)
    }

    fn restore(
        &mut self,
        as_of: Timestamp,
        properties: Option<&[&'static str]>,
        now: Timestamp,
    ) -> Result<(), (u16, &'static str)> {
        if as_of > now {
            return Err((422, "TIME_IN_FUTURE"));
        }
        let belief = self.belief();
        if as_of < belief.created_at {
            return Err((422, "AS_OF_BEFORE_CREATION"));
        }
        if belief.is_archived() {
            return Err((409, "RECORD_ARCHIVED"));
        }
        let mut values = BTreeMap::new();
        for name in PROPERTIES.into_iter().filter(|name| *name != "archived") {
            if properties.is_none_or(|names| names.contains(&name)) {
                values.insert(name, belief.value_at(name, as_of));
            }
        }
        self.set(&values, None, "restore", now)
    }

    fn set(
        &mut self,
        values: &BTreeMap<&'static str, Value>,
        valid_from: Option<Timestamp>,
        source: &'static str,
        now: Timestamp,
    ) -> Result<(), (u16, &'static str)> {
        let recorded_at = self.next_recorded_at(now);
        let valid_from = valid_from.unwrap_or(recorded_at);
        let version = self.versions.len() + 1;
        let mut belief = self.belief().clone();
        let mut changes = Vec::new();
        for (name, value) in values {
            let held = belief.present(name);
            if held == *value {
                continue;
            }
            if valid_from > recorded_at {
                return Err((422, "TIME_IN_FUTURE"));
            }
            let timeline = belief.timelines.entry(name).or_default();
            let is_later = timeline
                .last()
                .map_or(valid_from >= belief.created_at, |last| {
                    valid_from > last.from
                });
            if !is_later {
                return Err((409, "VALID_FROM_BEFORE_LAST_CHANGE"));
            }
            timeline.push(Entry {
                from: valid_from,
                value: value.clone(),
                version,
            });
            changes.push((*name, held, value.clone()));
        }
        if !changes.is_empty() {
            self.versions.push(Version {
                recorded_at,
                valid_from,
                source,
                changes: Some(changes),
                belief: Some(belief),
            });
        }
        Ok(())
    }

    fn correct(
        &mut self,
        property: &'static str,
        set: &[Statement],
        now: Timestamp,
    ) -> Result<(), (u16, &'static str)> {
        let set = &one_after_another(set).ok_or((422, "OVERLAPPING_INTERVALS"))?;
        if self.belief().is_archived() {
            return Err((409, "RECORD_ARCHIVED"));
        }
        let recorded_at = self.next_recorded_at(now);
        for statement in set {
            if statement.from > recorded_at || statement.to.is_some_and(|to| to > recorded_at) {
                return Err((422, "TIME_IN_FUTURE"));
            }
            if statement.to.is_some_and(|to| to <= statement.from) {
                return Err((422, "INVALID_INTERVAL"));
            }
        }
        let version = self.versions.len() + 1;
        let mut belief = self.belief().clone();
        let before = belief.timelines.get(property).cloned().unwrap_or_default();
        let mut after = before.clone();
        for statement in set {
            after = stated(&after, statement, version);
        }
        let mut after = tidy(after);
        keep_origins(&mut after, &before);
        if after == before {
            return Ok(());
        }
        let change = |statement: &Statement| {
            (
                property,
                held_at(&before, statement.from),
                statement.value.clone(),
            )
        };
        let changes = set.iter().map(change).collect();
        belief.created_at = after
            .first()
            .map_or(belief.created_at, |first| first.from.min(belief.created_at));
        belief.timelines.insert(property, after);
        self.versions.push(Version {
            recorded_at,
            valid_from: set.iter().map(|statement| statement.from).min().unwrap(),
            source: "user",
            changes: Some(changes),
            belief: Some(belief),
        });
        Ok(())
    }

    fn import(&mut self, rows: &[Row], now: Timestamp) {
        let groups = groups(rows);
        let is_new = !self.exists();
        let mut belief = match self.versions.last() {
            Some(_) => self.belief().clone(),
            None => Belief {
                created_at: groups[0][0].time,
                timelines: BTreeMap::new(),
            },
        };
        // While it is not known which groups become versions, an entry of group n has the version LARGE + n.
        const LARGE: usize = 1_000_000;
        let known = belief.timelines.clone();
        for (number, group) in groups.iter().enumerate() {
            for row in group.iter().filter(|row| !is_known(&known, rows, row)) {
                belief
                    .timelines
                    .entry(row.property)
                    .or_default()
                    .push(Entry {
                        from: row.time,
                        value: row.value.clone(),
                        version: LARGE + number,
                    });
            }
        }
        for timeline in belief.timelines.values_mut() {
            timeline.sort_by_key(|entry| entry.from);
            *timeline = tidy(std::mem::take(timeline));
        }
        belief.timelines.retain(|_, timeline| !timeline.is_empty());
        let mut recorded_at = if is_new {
            now
        } else {
            self.next_recorded_at(now)
        };
        for (number, group) in groups.iter().enumerate() {
            let version = self.versions.len() + 1;
            let mut entries = belief.timelines.values_mut().flatten();
            let mut is_effective = is_new && number == 0;
            for entry in entries.by_ref() {
                if entry.version == LARGE + number {
                    (entry.version, is_effective) = (version, true);
                }
            }
            if is_effective {
                self.versions.push(Version {
                    recorded_at,
                    valid_from: group[0].time,
                    source: "import",
                    changes: None,
                    belief: None,
                });
                recorded_at = recorded_at.plus_micros(1);
            }
        }
        let first = belief.timelines.values().filter_map(|list| list.first());
        let first = first.map(|entry| entry.from).min();
        belief.created_at = first.map_or(belief.created_at, |first| first.min(belief.created_at));
        if let Some(last) = self.versions.last_mut()
            && last.belief.is_none()
        {
            last.belief = Some(belief);
        }
    }

    fn next_recorded_at(&self, now: Timestamp) -> Timestamp {
        let last = self.versions.last().unwrap().recorded_at;
        now.max(last.plus_micros(1))
    }
}

impl Belief {
    /// What a property holds at a time.
    pub(super) fn value_at(&self, property: &str, time: Timestamp) -> Value {
        self.timelines
            .get(property)
            .map_or(Value::Null, |timeline| held_at(timeline, time))
    }

    /// What a property holds after all that is known.
    pub(super) fn present(&self, property: &str) -> Value {
        self.value_at(property, Timestamp::MAX)
    }

    pub(super) fn is_archived(&self) -> bool {
        self.present("archived") == json!(true)
    }
}

fn held_at(timeline: &[Entry], time: Timestamp) -> Value {
    let mut begun = timeline.iter().filter(|entry| entry.from <= time);
    begun
        .next_back()
        .map_or(Value::Null, |entry| entry.value.clone())
}

/// A timeline in which the statement holds in its interval, and what held at its end goes on.
/// Statements so that each finds the next one there, if it lasts until then; `None` if two overlap.
fn one_after_another(set: &[Statement]) -> Option<Vec<Statement>> {
    let mut sorted = set.to_vec();
    sorted.sort_by_key(|statement| statement.from);
    let ends_after = |one: &Statement, next: &Statement| match one.to {
        Some(to) => next.from < to,
        None => next.from == one.from,
    };
    for (place, next) in sorted.iter().enumerate() {
        if sorted[..place].iter().any(|one| ends_after(one, next)) {
            return None;
        }
    }
    let last = sorted.last().map(|last| last.from);
    if set
        .iter()
        .all(|one| one.to.is_some() || Some(one.from) == last)
    {
        return Some(set.to_vec());
    }
    sorted.reverse();
    Some(sorted)
}

fn stated(timeline: &[Entry], statement: &Statement, version: usize) -> Vec<Entry> {
    let entry = |from, value| Entry {
        from,
        value,
        version,
    };
    let begins = |entry: &&Entry| entry.from > statement.from;
    let next = timeline.iter().find(begins).map(|entry| entry.from);
    let end = statement.to.or(next);
    let mut result: Vec<Entry> = timeline
        .iter()
        .filter(|entry| entry.from < statement.from)
        .cloned()
        .collect();
    result.push(entry(statement.from, statement.value.clone()));
    if let Some(end) = end {
        if !timeline.iter().any(|entry| entry.from == end) {
            result.push(entry(end, held_at(timeline, end)));
        }
        result.extend(timeline.iter().filter(|entry| entry.from >= end).cloned());
    }
    result
}

/// Each value differs from the one before it; before the first there is none.
fn tidy(timeline: Vec<Entry>) -> Vec<Entry> {
    let mut held = Value::Null;
    let mut result = timeline;
    result.retain(|entry| {
        let is_change = entry.value != held;
        held = entry.value.clone();
        is_change
    });
    result
}

/// Whether the rows say of this property and instant what is known of them, in the same order.
fn is_known(known: &BTreeMap<&'static str, Vec<Entry>>, rows: &[Row], row: &Row) -> bool {
    let Some(timeline) = known.get(row.property) else {
        return false;
    };
    let mut before = timeline.iter().filter(|entry| entry.from < row.time);
    let mut said = vec![
        before
            .next_back()
            .map_or(Value::Null, |entry| entry.value.clone()),
    ];
    let alike = |other: &&Row| other.property == row.property && other.time == row.time;
    said.extend(rows.iter().filter(alike).map(|other| other.value.clone()));
    said.dedup();
    let there = timeline.iter().filter(|entry| entry.from == row.time);
    let there: Vec<Value> = there.map(|entry| entry.value.clone()).collect();
    !there.is_empty() && there == said[1..]
}

/// What was believed before and still is keeps the version that said it first.
fn keep_origins(after: &mut [Entry], before: &[Entry]) {
    let place = |list: &[Entry], index: usize| {
        let from = list[index].from;
        list[..index]
            .iter()
            .filter(|entry| entry.from == from)
            .count()
    };
    for index in 0..after.len() {
        let same = (0..before.len()).find(|&known| {
            before[known].from == after[index].from
                && before[known].value == after[index].value
                && place(before, known) == place(after, index)
        });
        if let Some(known) = same {
            after[index].version = before[known].version;
        }
    }
}

/// Rows of one time that set different properties are one change set.
fn groups(rows: &[Row]) -> Vec<Vec<Row>> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.time);
    let mut groups: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        match groups.last_mut() {
            Some(group)
                if group[0].time == row.time
                    && group.iter().all(|other| other.property != row.property) =>
            {
                group.push(row)
            }
            _ => groups.push(vec![row]),
        }
    }
    groups
}
