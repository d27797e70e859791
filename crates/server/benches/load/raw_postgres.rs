//! The statements of a read and of a write on the same PostgreSQL database, without Leadline: prepared, over one connection a client.

use std::{
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::{SinkExt, future::join_all};
use tokio_postgres::{Client, NoTls, types::ToSql};
use uuid::Uuid;

use crate::{CONNECTIONS, Line, support::client::Load};

const BULK: usize = 100_000;

type Ids = (Uuid, Uuid, Uuid);

pub(crate) async fn measure_all(url: &str, each: Duration, lines: &mut Vec<Line>) {
    let client = connect(url).await;
    let rows = client
        .query(
            "select workspace_id, id, object_id from record limit 20000",
            &[],
        )
        .await
        .unwrap();
    let ids: Arc<Vec<Ids>> = Arc::new(
        rows.iter()
            .map(|row| (row.get(0), row.get(1), row.get(2)))
            .collect(),
    );
    let property: Uuid = client
        .query_one(
            "select id from property where name = 'amount' and object_id = $1",
            &[&ids[0].2],
        )
        .await
        .unwrap()
        .get(0);
    for what in ["GET one record", "PATCH one property"] {
        let mut loads = Vec::new();
        for connections in CONNECTIONS {
            let started = Instant::now();
            let workers = (0..connections).map(|number| {
                let (ids, url) = (Arc::clone(&ids), url.to_owned());
                tokio::spawn(async move {
                    let mut client = connect(&url).await;
                    let statements = Statements::prepare(&client).await;
                    let mut micros: Vec<u32> = Vec::new();
                    while started.elapsed() < each {
                        let one = &ids
                            [(number + micros.len() * connections).wrapping_mul(7_919) % ids.len()];
                        let begun = Instant::now();
                        match what {
                            "GET one record" => drop(
                                client
                                    .query_one(&statements.read, &[&one.0, &one.1])
                                    .await
                                    .unwrap(),
                            ),
                            _ => statements.write(&mut client, one, property).await,
                        }
                        micros.push(begun.elapsed().as_micros().try_into().unwrap_or(u32::MAX));
                    }
                    micros
                })
            });
            let micros: Vec<u32> = join_all(workers)
                .await
                .into_iter()
                .flat_map(Result::unwrap)
                .collect();
            loads.push((connections, Load::new(micros, started.elapsed())));
        }
        lines.push(Line {
            what,
            by: "SQL alone, PostgreSQL".to_owned(),
            loads,
        });
    }
    bulk(&client, &ids, property).await;
}

struct Statements {
    read: tokio_postgres::Statement,
    lock: tokio_postgres::Statement,
    update: tokio_postgres::Statement,
    span: tokio_postgres::Statement,
    change_set: tokio_postgres::Statement,
}

impl Statements {
    async fn prepare(client: &Client) -> Self {
        let one = async |sql: &str| client.prepare(sql).await.unwrap();
        Self {
            read: one("select version, current::text from record where workspace_id = $1 and id = $2").await,
            lock: one("select version, current::text from record where workspace_id = $1 and id = $2 for no key update").await,
            update: one("update record set version = $3, current = $4::text::jsonb, updated_at = $5, head_hash = $6 where workspace_id = $1 and id = $2").await,
            span: one("insert into span (workspace_id, property_id, record_id, valid_from, ordinal, known_version, valid_to, value, began_version, ended_version, source) values ($1, $2, $3, $4, 0, $5, $6, '{\"amount\":\"1000.00\",\"currency\":\"EUR\"}', $5, $7, 1)").await,
            change_set: one("insert into change_set (workspace_id, record_id, version, id, object_id, recorded_at, valid_from, actor_type, source, changes, hash) values ($1, $2, $3, $4, $5, $6, $6, 0, 1, '[{\"property\":\"amount\",\"from\":{\"amount\":\"1000.00\",\"currency\":\"EUR\"},\"to\":{\"amount\":\"1001.00\",\"currency\":\"EUR\"}}]', $7)").await,
        }
    }

    async fn write(&self, client: &mut Client, (workspace, id, object): &Ids, property: Uuid) {
        let transaction = client.transaction().await.unwrap();
        let row = transaction
            .query_one(&self.lock, &[workspace, id])
            .await
            .unwrap();
        let (version, current): (i64, String) = (row.get(0), row.get(1));
        let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_micros()).unwrap();
        let (next, before, hash, set) = (version + 1, now - 1, vec![7_u8; 32], Uuid::now_v7());
        let record: [&(dyn ToSql + Sync); 6] = [workspace, id, &next, &current, &now, &hash];
        let span: [&(dyn ToSql + Sync); 7] =
            [workspace, &property, id, &before, &version, &now, &next];
        let change_set: [&(dyn ToSql + Sync); 7] =
            [workspace, id, &next, &set, object, &now, &hash];
        let written = tokio::try_join!(
            transaction.execute(&self.update, &record),
            transaction.execute(&self.span, &span),
            transaction.execute(&self.change_set, &change_set),
        );
        written.unwrap();
        transaction.commit().await.unwrap();
    }
}

/// One change set and one span a row, copied in.
async fn bulk(client: &Client, ids: &[Ids], property: Uuid) {
    let started = Instant::now();
    let hash = format!("\\\\x{}", "07".repeat(32));
    let mut sets = String::new();
    let mut spans = String::new();
    for number in 0..BULK {
        let (workspace, id, object) = ids[number % ids.len()];
        let version = 1_000_000 + number;
        sets.push_str(&format!("{workspace}\t{id}\t{version}\t{}\t{object}\t1\t1\t0\t1\t[{{\"property\":\"stage\",\"from\":\"new\",\"to\":\"contacted\"}}]\t{hash}\n", Uuid::now_v7()));
        spans.push_str(&format!(
            "{workspace}\t{property}\t{id}\t{number}\t0\t{version}\t{}\t\"new\"\t1\t2\t1\n",
            number + 1
        ));
    }
    for (sql, text) in [
        (
            "copy change_set (workspace_id, record_id, version, id, object_id, recorded_at, valid_from, actor_type, source, changes, hash) from stdin",
            sets,
        ),
        (
            "copy span (workspace_id, property_id, record_id, valid_from, ordinal, known_version, valid_to, value, began_version, ended_version, source) from stdin",
            spans,
        ),
    ] {
        let mut sink = pin!(client.copy_in::<_, Bytes>(sql).await.unwrap());
        sink.send(Bytes::from(text)).await.unwrap();
        sink.close().await.unwrap();
    }
    println!(
        "PostgreSQL: raw bulk insert of one change set and one span a row: {:.0} rows/s",
        BULK as f64 / started.elapsed().as_secs_f64()
    );
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
