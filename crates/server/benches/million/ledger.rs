//! Writes the leads to the ledger: the rows that live writes at those times would have left, made by the engine's own rules, in bulk.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use leadline_engine::{
    ids::{RecordId, WorkspaceId},
    ledger::{Actor, ActorKind, ChangeSet, Record, Source, Span},
    schema::{ARCHIVED, Object},
    time::Timestamp,
    validate::Draft,
    value::{Currency, Money, Value},
    write::{self, Stamp, Written, key_changes},
};
use leadline_store::{
    db::{Db, DbError},
    ledger::{change_sets, record_keys, record_keys::Claim, records, spans},
};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::data::{BEGINNING, CITIES, Event, NEVER, SOURCES, STAGES, World};

/// Leads of one transaction.
const BATCH: usize = 2_000;
/// Batches that wait to be written.
const AHEAD: usize = 2;

/// To whom the leads belong.
pub(crate) struct Tenant {
    pub(crate) workspace: WorkspaceId,
    /// Leads, with their properties.
    pub(crate) object: Arc<Object>,
    /// Who owns leads, by number.
    pub(crate) owners: Vec<Uuid>,
    /// The first lead's place among those of all workspaces.
    pub(crate) first: usize,
}

/// Rows of some leads.
#[derive(Default)]
struct Batch {
    records: Vec<Record>,
    change_sets: Vec<ChangeSet>,
    spans: Vec<Span>,
    claims: Vec<Claim>,
}

/// The id of a lead; ids are in the order of numbers.
pub(crate) fn lead_id(number: usize) -> RecordId {
    let millis = (BEGINNING / 1_000) as u128;
    Uuid::from_u128(millis << 80 | 7 << 76 | 2 << 62 | number as u128).into()
}

/// The number of a lead, from its id.
pub(crate) fn lead_number(id: &str) -> usize {
    let id: Uuid = id.parse().unwrap();
    (id.as_u128() & 0xffff_ffff_ffff) as usize
}

/// Writes all leads; one batch is made while another is written.
pub(crate) async fn fill(db: &Db, tenant: Tenant, world: &Arc<World>) {
    let (sender, mut batches) = mpsc::channel(AHEAD);
    let (tenant, made_of) = (Arc::new(tenant), Arc::clone(world));
    let workspace = tenant.workspace;
    let making = tokio::task::spawn_blocking(move || {
        let leads = made_of.leads();
        for first in (0..leads).step_by(BATCH) {
            let batch = batch(&tenant, &made_of, first..leads.min(first + BATCH));
            sender.blocking_send(Arc::new(batch)).unwrap();
        }
    });
    while let Some(batch) = batches.recv().await {
        insert(db, workspace, batch).await.unwrap();
    }
    making.await.unwrap();
}

async fn insert(db: &Db, workspace: WorkspaceId, batch: Arc<Batch>) -> Result<(), DbError> {
    db.write(move |tx| {
        let batch = Arc::clone(&batch);
        Box::pin(async move {
            let rows: Vec<&Record> = batch.records.iter().collect();
            records::insert_many(tx, workspace, &rows).await?;
            spans::insert_many(tx, workspace, &batch.spans).await?;
            change_sets::append_many(tx, workspace, &batch.change_sets).await?;
            let refused = record_keys::claim(tx, workspace, &batch.claims).await?;
            assert!(refused.is_empty(), "no key of the leads is unique");
            Ok(())
        })
    })
    .await
}

fn batch(tenant: &Tenant, world: &World, leads: Range<usize>) -> Batch {
    let mut batch = Batch::default();
    for lead in leads {
        let record = tell(tenant, world, lead, &mut batch);
        let keys = key_changes(&tenant.object, None, &record).claim;
        batch
            .claims
            .extend(keys.into_iter().map(|(property, value, is_unique)| Claim {
                property,
                value,
                record: record.id,
                is_unique,
            }));
        batch.records.push(record);
    }
    batch
}

