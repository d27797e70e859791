//! The naive model that timelines are checked against: plain loops over each record's entries, and random worlds to run them in.

pub(crate) mod filters;
pub(crate) mod reports;
pub(crate) mod strategies;

use std::{collections::BTreeMap, sync::Arc};

use leadline_engine::{
    filter::{Filter, Sort, Subject},
    ids::{ObjectId, PropertyId, RecordId},
    ledger::Source,
    schema::{
        Choice, Object, ObjectDefinition, ObjectRow, Property, PropertyDefinition, PropertyType,
    },
    time::Timestamp,
    value::Value,
};
use leadline_timeline::{
    Column, ColumnBuilder, Entry, Linked, Moment, ObjectTimeline, RecordState, RowHead, RowSet,
    View,
};
use uuid::Uuid;

/// The instant that the worlds' hours count from.
pub(crate) const EPOCH: i64 = 1_767_225_600_000_000;
/// An hour, in microseconds.
pub(crate) const HOUR: i64 = 3_600_000_000;
/// Options of `stage`, in the order of their definition.
pub(crate) const STAGES: [&str; 4] = ["new", "contacted", "won", "lost"];

/// The instant `hours` after the beginning.
pub(crate) fn hour(hours: i64) -> Timestamp {
    Timestamp::from_micros(EPOCH + hours * HOUR)
}

/// A record: what it is, and all entries of its properties by name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lead {
    pub(crate) head: RowHead,
    pub(crate) entries: BTreeMap<&'static str, Vec<Entry>>,
}

/// Two objects with their records: leads, and the accounts that they link to.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) schema: TestSchema,
    pub(crate) leads: Vec<Lead>,
    pub(crate) accounts: Vec<Lead>,
}

/// The objects that all worlds have.
#[derive(Debug, Clone)]
pub(crate) struct TestSchema {
    pub(crate) leads: Arc<Object>,
    pub(crate) accounts: Arc<Object>,
}

/// Properties of leads besides `archived`.
pub(crate) const LEAD_PROPERTIES: [(&str, PropertyType); 10] = [
    ("stage", PropertyType::Stage),
    ("owner", PropertyType::User),
    ("name", PropertyType::Text),
    ("email", PropertyType::Email),
    ("amount", PropertyType::Money),
    ("score", PropertyType::Number),
    ("tags", PropertyType::MultiSelect),
    ("day", PropertyType::Date),
    ("seen", PropertyType::Datetime),
    ("account", PropertyType::Record),
];

/// Properties of accounts besides `archived`.
pub(crate) const ACCOUNT_PROPERTIES: [(&str, PropertyType); 2] = [
    ("industry", PropertyType::Select),
    ("title", PropertyType::Text),
];

impl TestSchema {
    pub(crate) fn new() -> Self {
        Self {
            leads: object("leads", &LEAD_PROPERTIES),
            accounts: object("accounts", &ACCOUNT_PROPERTIES),
        }
    }

    pub(crate) fn lead(&self, name: &str) -> Arc<Property> {
        Arc::clone(self.leads.property(name).unwrap())
    }

    pub(crate) fn account(&self, name: &str) -> Arc<Property> {
        Arc::clone(self.accounts.property(name).unwrap())
    }

    pub(crate) fn subject(&self, name: &str) -> Subject {
        match name {
            "created_at" => Subject::CreatedAt,
            "updated_at" => Subject::UpdatedAt,
            "created_by" => Subject::CreatedBy,
            "id" => Subject::Id,
            _ => match name.split_once('.') {
                Some((link, far)) => Subject::Linked {
                    link: self.lead(link),
                    object: Arc::clone(&self.accounts),
                    property: self.account(far),
                },
                None => Subject::Property(self.lead(name)),
            },
        }
    }
}

pub(crate) fn property(name: &str, kind: PropertyType, position: i32) -> Arc<Property> {
    let options = if kind == PropertyType::Stage {
        &STAGES[..]
    } else {
        &[]
    };
    let choice = |value: &&str| Choice {
        value: (*value).to_owned(),
        label: (*value).to_owned(),
        color: None,
        archived: false,
        stage: None,
    };
    Arc::new(Property {
        id: PropertyId::new(),
        name: name.to_owned(),
        kind,
        definition: PropertyDefinition {
            label: name.to_owned(),
            options: options.iter().map(choice).collect(),
            ..PropertyDefinition::default()
        },
        is_system: name == "archived",
        is_builtin: true,
        archived: false,
        position,
        created_at: hour(0),
        updated_at: hour(0),
    })
}

