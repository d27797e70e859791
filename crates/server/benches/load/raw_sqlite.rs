//! The statements of a read and of a write on the same SQLite file, without Leadline: one thread, one connection, the same settings.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::{Line, support::client::Load};

const BULK: usize = 100_000;

pub(crate) fn measure_all(file: &Path, each: Duration, lines: &mut Vec<Line>) {
    let mut connection = Connection::open(file).unwrap();
    connection
        .execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on",
        )
        .unwrap();
    let ids: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = {
        let mut statement = connection
            .prepare("select workspace_id, id, object_id from record limit 20000")
            .unwrap();
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap();
        rows.map(Result::unwrap).collect()
    };
    let property: Vec<u8> = connection
        .query_row(
            "select id from property where name = 'amount' and object_id = ?1",
            [&ids[0].2],
            |row| row.get(0),
        )
        .unwrap();
    let mut line = |what, per_commit: usize, load| {
        lines.push(Line {
            what,
            by: "SQL alone, SQLite, in process".to_owned(),
            loads: vec![(per_commit, load)],
        });
    };
    line(
        "GET one record",
        1,
        repeat(each, |number| read(&connection, &ids[number % ids.len()])),
    );
    for per_commit in [1, 32] {
        let load = repeat(each, |number| {
            let transaction = connection.transaction().unwrap();
            for number in number * per_commit..(number + 1) * per_commit {
                write(
                    &transaction,
                    &ids[number.wrapping_mul(7_919) % ids.len()],
                    &property,
                );
            }
            transaction.commit().unwrap();
        });
        let micros = load
            .micros
            .iter()
            .flat_map(|micros| vec![*micros; per_commit])
            .collect();
        line(
            "PATCH one property",
            per_commit,
            Load::new(micros, load.took),
        );
    }
    let started = Instant::now();
    let transaction = connection.transaction().unwrap();
    for number in 0..BULK {
        write(&transaction, &ids[number % ids.len()], &property);
    }
    transaction.commit().unwrap();
    println!(
        "SQLite: raw bulk insert of one change set and one span a row: {:.0} rows/s",
        BULK as f64 / started.elapsed().as_secs_f64()
    );
}

fn read(
    connection: &Connection,
    (workspace, id, _): &(Vec<u8>, Vec<u8>, Vec<u8>),
) -> (i64, String) {
    connection
        .prepare_cached("select version, current from record where workspace_id = ?1 and id = ?2")
        .unwrap()
        .query_row(params![workspace, id], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
}

fn write(connection: &Connection, ids: &(Vec<u8>, Vec<u8>, Vec<u8>), property: &[u8]) {
    let (workspace, id, object) = ids;
    let (version, current) = read(connection, ids);
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_micros()).unwrap();
    let next = version + 1;
    connection
        .prepare_cached("update record set version = ?3, current = ?4, updated_at = ?5, head_hash = ?6 where workspace_id = ?1 and id = ?2")
        .unwrap()
        .execute(params![workspace, id, next, current, now, [7_u8; 32]])
        .unwrap();
    connection
        .prepare_cached("insert into span (workspace_id, property_id, record_id, valid_from, ordinal, known_version, valid_to, value, began_version, ended_version, source) values (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?5, ?8, 1)")
        .unwrap()
        .execute(params![workspace, property, id, now - 1, version, now, r#"{"amount":"1000.00","currency":"EUR"}"#, next])
        .unwrap();
    let changes = r#"[{"property":"amount","from":{"amount":"1000.00","currency":"EUR"},"to":{"amount":"1001.00","currency":"EUR"}}]"#;
    connection
        .prepare_cached("insert into change_set (workspace_id, record_id, version, id, object_id, recorded_at, valid_from, actor_type, source, changes, hash) values (?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, 1, ?7, ?8)")
        .unwrap()
        .execute(params![workspace, id, next, Uuid::now_v7().as_bytes(), object, now, changes, [7_u8; 32]])
        .unwrap();
}

fn repeat<T>(time: Duration, mut work: impl FnMut(usize) -> T) -> Load {
    let started = Instant::now();
    let mut micros = Vec::new();
    while started.elapsed() < time {
        let begun = Instant::now();
        work(micros.len());
        micros.push(begun.elapsed().as_micros().try_into().unwrap_or(u32::MAX));
    }
    Load::new(micros, started.elapsed())
}
