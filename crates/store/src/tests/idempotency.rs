//! Idempotency keys.

use super::{a_workspace, at, unit};
use crate::db::DbError;
use crate::idempotency::{self, Claim, Key};
use crate::testing::each_database;

#[tokio::test]
async fn a_key_is_claimed_once_and_keeps_its_response() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        let key = Key {
            workspace,
            actor: "user:ann",
            key: "k1",
        };
        assert_eq!(
            unit!(db.write, [], |tx| idempotency::claim(
                tx,
                key,
                b"hash",
                at(0)
            ))
            .unwrap(),
            Claim::New
        );
        unit!(db.write, [], |tx| idempotency::note_response(tx, key, "{}")).unwrap();
        let done = Claim::Done {
            request_hash: b"hash".to_vec(),
            response: Some("{}".to_owned()),
        };
        assert_eq!(
            unit!(db.write, [], |tx| idempotency::claim(
                tx,
                key,
                b"other",
                at(1)
            ))
            .unwrap(),
            done
        );
        let of_another = Key {
            actor: "user:bo",
            ..key
        };
        assert_eq!(
            unit!(db.write, [], |tx| idempotency::claim(
                tx,
                of_another,
                b"hash",
                at(1)
            ))
            .unwrap(),
            Claim::New
        );
        unit!(db.write, [], |tx| idempotency::release(tx, key)).unwrap();
        assert_eq!(
            unit!(db.write, [], |tx| idempotency::claim(
                tx,
                key,
                b"hash",
                at(5)
            ))
            .unwrap(),
            Claim::New
        );
        assert_eq!(
            unit!(db.write, [], |tx| idempotency::expire(tx, at(5))).unwrap(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn a_key_of_an_undone_unit_is_free_again() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        let key = Key {
            workspace,
            actor: "user:ann",
            key: "k1",
        };
        let undone: Result<(), DbError> = db
            .write(move |tx| {
                Box::pin(async move {
                    idempotency::claim(tx, key, b"hash", at(0)).await?;
                    Err(DbError::Other("refused".to_owned()))
                })
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(
            unit!(db.write, [], |tx| idempotency::claim(
                tx,
                key,
                b"hash",
                at(0)
            ))
            .unwrap(),
            Claim::New
        );
    })
    .await;
}

#[tokio::test]
async fn of_concurrent_requests_with_one_key_one_is_new() {
    each_database(async |db| {
        let (workspace, _) = a_workspace(&db).await;
        let key = Key {
            workspace,
            actor: "user:ann",
            key: "k1",
        };
        let claims = (0..8).map(|_| {
            let db = db.clone();
            async move {
                unit!(db.write, [], |tx| idempotency::claim(
                    tx,
                    key,
                    b"hash",
                    at(0)
                ))
                .unwrap()
            }
        });
        let claims = futures_util::future::join_all(claims).await;
        assert_eq!(claims.iter().filter(|it| **it == Claim::New).count(), 1);
    })
    .await;
}