pub(crate) fn object(name: &str, properties: &[(&str, PropertyType)]) -> Arc<Object> {
    let archived = [("archived", PropertyType::Boolean)];
    let properties = properties.iter().chain(&archived).enumerate();
    let properties = properties
        .map(|(at, (name, kind))| property(name, *kind, at as i32))
        .collect();
    let row = ObjectRow {
        id: ObjectId::new(),
        name: name.to_owned(),
        definition: ObjectDefinition {
            label: name.to_owned(),
            plural_label: name.to_owned(),
            primary_property: "name".to_owned(),
            description: None,
            is_part: false,
        },
        is_builtin: true,
        archived: false,
        position: 0,
        created_at: hour(0),
        updated_at: hour(0),
    };
    Arc::new(Object::new(row, properties))
}

impl Lead {
    pub(crate) fn new(id: RecordId, created_at: Timestamp) -> Self {
        let head = RowHead {
            id,
            created_at,
            updated_at: created_at,
            created_by: None,
            version: 1,
        };
        Self {
            head,
            entries: BTreeMap::new(),
        }
    }

    /// Appends an entry, unless the property holds the value already.
    pub(crate) fn set(
        &mut self,
        name: &'static str,
        at: Timestamp,
        value: Option<Value>,
        source: Source,
    ) {
        let entries = self.entries.entry(name).or_default();
        let current = entries.last().and_then(|entry| entry.value.clone());
        if current != value {
            entries.push(Entry {
                valid_from: at,
                value,
                source,
            });
        }
    }

    pub(crate) fn all(&self, name: &str) -> &[Entry] {
        self.entries.get(name).map_or(&[], Vec::as_slice)
    }

    /// The value at a time, `archived` absent meaning false.
    pub(crate) fn at(&self, name: &str, at: Timestamp) -> Option<Value> {
        let held = self
            .all(name)
            .iter()
            .rev()
            .find(|entry| entry.valid_from <= at);
        let value = held.and_then(|entry| entry.value.clone());
        if name == "archived" {
            Some(value.unwrap_or(Value::Boolean(false)))
        } else {
            value
        }
    }

    pub(crate) fn is_archived(&self, at: Timestamp) -> bool {
        self.at("archived", at) == Some(Value::Boolean(true))
    }

    /// The record as it was known as of a time; `None` before it began to exist.
    pub(crate) fn until(&self, at: Timestamp) -> Option<Self> {
        if self.head.created_at > at {
            return None;
        }
        let mut lead = self.clone();
        for entries in lead.entries.values_mut() {
            entries.retain(|entry| entry.valid_from <= at);
        }
        Some(lead)
    }

    pub(crate) fn state(&self, object: &Object) -> RecordState {
        let columns = object.properties.iter();
        RecordState {
            head: self.head.clone(),
            columns: columns
                .map(|p| (p.id, self.all(&p.name).to_vec()))
                .collect(),
        }
    }
}

/// A timeline built whole, columns fed by `shuffle`d records.
pub(crate) fn built(object: &Object, records: &[Lead], is_shuffled: bool) -> ObjectTimeline {
    let mut timeline = ObjectTimeline::new(Arc::clone(object.property("archived").unwrap()));
    for record in records {
        timeline.put_head(&record.head);
    }
    for property in &object.properties {
        let mut builder = ColumnBuilder::new(property.kind);
        let mut fed: Vec<&Lead> = records.iter().collect();
        if is_shuffled {
            fed.sort_by_key(|lead| std::cmp::Reverse(lead.head.id));
        }
        for lead in fed {
            let row = timeline.row(lead.head.id).unwrap();
            for entry in lead.all(&property.name) {
                builder
                    .push(row, entry.valid_from, entry.value.as_ref(), entry.source)
                    .unwrap();
            }
        }
        timeline.insert_column(property.id, builder.finish(records.len()));
    }
    timeline
}

