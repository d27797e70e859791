//! Whatever the write path makes is found sound, and whatever is changed in it is found.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    ids::{JobId, ObjectId, PropertyId, RecordId},
    ledger::{Actor, Entry, Source},
    schema::{ObjectRow, Property, PropertyDefinition, PropertyType, builtin_objects},
    spans::Statement,
    time::Timestamp,
    validate::Draft,
    write::{self, HistoryRow, Stamp, Written},
};

/// A record and all that is stored of it.
#[derive(Clone)]
struct Ledger {
    object: Arc<Object>,
    record: Record,
    spans: Vec<Span>,
    change_sets: Vec<ChangeSet>,
    undone: Vec<JobId>,
}

#[derive(Debug, Clone)]
enum Command {
    Set(&'static str, Option<&'static str>, Option<i64>),
    Archive(bool),
    Correct(Option<&'static str>, i64, Option<i64>),
    Import(Option<Job>, Vec<(i64, &'static str, Option<&'static str>)>),
    TakeBack(Job),
}

/// One of a few jobs.
type Job = u8;

fn job(number: Job) -> JobId {
    uuid::Uuid::from_bytes([number + 1; 16]).into()
}

#[derive(Debug, Clone, Copy)]
enum Origin {
    Created,
    Imported,
}

fn leads() -> Arc<Object> {
    let (name, definition, properties) = builtin_objects("EUR").remove(0);
    let archived = (
        ARCHIVED,
        PropertyType::Boolean,
        PropertyDefinition::default(),
    );
    let time = Timestamp::default();
    let property = |(name, kind, definition): (&str, PropertyType, PropertyDefinition)| {
        Arc::new(Property {
            id: PropertyId::new(),
            name: name.into(),
            kind,
            definition,
            is_system: name == ARCHIVED,
            is_builtin: true,
            archived: false,
            position: 0,
            created_at: time,
            updated_at: time,
        })
    };
    let row = ObjectRow {
        id: ObjectId::new(),
        name: name.into(),
        definition,
        is_builtin: true,
        archived: false,
        position: 0,
        created_at: time,
        updated_at: time,
    };
    let properties = properties.into_iter().chain([archived]).map(property);
    Arc::new(Object::new(row, properties.collect()))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000)
}

fn stamp(now: i64) -> Stamp {
    Stamp {
        now: at(now),
        actor: Actor::SYSTEM,
        source: Source::Api,
        reason: None,
        job_id: None,
        valid_from: None,
    }
}

fn value(name: &str, text: &str) -> Value {
    match name {
        "stage" => Value::Option(text.into()),
        _ => Value::Text(text.into()),
    }
}

fn rows(rows: &[(i64, &'static str, Option<&'static str>)]) -> Vec<HistoryRow> {
    let row = |&(time, name, text): &(i64, &'static str, Option<&'static str>)| HistoryRow {
        time: at(time),
        actor: None,
        source: None,
        values: vec![(name.to_owned(), text.map(|text| value(name, text)))],
    };
    rows.iter().map(row).collect()
}

impl Ledger {
    fn begin(origin: Origin) -> Self {
        let object = leads();
        let id = RecordId::new();
        let (record, written) = match origin {
            Origin::Created => {
                let draft = Draft::from([("stage".into(), Some(value("stage", "new")))]);
                write::create(&object, id, &draft, &stamp(100)).unwrap()
            }
            Origin::Imported => write::write_history(
                &object,
                id,
                None,
                &[],
                rows(&[(10, "stage", Some("new")), (90, "name", Some("Ada"))]),
                &stamp(100),
            )
            .unwrap(),
        };
        let mut ledger = Self {
            object,
            record: record.clone(),
            spans: Vec::new(),
            change_sets: Vec::new(),
            undone: Vec::new(),
        };
        ledger.keep(record, written);
        ledger
    }

    /// What refuses changes nothing and is no matter here.
    fn run(&mut self, command: &Command, now: i64) {
        let object = Arc::clone(&self.object);
        let mut record = self.record.clone();
        let written = match command {
            Command::Set(name, text, from) => {
                let draft = Draft::from([((*name).to_owned(), text.map(|text| value(name, text)))]);
                let stamp = Stamp {
                    valid_from: from.map(at),
                    ..stamp(now)
                };
                write::update(&object, &mut record, &draft, &stamp)
            }
            Command::TakeBack(number) => return self.take_back(*number, now),
            Command::Archive(archived) => {
                write::set_archived(&object, &mut record, *archived, &stamp(now))
            }
            Command::Correct(text, from, to) => {
                let property = object.property("stage").unwrap();
                let statement = Statement {
                    value: text.map(|text| value("stage", text)),
                    valid_from: at(*from),
                    valid_to: to.map(at),
                    origin: None,
                };
                let own: Vec<Span> = self.of(property.id);
                write::correct(
                    &object,
                    &mut record,
                    property,
                    &own,
                    &[statement],
                    &stamp(now),
                )
            }
            Command::Import(number, history) => {
                let stamp = Stamp {
                    // What was taken back writes no more.
                    job_id: number.map(job).filter(|job| !self.undone.contains(job)),
                    ..stamp(now)
                };
                let result = write::write_history(
                    &object,
                    record.id,
                    Some(record.clone()),
                    &self.spans,
                    rows(history),
                    &stamp,
                );
                Ok(result.map(|(after, written)| {
                    record = after;
                    written
                }))
            }
        };
        if let Ok(Some(written)) = written {
            self.keep(record, written);
        }
    }

