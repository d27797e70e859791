//! Units of work behave the same on both databases.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use uuid::Uuid;

use super::{BulkTable, ColumnType, Db, DbConfig, DbError, Dialect, Param};
use crate::testing::{TestDatabase, each_database};

const ALL_TYPES: &str = "create table thing(id bigint primary key, label text unique)";

async fn create_thing(db: &Db) {
    db.write(|tx| Box::pin(async move { tx.run_script(ALL_TYPES).await }))
        .await
        .unwrap();
}

async fn add(db: &Db, id: i64, label: &str) -> Result<u64, DbError> {
    let label = label.to_owned();
    db.write(move |tx| {
        let label = label.clone();
        Box::pin(async move {
            tx.execute(
                "insert into thing(id, label) values ($1, $2)",
                &[id.into(), label.into()],
            )
            .await
        })
    })
    .await
}

async fn count(db: &Db) -> i64 {
    db.read(|tx| {
        Box::pin(async move {
            let row = tx.query_one("select count(*) from thing", &[]).await?;
            row.get(0)
        })
    })
    .await
    .map_err(|error: DbError| error)
    .unwrap()
}

#[tokio::test]
async fn every_kind_of_value_comes_back_as_it_was_written() {
    each_database(async |db| {
        let create = match db.dialect() {
            Dialect::Sqlite => "create table kind(a integer, b integer, c text, d blob, e blob, f text, g integer) strict",
            Dialect::Postgres => "create table kind(a bigint, b boolean, c text, d bytea, e uuid, f jsonb, g smallint)",
        };
        static KIND: BulkTable = BulkTable {
            name: "kind",
            columns: &[
                ("a", ColumnType::BigInt),
                ("b", ColumnType::Bool),
                ("c", ColumnType::Text),
                ("d", ColumnType::Bytes),
                ("e", ColumnType::Uuid),
                ("f", ColumnType::Json),
                ("g", ColumnType::SmallInt),
            ],
        };
        let id = Uuid::now_v7();
        let rows = db
            .write(move |tx| {
                Box::pin(async move {
                    tx.run_script(create).await?;
                    let row = vec![
                        Param::Int(i64::MAX),
                        Param::Bool(true),
                        Param::from("ünï"),
                        Param::from(&[0u8, 255]),
                        Param::from(id),
                        Param::json("{\"a\": 1.50}"),
                        Param::Int(-7),
                    ];
                    tx.bulk_insert(&KIND, std::slice::from_ref(&row)).await?;
                    tx.execute_many(
                        "insert into kind(a, b, c, d, e, f, g) values ($1, $2, $3, $4, $5, $6, $7)",
                        &[row, vec![Param::Null; 7]],
                    )
                    .await?;
                    tx.query(
                        "select a, b, c, d, e, f, g from kind where e = any($1) or a is null order by a nulls last",
                        &[Param::Uuids(vec![id])],
                    )
                    .await
                })
            })
            .await
            .map_err(|error: DbError| error)
            .unwrap();
        assert_eq!(rows.len(), 3);
        for row in &rows[..2] {
            assert_eq!(row.get::<i64>(0), Ok(i64::MAX));
            assert_eq!(row.get::<bool>(1), Ok(true));
            assert_eq!(row.get::<&str>(2), Ok("ünï"));
            assert_eq!(row.get::<Vec<u8>>(3), Ok(vec![0, 255]));
            assert_eq!(row.get::<Uuid>(4), Ok(id));
            assert_eq!(row.get::<String>(5), Ok("{\"a\": 1.50}".to_owned()));
            assert_eq!(row.get::<i16>(6), Ok(-7));
        }
        assert_eq!(rows[2].get::<Option<i64>>(0), Ok(None));
        assert_eq!(rows[2].get::<Option<Uuid>>(4), Ok(None));
        assert!(rows[2].get::<i64>(0).is_err());
    })
    .await;
}

