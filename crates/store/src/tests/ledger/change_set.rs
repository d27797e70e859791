//! Change sets of a record and of a job.

use leadline_engine::ids::JobId;
use leadline_engine::ledger::ChangeSet;

use crate::ledger::change_sets;
use crate::testing::each_database;
use crate::tests::ledger::{a_change_set, a_ledger, a_record, insert};
use crate::tests::{a_workspace, at, unit};

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
        let authors = unit!(db.read, [], |tx| change_sets::authors(tx, workspace, &[id])).unwrap();
        assert_eq!(
            (authors.len(), authors[&(id, 2)]),
            (sets.len(), sets[1].actor)
        );
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
