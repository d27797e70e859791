//! Records, spans, change sets, keys and the loading of timelines.

use std::collections::BTreeMap;
use std::sync::Arc;

use leadline_engine::ids::{ChangeSetId, JobId, ObjectId, RecordId, WorkspaceId};
use leadline_engine::ledger::{
    Actor, ActorKind, Change, ChangeSet, Entry, GENESIS, Record, Since, Source, Span,
};
use leadline_engine::schema::{Object, Property, PropertyType};
use leadline_engine::value::{Value, parse_decimal};
use serde_json::json;

use super::definitions::{a_property, an_object};
use super::{a_workspace, at, unit};
use crate::db::{Db, DbError};
use crate::definitions;
use crate::ledger::{change_sets, record_keys, records, spans, timelines};
use crate::testing::each_database;

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

#[tokio::test]
async fn spans_come_back_as_they_were_written_and_can_be_superseded_once() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let (name, stages) = (property(&object, "name"), property(&object, "stage"));
        let both = [a_record(&object, &[]), a_record(&object, &[])];
        insert(&db, workspace, &both).await;
        let first = a_span(&both[0], &stages, 0, 5, Some(stage("new")));
        let second = Span {
            ordinal: 1,
            ..a_span(&both[0], &stages, 0, 9, None)
        };
        let open = Span {
            valid_to: None,
            ended_version: None,
            superseded_version: Some(3),
            ..a_span(&both[0], &name, 1, 1, Some(text("x")))
        };
        let of_other = a_span(&both[1], &name, 1, 2, Some(text("y")));
        let all = vec![
            second.clone(),
            first.clone(),
            open.clone(),
            of_other.clone(),
        ];
        unit!(db.write, [all], |tx| spans::insert_many(
            tx, workspace, &all
        ))
        .unwrap();

        let (record, wanted) = (both[0].id, [name.id, stages.id]);
        let listed = unit!(db.read, [object], |tx| spans::list(
            tx, workspace, &object, record, &wanted
        ))
        .unwrap();
        assert_eq!(listed, [open.clone(), first.clone(), second.clone()]);
        let records = [both[1].id, both[0].id];
        let listed = unit!(db.read, [object], |tx| spans::list_many(
            tx,
            workspace,
            &object,
            &records,
            &wanted[..1]
        ))
        .unwrap();
        assert_eq!(listed, [open, of_other]);

        for version in [4, 5] {
            let marked = vec![(first.clone(), version)];
            let result = unit!(db.write, [marked], |tx| spans::supersede_many(
                tx, workspace, &marked
            ));
            assert_eq!(result.is_ok(), version == 4, "{result:?}");
        }
        let listed = unit!(db.read, [object], |tx| spans::list(
            tx,
            workspace,
            &object,
            record,
            &wanted[1..]
        ))
        .unwrap();
        assert_eq!(
            listed,
            [
                Span {
                    superseded_version: Some(4),
                    ..first
                },
                second
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn many_spans_are_inserted_at_once() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let stages = property(&object, "stage");
        let record = a_record(&object, &[]);
        insert(&db, workspace, std::slice::from_ref(&record)).await;
        let many: Vec<Span> = (0..1000)
            .map(|n| a_span(&record, &stages, n, n + 1, Some(stage("new"))))
            .collect();
        unit!(db.write, [many], |tx| spans::insert_many(
            tx, workspace, &many
        ))
        .unwrap();
        let (record, wanted) = (record.id, [stages.id]);
        let listed = unit!(db.read, [object], |tx| spans::list(
            tx, workspace, &object, record, &wanted
        ))
        .unwrap();
        assert_eq!(listed, many);
    })
    .await;
}