#[tokio::test]
async fn a_failed_unit_leaves_nothing_and_the_others_stay() {
    each_database(async |db| {
        create_thing(&db).await;
        add(&db, 1, "a").await.unwrap();

        let refused = add(&db, 2, "a").await.unwrap_err();
        let half: Result<(), DbError> = db
            .write(|tx| {
                Box::pin(async move {
                    tx.execute("insert into thing(id, label) values (3, 'c')", &[])
                        .await?;
                    Err(DbError::Other("no".to_owned()))
                })
            })
            .await;

        assert!(refused.is_unique_violation_of("thing"), "{refused:?}");
        assert_eq!(half, Err(DbError::Other("no".to_owned())));
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_goes_on_after_a_failed_statement_is_not_committed() {
    each_database(async |db| {
        create_thing(&db).await;
        add(&db, 1, "a").await.unwrap();
        let result: Result<(), DbError> = db
            .write(|tx| {
                Box::pin(async move {
                    let _ = tx
                        .execute("insert into thing(id, label) values (1, 'b')", &[])
                        .await;
                    Ok(())
                })
            })
            .await;
        assert!(matches!(result, Err(DbError::Other(_))), "{result:?}");
    })
    .await;
}

#[tokio::test]
async fn a_panicking_unit_is_undone_and_the_database_goes_on() {
    each_database(async |db| {
        create_thing(&db).await;
        let result: Result<(), DbError> = db
            .write(|tx| {
                Box::pin(async move {
                    tx.execute("insert into thing(id, label) values (1, 'a')", &[])
                        .await?;
                    panic!("on purpose")
                })
            })
            .await;
        assert_eq!(result, Err(DbError::Panicked));
        add(&db, 1, "a").await.unwrap();
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn concurrent_units_are_all_committed_or_refused_alone() {
    each_database(async |db| {
        create_thing(&db).await;
        let writes = (0..200).map(|n| {
            let db = db.clone();
            // Each label twice: one of the two is refused.
            async move { add(&db, n, &format!("label {}", n / 2)).await.is_ok() }
        });
        let results = futures_util::future::join_all(writes).await;
        assert_eq!(results.iter().filter(|it| **it).count(), 100);
        assert_eq!(count(&db).await, 100);
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_does_not_see_what_is_committed_meanwhile() {
    each_database(async |db| {
        create_thing(&db).await;
        let (looked, mut wait) = tokio::sync::mpsc::channel::<()>(1);
        let wrote = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&wrote);
        let reader = db.clone();
        let reading = tokio::spawn(async move {
            reader
                .snapshot(move |tx| {
                    let (looked, seen) = (looked.clone(), Arc::clone(&seen));
                    Box::pin(async move {
                        let sql = "select count(*) from thing";
                        let before: i64 = tx.query_one(sql, &[]).await?.get(0)?;
                        looked.try_send(()).ok();
                        while seen.load(Ordering::Acquire) == 0 {
                            std::thread::yield_now();
                            if tx.dialect() == Dialect::Postgres {
                                tokio::task::yield_now().await;
                            }
                        }
                        let after: i64 = tx.query_one(sql, &[]).await?.get(0)?;
                        Ok::<_, DbError>((before, after))
                    })
                })
                .await
        });
        wait.recv().await.unwrap();
        add(&db, 1, "a").await.unwrap();
        wrote.store(1, Ordering::Release);
        assert_eq!(reading.await.unwrap(), Ok((0, 0)));
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn rows_can_be_streamed_and_the_reading_ended_early() {
    each_database(async |db| {
        create_thing(&db).await;
        let seen = db
            .write(|tx| {
                Box::pin(async move {
                    let rows: Vec<_> = (0..1000_i64).map(|n| vec![n.into(), Param::Null]).collect();
                    tx.execute_many("insert into thing(id, label) values ($1, $2)", &rows)
                        .await?;
                    let mut sum = 0;
                    tx.for_each("select id from thing order by id", &[], &mut |row| {
                        sum += row.get::<i64>(0)?;
                        Ok(())
                    })
                    .await?;
                    Ok::<_, DbError>(sum)
                })
            })
            .await
            .unwrap();
        assert_eq!(seen, 499_500);
        let ended = db
            .read(|tx| {
                Box::pin(async move {
                    tx.for_each("select id from thing order by id", &[], &mut |_row| {
                        Err(DbError::Other("enough".to_owned()))
                    })
                    .await
                })
            })
            .await;
        assert_eq!(ended, Err(DbError::Other("enough".to_owned())));
        assert_eq!(count(&db).await, 1000);
    })
    .await;
}

#[tokio::test]
async fn deadlocked_units_are_run_again() {
    let Some(test) = TestDatabase::postgres().await else {
        return;
    };
    let db = test.db();
    create_thing(&db).await;
    add(&db, 1, "0").await.unwrap();
    add(&db, 2, "0x").await.unwrap();
    let barrier = Arc::new(tokio::sync::Barrier::new(2));
    let both = [(1_i64, 2_i64), (2, 1)].map(|(first, second)| {
        let (db, barrier, runs) = (
            db.clone(),
            Arc::clone(&barrier),
            Arc::new(AtomicU32::new(0)),
        );
        tokio::spawn(async move {
            db.write(move |tx| {
                let (barrier, runs) = (Arc::clone(&barrier), Arc::clone(&runs));
                Box::pin(async move {
                    let sql = "update thing set label = label || 'y' where id = $1";
                    tx.execute(sql, &[first.into()]).await?;
                    if runs.fetch_add(1, Ordering::Relaxed) == 0 {
                        barrier.wait().await;
                    }
                    tx.execute(sql, &[second.into()]).await?;
                    Ok::<_, DbError>(())
                })
            })
            .await
        })
    });
    for unit in both {
        assert_eq!(unit.await.unwrap(), Ok(()));
    }
}

#[tokio::test]
async fn a_lost_connection_is_replaced_without_an_error() {
    let Some(test) = TestDatabase::postgres().await else {
        return;
    };
    let db = test.db();
    create_thing(&db).await;
    let _killed: Result<(), DbError> = db
        .read(|tx| {
            Box::pin(async move {
                tx.query(
                    "select pg_terminate_backend(pid) from pg_stat_activity \
                     where datname = current_database() and pid <> pg_backend_pid()",
                    &[],
                )
                .await?;
                Ok(())
            })
        })
        .await;
    for id in 0..20 {
        add(&db, id, &id.to_string()).await.unwrap();
    }
    assert_eq!(count(&db).await, 20);
}

#[tokio::test]
async fn commits_are_counted_on_sqlite_only_when_something_was_written() {
    let test = TestDatabase::sqlite().await;
    let db = test.db();
    create_thing(&db).await;
    let before = db.commits().unwrap();
    assert_eq!(count(&db).await, 0);
    assert_eq!(db.commits(), Some(before));
    add(&db, 1, "a").await.unwrap();
    assert_eq!(db.commits(), Some(before + 1));
}

#[tokio::test]
async fn a_unit_that_waits_for_something_else_is_refused_on_sqlite() {
    let test = TestDatabase::sqlite().await;
    let result: Result<(), DbError> = test
        .db()
        .write(|_tx| {
            Box::pin(async move {
                tokio::task::yield_now().await;
                Ok(())
            })
        })
        .await;
    assert!(matches!(result, Err(DbError::Other(_))), "{result:?}");
}

#[tokio::test]
async fn a_sqlite_file_is_open_once_at_a_time() {
    let mut test = TestDatabase::sqlite().await;
    let DbConfig::Sqlite { path } = test.config() else {
        unreachable!("a SQLite database has a path")
    };
    let second = Db::open(test.config()).await;
    assert_eq!(second.err(), Some(DbError::Locked { path }));
    test.close();
    Db::open(test.config()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let config = DbConfig::Postgres {
        url: "postgres://nobody@127.0.0.1:1/none".to_owned(),
        max_connections: 1,
    };
    let result = Db::open(config).await;
    assert!(matches!(result.err(), Some(DbError::Unavailable(_))));
}