/// A timeline that learned its records one by one, through states that were replaced since.
pub(crate) fn replaced(object: &Object, records: &[Lead]) -> ObjectTimeline {
    let firsts: Vec<Lead> = records
        .iter()
        .step_by(2)
        .map(|record| {
            let mut first = record.clone();
            for entries in first.entries.values_mut() {
                entries.truncate(1);
            }
            first
        })
        .collect();
    let mut timeline = built(object, &firsts, true);
    sort_by_everything(&timeline, object);
    for record in records {
        let mut newer = record.clone();
        newer.head.version += 1;
        assert!(timeline.replace_record(&newer.state(object)).unwrap());
        assert!(timeline.replace_record(&newer.state(object)).unwrap());
        assert!(
            !timeline
                .replace_record(&Lead::new(record.head.id, hour(0)).state(object))
                .unwrap()
        );
    }
    timeline
}

/// A timeline that was written as bytes and read again.
pub(crate) fn restored(timeline: &ObjectTimeline) -> ObjectTimeline {
    let mut bytes = Vec::new();
    timeline.write_rows(&mut bytes);
    let archived = Arc::clone(timeline.archived_property());
    let mut restored = ObjectTimeline::read_rows(&bytes, archived).unwrap();
    for property in timeline.loaded_columns() {
        let mut bytes = Vec::new();
        timeline.column(property).unwrap().write(&mut bytes);
        restored.insert_column(property, Column::read(&bytes).unwrap());
    }
    restored
}

/// A timeline put together of parts of another.
pub(crate) fn in_parts(timeline: &ObjectTimeline) -> ObjectTimeline {
    let rows: Vec<u32> = (0..timeline.len() as u32).collect();
    let mut whole = timeline.without_records();
    for part in rows.chunks(3) {
        whole.append(timeline, part).unwrap();
    }
    whole
}

/// Asks for every order once: what is found out for it is kept, and must stay right when records are replaced.
fn sort_by_everything(timeline: &ObjectTimeline, object: &Object) {
    let linked = Linked::none();
    let view = View::new(timeline, Moment::now(hour(0)), &linked);
    let rows = view.select_with_archived(&Filter::default()).unwrap();
    for property in &object.properties {
        let subject = Subject::Property(Arc::clone(property));
        let sort = Sort {
            subject,
            descending: false,
        };
        view.top(&rows, &[sort], 1, None).unwrap();
    }
}

/// The ids of some rows, sorted.
pub(crate) fn ids_of(timeline: &ObjectTimeline, rows: &RowSet) -> Vec<RecordId> {
    let mut ids: Vec<RecordId> = rows.iter().map(|row| timeline.id(row).unwrap()).collect();
    ids.sort();
    ids
}

impl World {
    /// The timelines of leads and of accounts, in each of the ways in which they come to be.
    pub(crate) fn timelines(&self) -> Vec<(ObjectTimeline, ObjectTimeline)> {
        let TestSchema { leads, accounts } = &self.schema;
        let mut merged = replaced(leads, &self.leads);
        merged.merge();
        vec![
            (
                built(leads, &self.leads, false),
                built(accounts, &self.accounts, false),
            ),
            (
                replaced(leads, &self.leads),
                replaced(accounts, &self.accounts),
            ),
            (
                restored(&replaced(leads, &self.leads)),
                restored(&replaced(accounts, &self.accounts)),
            ),
            (
                in_parts(&replaced(leads, &self.leads)),
                in_parts(&built(accounts, &self.accounts, false)),
            ),
            (merged, built(accounts, &self.accounts, true)),
        ]
    }

    pub(crate) fn linked<'a>(&self, accounts: &'a ObjectTimeline) -> Linked<'a> {
        let mut linked = Linked::none();
        linked.insert(self.schema.accounts.id, accounts);
        linked
    }

    pub(crate) fn account(&self, id: RecordId) -> Option<&Lead> {
        self.accounts.iter().find(|account| account.head.id == id)
    }
}

/// The `n`-th id of a kind, so that worlds are the same in every run.
pub(crate) fn uuid(kind: u8, n: u8) -> Uuid {
    let mut bytes = [0x42; 16];
    bytes[0] = kind;
    bytes[3] = n.wrapping_mul(151);
    bytes[15] = n;
    Uuid::from_bytes(bytes)
}