    /// Takes back what a job has written of each property.
    fn take_back(&mut self, number: Job, now: i64) {
        let stamp = Stamp {
            job_id: Some(job(number)),
            ..stamp(now)
        };
        for name in ["stage", "name"] {
            let property = Arc::clone(self.object.property(name).unwrap());
            let mut record = self.record.clone();
            let written = write::take_back(
                &mut record,
                &property,
                (&self.of(property.id), &self.change_sets),
                &self.undone,
                &stamp,
            );
            match written {
                Ok(Some(written)) => self.keep(record, written),
                Ok(None) => {}
                // What was written of an archived record stays.
                Err(_) => return,
            }
        }
        self.undone.push(job(number));
    }

    /// What is known now of each property, whichever version knew it.
    fn known(&self) -> Vec<Vec<Entry>> {
        let entries = |name| {
            let property = self.object.property(name).unwrap();
            let mut entries =
                spans::known_entries(&self.of(property.id), self.record.open_entry(name));
            for entry in &mut entries {
                entry.known_version = 0;
            }
            entries
        };
        ["stage", "name"].map(entries).to_vec()
    }

    fn of(&self, property: PropertyId) -> Vec<Span> {
        self.spans
            .iter()
            .filter(|span| span.property_id == property)
            .cloned()
            .collect()
    }

    fn keep(&mut self, record: Record, written: Written) {
        for span in self
            .spans
            .iter_mut()
            .filter(|span| written.superseded.contains(span))
        {
            span.superseded_version = Some(record.version);
        }
        self.spans.extend(written.spans);
        self.change_sets.extend(written.change_sets);
        self.record = record;
    }

    fn verify(&self) -> Result<(), Fault> {
        verify(&self.object, &self.record, &self.spans, &self.change_sets)
    }
}

fn stages() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![
        Just(Some("new")),
        Just(Some("contacted")),
        Just(Some("qualified")),
        Just(None)
    ]
}

fn history() -> impl Strategy<Value = Vec<(i64, &'static str, Option<&'static str>)>> {
    let row = prop_oneof![
        (0..120i64, Just("stage"), stages()),
        (
            0..120i64,
            Just("name"),
            prop_oneof![Just(Some("Ada")), Just(Some("Bo"))]
        ),
    ];
    proptest::collection::vec(row, 1..6)
}

