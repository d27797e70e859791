//! Records come back, are found where they are, and locked.

use std::sync::Arc;

use leadline_engine::ids::RecordId;
use leadline_engine::ledger::{Entry, Record, Since, Source};
use leadline_engine::schema::Object;
use leadline_engine::value::{Value, parse_decimal};

use crate::db::DbError;
use crate::ledger::records;
use crate::testing::each_database;
use crate::tests::definitions::an_object;
use crate::tests::ledger::{a_ledger, a_record, insert, stage, text};
use crate::tests::{at, unit};

#[tokio::test]
async fn a_record_comes_back_as_it_was_written() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let exact = Value::Number(parse_decimal("12345678901234567890.12345678").unwrap());
        let mut record = a_record(&object, &[("name", text("Zoë \"A\"")), ("size", exact)]);
        insert(&db, workspace, std::slice::from_ref(&record)).await;
        let id = record.id;
        assert_eq!(
            unit!(db.read, [object], |tx| records::get(
                tx, workspace, &object, id
            ))
            .unwrap(),
            Some(record.clone())
        );

        record.version = 2;
        record.set_open_entry(
            "stage",
            &Entry {
                valid_from: at(9),
                value: Some(stage("won")),
                began_version: 2,
                known_version: 2,
                source: Source::User,
                ordinal: 1,
            },
        );
        record.values.remove("size");
        record.since.insert(
            "size".to_owned(),
            Since {
                valid_from: at(8),
                ordinal: 0,
                began_version: 2,
                known_version: 2,
                source: Source::User,
            },
        );
        record.created_at = at(-5);
        record.updated_at = at(10);
        record.archived = true;
        record.head_hash = [9; 32];
        unit!(db.write, [record], |tx| records::update_many(
            tx,
            workspace,
            &[&record]
        ))
        .unwrap();
        assert_eq!(
            unit!(db.write, [object], |tx| records::lock_many(
                tx,
                workspace,
                &object,
                &[id]
            ))
            .unwrap(),
            [record]
        );
    })
    .await;
}

#[tokio::test]
async fn records_are_found_in_their_workspace_and_object_only() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let (other, _) = a_ledger(&db).await;
        let many: Vec<Record> = (0..50)
            .map(|n| a_record(&object, &[("name", text(&n.to_string()))]))
            .collect();
        insert(&db, workspace, &many).await;
        let ids: Vec<RecordId> = many.iter().map(|record| record.id).rev().collect();
        let id = ids[0];

        let found = unit!(db.read, [object, ids], |tx| records::get_many(
            tx, workspace, &object, &ids
        ))
        .unwrap();
        assert_eq!(found, many);
        assert_eq!(
            unit!(db.read, [object], |tx| records::get(tx, other, &object, id)).unwrap(),
            None
        );
        let elsewhere = Arc::new(Object::new(an_object("deals"), Vec::new()));
        assert_eq!(
            unit!(db.read, [elsewhere], |tx| records::get(
                tx, workspace, &elsewhere, id
            ))
            .unwrap(),
            None
        );
        let object_id = object.id;
        let existing = unit!(db.read, [], |tx| records::existing(
            tx,
            workspace,
            object_id,
            &[id, RecordId::new()]
        ))
        .unwrap();
        assert_eq!(existing, [id]);
        let after = Some(many[47].id);
        let rest = unit!(db.read, [], |tx| records::ids_after(
            tx, workspace, object_id, after, 10
        ))
        .unwrap();
        assert_eq!(rest, [many[48].id, many[49].id]);
        assert_eq!(
            unit!(db.read, [], |tx| records::ids_after(
                tx, other, object_id, None, 10
            ))
            .unwrap(),
            []
        );
    })
    .await;
}

#[tokio::test]
async fn a_record_that_is_not_there_cannot_be_updated() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let record = a_record(&object, &[]);
        let result = unit!(db.write, [record], |tx| records::update_many(
            tx,
            workspace,
            &[&record]
        ));
        assert!(matches!(result, Err(DbError::Other(_))), "{result:?}");
    })
    .await;
}
