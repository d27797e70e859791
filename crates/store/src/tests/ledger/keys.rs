//! Keys.

use leadline_engine::ledger::Record;

use crate::ledger::record_keys;
use crate::testing::each_database;
use crate::tests::ledger::{a_ledger, a_record, insert, property};
use crate::tests::unit;

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
                    record_keys::lock(tx, workspace, name, &["a".to_owned()]).await?;
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