fn commands() -> impl Strategy<Value = Command> {
    prop_oneof![
        4 => (stages(), proptest::option::of(0..150i64)).prop_map(|(stage, from)| Command::Set("stage", stage, from)),
        2 => prop_oneof![Just("Ada"), Just("Bo")].prop_map(|name| Command::Set("name", Some(name), None)),
        1 => any::<bool>().prop_map(Command::Archive),
        3 => (stages(), 0..120i64, proptest::option::of(1..120i64)).prop_map(|(stage, from, to)| Command::Correct(stage, from, to)),
        3 => (proptest::option::of(0..2u8), history()).prop_map(|(job, rows)| Command::Import(job, rows)),
        1 => (0..2u8).prop_map(Command::TakeBack),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_that_is_written_is_found_sound(
        origin in prop_oneof![Just(Origin::Created), Just(Origin::Imported)],
        // The clock steps back as often as not, so that recorded times follow each other by a microsecond.
        commands in proptest::collection::vec((commands(), 100..140i64), 0..12),
    ) {
        let mut ledger = Ledger::begin(origin);
        for (command, now) in &commands {
            ledger.run(command, *now);
            prop_assert_eq!(ledger.verify(), Ok(()), "after {:?}", command);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn imports_that_are_taken_back_leave_the_history_as_it_was_in_whichever_order(
        origin in prop_oneof![Just(Origin::Created), Just(Origin::Imported)],
        commands in proptest::collection::vec((commands(), 100..140i64), 0..8),
        imports in proptest::collection::vec((3..5u8, history()), 1..4),
        is_first_first in any::<bool>(),
    ) {
        let mut ledger = Ledger::begin(origin);
        for (command, now) in &commands {
            ledger.run(command, *now);
        }
        ledger.run(&Command::Archive(false), 150);
        let before = ledger.known();
        for (number, history) in imports {
            ledger.run(&Command::Import(Some(number), history), 200);
        }
        let mut numbers = [3, 4];
        if is_first_first {
            numbers.reverse();
        }
        for number in numbers {
            ledger.take_back(number, 300);
            prop_assert_eq!(ledger.verify(), Ok(()), "after the undo of {}", number);
        }
        prop_assert_eq!(ledger.known(), before);
    }
}

#[test]
fn what_was_written_after_an_import_stays_when_it_is_taken_back() {
    let mut ledger = Ledger::begin(Origin::Created);
    let mut plain = ledger.clone();
    let history = vec![
        (110, "stage", Some("contacted")),
        (150, "stage", Some("qualified")),
    ];
    ledger.run(&Command::Import(Some(0), history), 200);
    for ledger in [&mut ledger, &mut plain] {
        ledger.run(&Command::Correct(Some("lost"), 120, Some(130)), 300);
        ledger.run(&Command::Set("stage", Some("converted"), None), 400);
    }
    ledger.take_back(0, 500);
    assert_eq!(ledger.verify(), Ok(()));
    let shape = |ledger: &Ledger| -> Vec<(Timestamp, Option<Value>)> {
        let stages = ledger.known().remove(0);
        stages
            .into_iter()
            .map(|entry| (entry.valid_from, entry.value))
            .collect()
    };
    assert_eq!(shape(&ledger), shape(&plain));
    let undo = ledger.change_sets.last().unwrap();
    assert!(undo.is_undo() && undo.job_id == Some(job(0)));
}

/// A lead with a closed span, a correction and an import.
fn a_ledger() -> Ledger {
    let mut ledger = Ledger::begin(Origin::Created);
    ledger.run(&Command::Set("stage", Some("contacted"), None), 200);
    ledger.run(&Command::Set("stage", Some("qualified"), None), 300);
    ledger.run(&Command::Correct(Some("contacted"), 150, None), 400);
    ledger.run(
        &Command::Import(None, vec![(120, "name", Some("Ada"))]),
        500,
    );
    assert_eq!(ledger.verify(), Ok(()));
    ledger
}

#[test]
fn each_kind_of_damage_is_found_where_it_is() {
    type Damage = fn(&mut Ledger);
    let damages: [(Damage, Option<i64>, &str); 12] = [
        (
            |l| {
                l.record
                    .values
                    .insert("stage".into(), value("stage", "new"));
            },
            Some(3),
            "the current value is not what",
        ),
        (
            |l| {
                l.record.values.insert("name".into(), value("name", "Bo"));
            },
            Some(5),
            "the current value is not what",
        ),
        (
            |l| {
                l.record.since.remove("name");
            },
            Some(1),
            "not since when it holds",
        ),
        (|l| l.record.archived = true, Some(5), "archived flag"),
        (
            |l| l.record.created_at = at(99),
            Some(1),
            "created_at is not when",
        ),
        (
            |l| l.spans[0].valid_to = Some(at(199)),
            Some(1),
            "does not end when",
        ),
        (
            |l| l.spans[0].value = Some(value("stage", "lost")),
            Some(1),
            "another value",
        ),
        (
            |l| {
                l.spans.remove(0);
            },
            Some(1),
            "is missing",
        ),
        (
            |l| {
                l.change_sets.remove(1);
            },
            Some(2),
            "the change set is missing",
        ),
        (
            |l| {
                l.change_sets.pop();
            },
            Some(5),
            "the change set is missing",
        ),
        (
            |l| l.change_sets[2].changes[0].to = json!("lost"),
            Some(3),
            "the hash is not",
        ),
        (
            |l| l.change_sets[1].hash = [1; 32],
            Some(2),
            "the hash is not",
        ),
    ];
    for (number, (damage, version, what)) in damages.iter().enumerate() {
        let mut ledger = a_ledger();
        damage(&mut ledger);
        let fault = ledger.verify().unwrap_err();
        assert_eq!(fault.version, *version, "damage {number}: {fault:?}");
        assert!(fault.what.contains(what), "damage {number}: {fault:?}");
    }
}

#[test]
fn a_forged_chain_is_found_by_the_fold() {
    let mut ledger = a_ledger();
    ledger.change_sets[2].changes[0].to = json!("lost");
    let mut previous = GENESIS;
    for set in &mut ledger.change_sets {
        set.hash = set.hash_after(&previous);
        previous = set.hash;
    }
    ledger.record.head_hash = previous;
    let fault = ledger.verify().unwrap_err();
    assert_eq!(fault.property.as_deref(), Some("stage"));
}