/// Creates a lead and lives through all that happened to it.
fn tell(tenant: &Tenant, world: &World, lead: usize, batch: &mut Batch) -> Record {
    let object = &*tenant.object;
    let id = lead_id(tenant.first + lead);
    let first = first_values(tenant, world, lead);
    let (mut record, written) = write::create(
        object,
        id,
        &first,
        &stamp(tenant, world, lead, world.created[lead], Source::Api),
    )
    .unwrap();
    batch.add(written);
    for (time, event, code) in later(world, lead) {
        let (name, value) = said(tenant, event, code);
        let draft = Draft::from([(name.to_owned(), Some(value))]);
        // Some of what happens is done by automations.
        let source = if time % 7 == 0 {
            Source::Automation
        } else {
            Source::User
        };
        let stamp = stamp(tenant, world, lead, time, source);
        let written = write::update(object, &mut record, &draft, &stamp).unwrap();
        batch.add(written.expect("each event changes something"));
    }
    if world.archived[lead] != NEVER {
        let stamp = stamp(tenant, world, lead, world.archived[lead], Source::User);
        let written = write::set_archived(object, &mut record, true, &stamp).unwrap();
        batch.add(written.expect("it was not archived"));
        assert!(record.values.contains_key(ARCHIVED));
    }
    record
}

/// All events after the creation, in order.
fn later(world: &World, lead: usize) -> Vec<(i64, Event, u32)> {
    let mut events = Vec::with_capacity(16);
    for (event, column) in world.columns() {
        let (times, codes) = column.of(lead);
        let pairs = times.iter().zip(codes).skip(1);
        events.extend(pairs.map(|(time, code)| (*time, event, *code)));
    }
    events.sort_unstable_by_key(|(time, ..)| *time);
    events
}

fn first_values(tenant: &Tenant, world: &World, lead: usize) -> Draft {
    let text = |text: String| Some(Value::Text(text));
    let mut values = BTreeMap::from([
        ("name".to_owned(), text(world.names.written(lead))),
        ("email".to_owned(), text(world.emails.get(lead).to_owned())),
        ("phone".to_owned(), text(world.phones.get(lead).to_owned())),
        (
            "company".to_owned(),
            text(world.companies.written(world.company[lead] as usize)),
        ),
        (
            "source".to_owned(),
            text(SOURCES[world.source[lead] as usize].to_owned()),
        ),
        (
            "country".to_owned(),
            text(country(u32::from(world.country[lead]))),
        ),
    ]);
    for (event, column) in world.columns() {
        let (name, value) = said(tenant, event, column.of(lead).1[0]);
        values.insert(name.to_owned(), Some(value));
    }
    values
}

/// The property that an event is about, and its value.
fn said(tenant: &Tenant, event: Event, code: u32) -> (&'static str, Value) {
    match event {
        Event::Stage => ("stage", Value::Option(STAGES[code as usize].to_owned())),
        Event::Owner => ("owner", Value::User(owner(tenant, code).into())),
        Event::Amount => ("amount", euros(code)),
        Event::City => ("city", Value::Text(CITIES[code as usize].to_owned())),
        Event::Score => ("score", Value::Number(code.into())),
        Event::Segment => ("segment", Value::Text(segment(code))),
    }
}

pub(crate) fn country(code: u32) -> String {
    format!("Country {code}")
}

fn segment(code: u32) -> String {
    format!("segment {code}")
}

fn owner(tenant: &Tenant, code: u32) -> Uuid {
    tenant.owners[code as usize]
}

fn euros(amount: u32) -> Value {
    Value::Money(Money {
        amount: amount.into(),
        currency: Currency::parse("EUR").expect("a code"),
    })
}

fn stamp(tenant: &Tenant, world: &World, lead: usize, time: i64, source: Source) -> Stamp {
    Stamp {
        now: Timestamp::from_micros(time),
        actor: Actor {
            kind: ActorKind::User,
            id: Some(owner(tenant, world.owner.at(lead, time))),
        },
        source,
        reason: None,
        job_id: None,
        valid_from: None,
    }
}

impl Batch {
    fn add(&mut self, written: Written) {
        self.change_sets.extend(written.change_sets);
        self.spans.extend(written.spans);
    }
}
