//! The analyst's side: the data in tables for reports, filled from the ledger, with the indexes that the questions want.

use std::time::{Duration, Instant};

use leadline_store::db::Dialect;
use rusqlite::Connection;
use tokio_postgres::{Client, NoTls, error::SqlState};

use crate::{
    answers::{Answer, add},
    support::server::Database,
};

/// A database with the analyst's tables.
pub(crate) enum Analyst {
    Sqlite {
        connection: Connection,
        limit: Duration,
    },
    Postgres(Client),
}

/// Memory that each database may use beyond its defaults.
const SQLITE: &str = "pragma cache_size = -262144; pragma temp_store = memory; pragma journal_mode = wal; pragma synchronous = normal; \
                      pragma threads = 2;";
const POSTGRES: &str =
    "set work_mem = '256MB'; set maintenance_work_mem = '256MB'; set synchronous_commit = off;";
const INDEXES: &str = "create index bench_lead_list on bench_lead (country, stage, amount, name, lead, archived_at); \
    create index bench_lead_stage on bench_lead (stage, amount desc, name, lead, stage_since, archived_at); \
    create index bench_lead_amount on bench_lead (amount desc, name, lead, archived_at); \
    create index bench_lead_country on bench_lead (lead, country, created_at, archived_at); \
    create index bench_visit_lead on bench_visit (lead, valid_from, stage, valid_to); \
    create index bench_visit_stage on bench_visit (stage, valid_from, valid_to, lead); \
    create index bench_amount_lead on bench_amount (lead, valid_from, valid_to, amount)";

