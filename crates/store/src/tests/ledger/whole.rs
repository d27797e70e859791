//! The loading of timelines, and reading the whole ledger.

use leadline_engine::ledger::{Since, Source, Span};

use crate::ledger::{
    change_sets, records, spans,
    timelines::{self, Part},
};
use crate::testing::each_database;
use crate::tests::ledger::{
    a_change_set, a_ledger, a_record, a_span, insert, property, stage, text,
};
use crate::tests::{at, unit};

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
        let lost = unit!(db.snapshot, [stages], |tx| async {
            let mut lost = Vec::new();
            timelines::for_each_closed(
                tx,
                workspace,
                Part::WHOLE,
                &stages,
                &mut |record, entry| {
                    lost.push((record, entry));
                    Ok(())
                },
            )
            .await?;
            Ok(lost)
        })
        .unwrap();
        assert_eq!(
            lost,
            [
                (moved.id, (at(0), Some(stage("new")), Source::Import)),
                (moved.id, (at(0), None, Source::Import)),
                (cleared.id, (at(1), Some(stage("lost")), Source::Import)),
            ]
        );
        let (mut heads, mut held) = (Vec::new(), Vec::new());
        let mut part = Part::BEFORE;
        while let Some(next) = unit!(db.snapshot, [object], |tx| part
            .next(tx, workspace, &object, 3))
        .unwrap()
        {
            part = next;
            let records = unit!(db.snapshot, [object, stages], |tx| async {
                let mut records = Vec::new();
                let mut put = |head, entries| {
                    records.push((head, entries));
                    Ok(())
                };
                timelines::for_each_record(tx, workspace, &object, part, &[&stages], &mut put)
                    .await?;
                Ok(records)
            })
            .unwrap();
            for (head, entries) in records {
                heads.push(head);
                held.extend(entries);
            }
        }
        assert_eq!(
            held,
            [
                Some((at(9), Some(stage("won")), Source::User)),
                Some((at(0), Some(stage("new")), Source::Api)),
                Some((at(4), None, Source::User)),
                None,
            ]
        );
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
