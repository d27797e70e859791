//! Records, spans, change sets, keys and the loading of timelines; here what their tests share.

mod change_set;
mod feed;
mod keys;
mod record;
mod span;
mod whole;

use std::collections::BTreeMap;
use std::sync::Arc;

use leadline_engine::ids::{ChangeSetId, RecordId, WorkspaceId};
use leadline_engine::ledger::{Actor, ActorKind, Change, ChangeSet, GENESIS, Record, Source, Span};
use leadline_engine::schema::{Object, Property, PropertyType};
use leadline_engine::value::Value;
use serde_json::json;

use crate::db::Db;
use crate::definitions;
use crate::ledger::records;
use crate::tests::definitions::{a_property, an_object};
use crate::tests::{a_workspace, at, unit};

/// A workspace with one object: `name` (text), `stage`, `size` (number).
async fn a_ledger(db: &Db) -> (WorkspaceId, Arc<Object>) {
    let (workspace, _) = a_workspace(db).await;
    let row = an_object("leads");
    let properties = vec![
        a_property("name", PropertyType::Text),
        a_property("stage", PropertyType::Stage),
        a_property("size", PropertyType::Number),
    ];
    let id = row.id;
    unit!(db.write, [row], |tx| definitions::insert_object(
        tx, workspace, &row
    ))
    .unwrap();
    unit!(db.write, [properties], |tx| definitions::insert_properties(
        tx,
        workspace,
        id,
        &properties
    ))
    .unwrap();
    let schema = unit!(db.read, [], |tx| definitions::load(tx, workspace))
        .unwrap()
        .unwrap();
    (workspace, Arc::clone(schema.object_by_id(id).unwrap()))
}

fn property(object: &Object, name: &str) -> Arc<Property> {
    Arc::clone(object.property(name).unwrap())
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn stage(value: &str) -> Value {
    Value::Option(value.to_owned())
}

fn a_record(object: &Object, values: &[(&str, Value)]) -> Record {
    Record {
        id: RecordId::new(),
        object_id: object.id,
        version: 1,
        values: values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        since: BTreeMap::new(),
        created_at: at(0),
        created_source: Source::Api,
        created_by: Actor {
            kind: ActorKind::Token,
            id: Some(uuid::Uuid::now_v7()),
        },
        recorded_at: at(1),
        updated_at: at(1),
        archived: false,
        head_hash: GENESIS,
    }
}

fn a_change_set(record: &Record, version: i64, property: &str) -> ChangeSet {
    ChangeSet {
        id: ChangeSetId::new(),
        object_id: record.object_id,
        record_id: record.id,
        version,
        recorded_at: at(version),
        valid_from: at(0),
        actor: Actor::SYSTEM,
        source: Source::Import,
        reason: Some("why".to_owned()),
        job_id: None,
        changes: vec![Change {
            property: property.to_owned(),
            from: json!(null),
            to: json!("a"),
            valid_from: Some(at(3)),
            valid_to: None,
            restores: None,
        }],
        hash: [7; 32],
    }
}

fn a_span(record: &Record, property: &Property, from: i64, to: i64, value: Option<Value>) -> Span {
    Span {
        record_id: record.id,
        property_id: property.id,
        valid_from: at(from),
        ordinal: 0,
        valid_to: Some(at(to)),
        value,
        began_version: 1,
        ended_version: Some(2),
        known_version: 2,
        superseded_version: None,
        source: Source::Import,
    }
}

async fn insert(db: &Db, workspace: WorkspaceId, records: &[Record]) {
    let records = records.to_vec();
    unit!(db.write, [records], |tx| async {
        records::insert_many(tx, workspace, &records.iter().collect::<Vec<_>>()).await
    })
    .unwrap();
}
