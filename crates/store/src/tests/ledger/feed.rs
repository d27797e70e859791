//! The feed of a workspace and the refresh of timelines.

use std::sync::Arc;

use leadline_engine::ids::{ObjectId, RecordId, WorkspaceId};

use crate::db::{Db, DbError};
use crate::ledger::change_sets;
use crate::testing::each_database;
use crate::tests::ledger::{a_change_set, a_ledger, a_record, insert};
use crate::tests::unit;

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
                    // An insert travels with the next statement.
                    change_sets::position(tx, workspace).await?;
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
            let touched = change_sets::touched_since(tx, workspace, since).await?;
            Ok::<_, DbError>((touched.records, touched.position))
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