#[tokio::test]
async fn change_sets_are_listed_newest_first_page_by_page_and_by_property() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let record = a_record(&object, &[]);
        insert(&db, workspace, std::slice::from_ref(&record)).await;
        let sets: Vec<ChangeSet> = (1..=4)
            .map(|version| {
                a_change_set(
                    &record,
                    version,
                    if version == 2 { "stage" } else { "name" },
                )
            })
            .collect();
        unit!(db.write, [sets], |tx| change_sets::append_many(
            tx, workspace, &sets
        ))
        .unwrap();
        let id = record.id;
        let page = change_sets::Page {
            limit: 2,
            ..change_sets::Page::default()
        };
        let newest = unit!(db.read, [], |tx| change_sets::list(tx, workspace, id, page)).unwrap();
        assert_eq!(newest, [sets[3].clone(), sets[2].clone()]);
        let page = change_sets::Page {
            below_version: Some(3),
            property: Some("name"),
            limit: 9,
        };
        let older = unit!(db.read, [], |tx| change_sets::list(tx, workspace, id, page)).unwrap();
        assert_eq!(older, [sets[0].clone()]);
        let (other, _) = a_workspace(&db).await;
        assert_eq!(
            unit!(db.read, [], |tx| change_sets::list(tx, other, id, page)).unwrap(),
            []
        );

        let stamps = unit!(db.read, [], |tx| change_sets::stamps(
            tx,
            workspace,
            id,
            vec![2, 9]
        ))
        .unwrap();
        assert_eq!(stamps.len(), 1);
        assert_eq!((stamps[&2].id, stamps[&2].recorded_at), (sets[1].id, at(2)));
        assert_eq!(
            unit!(db.read, [], |tx| change_sets::version_at(
                tx,
                workspace,
                id,
                at(3)
            ))
            .unwrap(),
            Some(3)
        );
        assert_eq!(
            unit!(db.read, [], |tx| change_sets::version_at(
                tx,
                workspace,
                id,
                at(0)
            ))
            .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_version_is_recorded_once() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let record = a_record(&object, &[]);
        insert(&db, workspace, std::slice::from_ref(&record)).await;
        let twice = vec![
            a_change_set(&record, 1, "name"),
            a_change_set(&record, 1, "name"),
        ];
        let refused = unit!(db.write, [twice], |tx| change_sets::append_many(
            tx, workspace, &twice
        ))
        .unwrap_err();
        assert!(refused.is_unique_violation_of("change_set"), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn the_feed_gives_every_change_set_once_in_the_order_of_commits() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let record = a_record(&object, &[]);
        insert(&db, workspace, std::slice::from_ref(&record)).await;
        let mut sets = Vec::new();
        for version in 1..=5 {
            let set = a_change_set(&record, version, "name");
            sets.push(set.clone());
            unit!(db.write, [set], |tx| change_sets::append_many(
                tx,
                workspace,
                std::slice::from_ref(&set)
            ))
            .unwrap();
        }
        let mut seen = Vec::new();
        let mut after = None;
        while seen.len() < sets.len() {
            let page = unit!(db.read, [], |tx| change_sets::feed(tx, workspace, after, 2)).unwrap();
            after = page.last().map(|(place, _)| *place);
            assert!(
                after.is_some(),
                "the feed ends after {} change sets",
                seen.len()
            );
            seen.extend(page.into_iter().map(|(_, set)| set));
        }
        let rest = unit!(db.read, [], |tx| change_sets::feed(tx, workspace, after, 2)).unwrap();
        assert_eq!(rest, []);
        assert_eq!(seen, sets);
    })
    .await;
}

#[tokio::test]
async fn a_change_committed_late_is_missed_by_neither_feed_nor_refresh() {
    let Some(test) = crate::testing::TestDatabase::postgres().await else {
        return;
    };
    let db = test.db();
    let (workspace, object) = a_ledger(&db).await;
    let both = [a_record(&object, &[]), a_record(&object, &[])];
    insert(&db, workspace, &both).await;
    let start = unit!(db.snapshot, [], |tx| change_sets::position(tx, workspace)).unwrap();
    let (begun, mut has_begun) = tokio::sync::mpsc::channel::<()>(1);
    let go_on = Arc::new(tokio::sync::Notify::new());
    let (late, soon) = (
        a_change_set(&both[0], 1, "name"),
        a_change_set(&both[1], 1, "name"),
    );
    let slow = tokio::spawn({
        let (db, late, go_on) = (db.clone(), late.clone(), Arc::clone(&go_on));
        async move {
            db.write(move |tx| {
                let (late, begun, go_on) = (late.clone(), begun.clone(), Arc::clone(&go_on));
                Box::pin(async move {
                    change_sets::append_many(tx, workspace, &[late]).await?;
                    begun.send(()).await.ok();
                    go_on.notified().await;
                    Ok::<_, DbError>(())
                })
            })
            .await
        }
    });
    has_begun.recv().await.unwrap();
    unit!(db.write, [soon], |tx| change_sets::append_many(
        tx,
        workspace,
        std::slice::from_ref(&soon)
    ))
    .unwrap();

    let feed = unit!(db.read, [], |tx| change_sets::feed(tx, workspace, None, 10)).unwrap();
    assert_eq!(feed, [], "the feed waits for the older transaction");
    let (touched, middle) = refresh(&db, workspace, start).await;
    assert_eq!(
        touched,
        [(object.id, both[1].id)],
        "a refresh shows at once what is committed"
    );

    go_on.notify_one();
    slow.await.unwrap().unwrap();
    let feed = unit!(db.read, [], |tx| change_sets::feed(tx, workspace, None, 10)).unwrap();
    assert_eq!(
        feed.into_iter().map(|(_, set)| set).collect::<Vec<_>>(),
        [late, soon]
    );
    let (touched, _) = refresh(&db, workspace, middle).await;
    assert!(touched.contains(&(object.id, both[0].id)), "{touched:?}");
}

