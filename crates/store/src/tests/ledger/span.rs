//! Spans.

use leadline_engine::ledger::Span;

use crate::ledger::spans;
use crate::testing::each_database;
use crate::tests::ledger::{a_ledger, a_record, a_span, insert, property, stage, text};
use crate::tests::unit;

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