impl Analyst {
    /// Makes the tables; the server is not running.
    pub(crate) async fn new(database: &Database, limit: Duration) -> Self {
        match &database.url {
            None => {
                let connection = Connection::open(database.file()).unwrap();
                connection.execute_batch(SQLITE).unwrap();
                connection.execute_batch(&tables(Dialect::Sqlite)).unwrap();
                connection.execute_batch(INDEXES).unwrap();
                connection
                    .execute_batch(
                        "create virtual table bench_text using fts5(name, email, company, phone, city, content='bench_lead', \
                         content_rowid='lead', tokenize='trigram'); \
                         insert into bench_text(bench_text) values ('rebuild'); analyze; pragma wal_checkpoint(truncate)",
                    )
                    .unwrap();
                Self::Sqlite { connection, limit }
            }
            Some(url) => {
                let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
                tokio::spawn(connection);
                let texts = ["name", "email", "company", "phone", "city"]
                    .map(|column| format!("{column} gin_trgm_ops"))
                    .join(", ");
                for sql in [
                    POSTGRES.to_owned(),
                    tables(Dialect::Postgres),
                    INDEXES.to_owned(),
                    format!(
                        "create extension if not exists pg_trgm; create index bench_lead_text on bench_lead using gin ({texts})"
                    ),
                    "vacuum analyze bench_lead".to_owned(),
                    "vacuum analyze bench_visit".to_owned(),
                    "vacuum analyze bench_amount".to_owned(),
                    format!("set statement_timeout = {}", limit.as_millis()),
                ] {
                    client.batch_execute(&sql).await.unwrap();
                }
                Self::Postgres(client)
            }
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// What the statements answer together, and how long they take; nothing when one takes too long.
    pub(crate) async fn ask(&mut self, statements: &[String]) -> Option<(Answer, Duration)> {
        let mut answer = Answer::new();
        let mut took = Duration::ZERO;
        for sql in statements {
            let begun = Instant::now();
            let rows = match self {
                Self::Sqlite { connection, limit } => ask_sqlite(connection, sql, *limit)?,
                Self::Postgres(client) => ask_postgres(client, sql).await?,
            };
            took += begun.elapsed();
            for (key, figures) in rows {
                add(&mut answer, key, figures);
            }
        }
        Some((answer, took))
    }
}

type Rows = Vec<(String, Vec<f64>)>;

fn ask_sqlite(connection: &mut Connection, sql: &str, limit: Duration) -> Option<Rows> {
    let begun = Instant::now();
    connection
        .progress_handler(100_000, Some(move || begun.elapsed() > limit))
        .unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let figures = 1..statement.column_count();
    let rows = statement.query_map([], |row| {
        let read = |column| Ok(row.get::<_, Option<f64>>(column)?.unwrap_or(f64::NAN));
        let figures: rusqlite::Result<_> = figures.clone().map(read).collect();
        Ok((row.get(0)?, figures?))
    });
    match rows.unwrap().collect() {
        Ok(rows) => Some(rows),
        Err(error) => {
            let code = error.sqlite_error_code();
            assert_eq!(
                code,
                Some(rusqlite::ErrorCode::OperationInterrupted),
                "{error}: {sql}"
            );
            None
        }
    }
}

async fn ask_postgres(client: &Client, sql: &str) -> Option<Rows> {
    match client.query(sql, &[]).await {
        Ok(rows) => {
            let read = |row: &tokio_postgres::Row| {
                let figures = (1..row.len()).map(|column| row.get::<_, Option<f64>>(column));
                (
                    row.get(0),
                    figures.map(|figure| figure.unwrap_or(f64::NAN)).collect(),
                )
            };
            Some(rows.iter().map(read).collect())
        }
        Err(error) => {
            assert_eq!(
                error.code(),
                Some(&SqlState::QUERY_CANCELED),
                "{error:?}: {sql}"
            );
            None
        }
    }
}

/// One row a lead, one a stage visit, one an amount; a visit ends when its lead is archived.
fn tables(dialect: Dialect) -> String {
    let property = |name: &str| {
        format!(
            "(select p.id from property p join object o on o.id = p.object_id where o.name = 'leads' and p.name = '{name}')"
        )
    };
    let whole = |text: String| format!("cast(cast({text} as numeric) as bigint)");
    let (value, amount, archived) = match dialect {
        Dialect::Sqlite => (
            "s.value ->> '$'",
            whole("s.value ->> '$.amount'".into()),
            "archived = 1",
        ),
        Dialect::Postgres => (
            "s.value #>> '{}'",
            whole("s.value ->> 'amount'".into()),
            "archived",
        ),
    };
    let current = |name: &str| format!("current ->> '{name}'");
    let amount_now = match dialect {
        Dialect::Sqlite => whole("current ->> '$.amount.amount'".into()),
        Dialect::Postgres => whole("current -> 'amount' ->> 'amount'".into()),
    };
    let since = |name: &str| match dialect {
        Dialect::Sqlite => format!("coalesce(since ->> '$.{name}[0]', created_at)"),
        Dialect::Postgres => format!("coalesce((since -> '{name}' ->> 0)::bigint, created_at)"),
    };
    let past = "from span s join bench_lead l on l.id = s.record_id where s.superseded_version is null and s.property_id =";
    let id = match dialect {
        Dialect::Sqlite => "blob",
        Dialect::Postgres => "uuid",
    };
    let texts = [
        "name", "email", "company", "phone", "city", "country", "stage",
    ]
    .map(current);
    format!(
        "create table bench_lead (lead bigint_key primary key, id {id} not null unique, name text, email text, company text, phone text, city text, \
           country text, stage text, stage_since bigint, amount bigint, amount_since bigint, created_at bigint, archived_at bigint); \
         insert into bench_lead select row_number() over (order by id) - 1, id, {}, {}, {amount_now}, {}, created_at, \
           case when {archived} then {} end from record where object_id = (select id from object where name = 'leads'); \
         create table bench_visit (lead bigint, stage text, valid_from bigint, valid_to bigint); \
         insert into bench_visit select l.lead, {value}, s.valid_from, s.valid_to {past} {} \
           union all select lead, stage, stage_since, archived_at from bench_lead; \
         create table bench_amount (lead bigint, amount bigint, valid_from bigint, valid_to bigint); \
         insert into bench_amount select l.lead, {amount}, s.valid_from, s.valid_to {past} {} \
           union all select lead, amount, amount_since, archived_at from bench_lead",
        texts.join(", "),
        since("stage"),
        since("amount"),
        since("archived"),
        property("stage"),
        property("amount"),
    )
    .replace(
        "bigint_key",
        match dialect {
            // The number of the row itself.
            Dialect::Sqlite => "integer",
            Dialect::Postgres => "bigint",
        },
    )
}