async fn refresh(db: &Db, workspace: WorkspaceId, since: i64) -> (Vec<(ObjectId, RecordId)>, i64) {
    db.snapshot(move |tx| {
        Box::pin(async move {
            let position = change_sets::position(tx, workspace).await?;
            let touched = change_sets::touched_since(tx, workspace, since).await?;
            Ok::<_, DbError>((touched, position))
        })
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_refresh_names_the_records_that_changed_since() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let both = [a_record(&object, &[]), a_record(&object, &[])];
        insert(&db, workspace, &both).await;
        let sets: Vec<_> = both
            .iter()
            .flat_map(|record| [1, 2].map(|version| a_change_set(record, version, "name")))
            .collect();
        let start = unit!(db.snapshot, [], |tx| change_sets::position(tx, workspace)).unwrap();
        unit!(db.write, [sets], |tx| change_sets::append_many(
            tx,
            workspace,
            &sets[..3]
        ))
        .unwrap();
        let (touched, middle) = refresh(&db, workspace, start).await;
        assert_eq!(
            touched,
            both.each_ref().map(|record| (object.id, record.id))
        );
        let (touched, _) = refresh(&db, workspace, middle).await;
        assert_eq!(touched, []);
        unit!(db.write, [sets], |tx| change_sets::append_many(
            tx,
            workspace,
            &sets[3..]
        ))
        .unwrap();
        let (touched, _) = refresh(&db, workspace, middle).await;
        assert_eq!(touched, [(object.id, both[1].id)]);
    })
    .await;
}

#[tokio::test]
async fn the_records_of_a_job_are_listed() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let both = [a_record(&object, &[]), a_record(&object, &[])];
        insert(&db, workspace, &both).await;
        let job = JobId::new();
        let sets: Vec<_> = both
            .iter()
            .flat_map(|record| {
                [1, 2].map(|version| ChangeSet {
                    job_id: Some(job),
                    ..a_change_set(record, version, "name")
                })
            })
            .collect();
        unit!(db.write, [sets], |tx| change_sets::append_many(
            tx, workspace, &sets
        ))
        .unwrap();
        let listed = unit!(db.read, [], |tx| change_sets::list_by_job(
            tx, workspace, job, None, 10
        ))
        .unwrap();
        assert_eq!(listed, both.each_ref().map(|record| (record.id, object.id)));
        let after = Some(both[0].id);
        let listed = unit!(db.read, [], |tx| change_sets::list_by_job(
            tx, workspace, job, after, 10
        ))
        .unwrap();
        assert_eq!(listed, [(both[1].id, object.id)]);
    })
    .await;
}

#[tokio::test]
async fn a_unique_key_belongs_to_one_record_and_can_be_released() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let both = [a_record(&object, &[]), a_record(&object, &[])];
        insert(&db, workspace, &both).await;
        let name = property(&object, "name").id;
        let long = "é".repeat(5000);
        let claim = |record: &Record, value: &str, is_unique| record_keys::Claim {
            property: name,
            value: value.to_owned(),
            record: record.id,
            is_unique,
        };
        let first = vec![
            claim(&both[0], "a", true),
            claim(&both[0], &long, true),
            claim(&both[0], "shared", false),
        ];
        assert_eq!(
            unit!(db.write, [first], |tx| record_keys::claim(
                tx, workspace, &first
            ))
            .unwrap(),
            []
        );
        assert_eq!(
            unit!(db.write, [first], |tx| record_keys::claim(
                tx, workspace, &first
            ))
            .unwrap(),
            [],
            "one's own keys are not taken"
        );

        let second = vec![
            claim(&both[1], "a", true),
            claim(&both[1], "b", true),
            claim(&both[1], &long, true),
            claim(&both[1], "shared", false),
        ];
        let refused = unit!(db.write, [second], |tx| record_keys::claim(
            tx, workspace, &second
        ))
        .unwrap();
        assert_eq!(refused, [second[0].clone(), second[2].clone()]);

        let values = vec![
            long.clone(),
            "b".to_owned(),
            "shared".to_owned(),
            "none".to_owned(),
        ];
        let mut found = unit!(db.read, [values], |tx| record_keys::find(
            tx, workspace, name, values
        ))
        .unwrap();
        found.sort_unstable();
        let [one, two] = both.each_ref().map(|record| record.id);
        assert_eq!(
            found,
            [
                ("b".to_owned(), two),
                ("shared".to_owned(), one),
                ("shared".to_owned(), two),
                (long.clone(), one)
            ]
        );

        let released = vec![(name, "a".to_owned(), one), (name, long, one)];
        unit!(db.write, [released], |tx| record_keys::release(
            tx, workspace, &released
        ))
        .unwrap();
        assert_eq!(
            unit!(db.write, [second], |tx| record_keys::claim(
                tx, workspace, &second
            ))
            .unwrap(),
            []
        );
        unit!(db.write, [], |tx| record_keys::forget(tx, workspace, name)).unwrap();
        assert_eq!(
            unit!(db.write, [first], |tx| record_keys::claim(
                tx, workspace, &first
            ))
            .unwrap(),
            []
        );
    })
    .await;
}

#[tokio::test]
async fn of_concurrent_claims_of_one_unique_key_one_wins() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let name = property(&object, "name").id;
        let many: Vec<Record> = (0..8).map(|_| a_record(&object, &[])).collect();
        insert(&db, workspace, &many).await;
        let claims = many.iter().map(|record| {
            let (db, record) = (db.clone(), record.id);
            async move {
                let claims = vec![record_keys::Claim {
                    property: name,
                    value: "a".to_owned(),
                    record,
                    is_unique: true,
                }];
                unit!(db.write, [claims], |tx| async {
                    record_keys::lock(tx, workspace, name).await?;
                    record_keys::claim(tx, workspace, &claims).await
                })
                .unwrap()
                .len()
            }
        });
        let refused: usize = futures_util::future::join_all(claims)
            .await
            .into_iter()
            .sum();
        assert_eq!(refused, 7);
    })
    .await;
}

#[tokio::test]
async fn a_property_is_loaded_record_by_record_with_its_open_entry_last() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let stages = property(&object, "stage");
        let since = |from| Since {
            valid_from: at(from),
            ordinal: 0,
            began_version: 2,
            known_version: 2,
            source: Source::User,
        };
        let mut moved = a_record(&object, &[("stage", stage("won"))]);
        moved.since.insert("stage".to_owned(), since(9));
        let untouched = a_record(&object, &[("stage", stage("new"))]);
        let mut cleared = a_record(&object, &[]);
        cleared.since.insert("stage".to_owned(), since(4));
        let never = a_record(&object, &[("name", text("x"))]);
        insert(
            &db,
            workspace,
            &[
                moved.clone(),
                untouched.clone(),
                cleared.clone(),
                never.clone(),
            ],
        )
        .await;
        let rows = vec![
            Span {
                ordinal: 1,
                ..a_span(&moved, &stages, 0, 9, None)
            },
            a_span(&moved, &stages, 0, 0, Some(stage("new"))),
            Span {
                superseded_version: Some(3),
                ..a_span(&moved, &stages, 2, 3, Some(stage("wrong")))
            },
            a_span(&cleared, &stages, 1, 4, Some(stage("lost"))),
        ];
        unit!(db.write, [rows], |tx| spans::insert_many(
            tx, workspace, &rows
        ))
        .unwrap();
        let loaded = unit!(db.snapshot, [object, stages], |tx| async {
            let mut loaded = Vec::new();
            timelines::for_each_entry(tx, workspace, &object, &stages, &mut |record, entry| {
                loaded.push((record, entry));
                Ok(())
            })
            .await?;
            Ok(loaded)
        })
        .unwrap();
        assert_eq!(
            loaded,
            [
                (moved.id, (at(0), Some(stage("new")), Source::Import)),
                (moved.id, (at(0), None, Source::Import)),
                (moved.id, (at(9), Some(stage("won")), Source::User)),
                (untouched.id, (at(0), Some(stage("new")), Source::Api)),
                (cleared.id, (at(1), Some(stage("lost")), Source::Import)),
                (cleared.id, (at(4), None, Source::User)),
            ]
        );
        let heads = unit!(db.snapshot, [object], |tx| async {
            let mut heads = Vec::new();
            timelines::for_each_head(tx, workspace, &object, &mut |head| {
                heads.push(head);
                Ok(())
            })
            .await?;
            Ok(heads)
        })
        .unwrap();
        assert_eq!(
            heads.iter().map(|head| head.id).collect::<Vec<_>>(),
            [moved.id, untouched.id, cleared.id, never.id]
        );
        assert_eq!(
            (heads[3].created_at, heads[3].updated_at, heads[3].version),
            (at(0), at(1), 1)
        );
        assert_eq!(heads[3].created_by, never.created_by.id);
    })
    .await;
}

#[tokio::test]
async fn the_whole_ledger_can_be_read_in_order() {
    each_database(async |db| {
        let (workspace, object) = a_ledger(&db).await;
        let stages = property(&object, "stage");
        let both = [
            a_record(&object, &[]),
            a_record(&object, &[("stage", stage("new"))]),
        ];
        insert(&db, workspace, &both).await;
        let sets = vec![
            a_change_set(&both[1], 1, "name"),
            a_change_set(&both[0], 1, "name"),
            a_change_set(&both[0], 2, "name"),
        ];
        let rows = vec![
            a_span(&both[1], &stages, 0, 1, None),
            Span {
                superseded_version: Some(2),
                ..a_span(&both[0], &stages, 0, 1, Some(stage("new")))
            },
        ];
        unit!(db.write, [sets], |tx| change_sets::append_many(
            tx, workspace, &sets
        ))
        .unwrap();
        unit!(db.write, [rows], |tx| spans::insert_many(
            tx, workspace, &rows
        ))
        .unwrap();
        let property = stages.id;
        let read = unit!(db.snapshot, [object], |tx| async {
            let (mut read_records, mut read_sets, mut read_spans) =
                (Vec::new(), Vec::new(), Vec::new());
            records::for_each(tx, workspace, &object, &mut |record| {
                read_records.push(record);
                Ok(())
            })
            .await?;
            change_sets::for_each(tx, workspace, &mut |set| {
                read_sets.push(set);
                Ok(())
            })
            .await?;
            spans::for_each(tx, workspace, &object, property, &mut |span| {
                read_spans.push(span);
                Ok(())
            })
            .await?;
            Ok((read_records, read_sets, read_spans))
        })
        .unwrap();
        assert_eq!(read.0, both);
        assert_eq!(read.1, [sets[1].clone(), sets[2].clone(), sets[0].clone()]);
        assert_eq!(read.2, [rows[1].clone(), rows[0].clone()]);
    })
    .await;
}

#[tokio::test]
async fn a_dump_restored_on_a_younger_server_feeds_on_after_migrate() {
    let Some(test) = crate::testing::TestDatabase::postgres().await else {
        return;
    };
    let db = test.db();
    let (workspace, object) = a_ledger(&db).await;
    let record = a_record(&object, &[]);
    insert(&db, workspace, std::slice::from_ref(&record)).await;
    let sets = [
        a_change_set(&record, 1, "name"),
        a_change_set(&record, 2, "name"),
    ];
    let (restored, later) = (sets[0].clone(), sets[1].clone());
    unit!(db.write, [restored], |tx| async {
        change_sets::append_many(tx, workspace, std::slice::from_ref(&restored)).await?;
        tx.execute("update change_set set xid = '123456789012345'", &[])
            .await
    })
    .unwrap();
    db.migrate().await.unwrap();
    unit!(db.write, [later], |tx| change_sets::append_many(
        tx,
        workspace,
        std::slice::from_ref(&later)
    ))
    .unwrap();
    let feed = unit!(db.read, [], |tx| change_sets::feed(tx, workspace, None, 10)).unwrap();
    assert_eq!(
        feed.into_iter().map(|(_, set)| set).collect::<Vec<_>>(),
        sets
    );
}
