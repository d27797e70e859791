//! Databases for tests: a fresh SQLite file, and a fresh PostgreSQL database on the server that
//! `LEADLINE_TEST_POSTGRES_URL` names.
//!
//! Without that variable the PostgreSQL half is skipped with a line that says so; in CI (`CI=true`)
//! its absence is a failure.

#![expect(
    clippy::panic,
    reason = "a test whose database cannot be made must fail"
)]

use std::thread;

use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::db::{Db, DbConfig};
use crate::migrations;

/// Runs a test's body on a fresh, migrated database of each kind, one after the other.
pub async fn each_database(body: impl AsyncFn(Db)) {
    let sqlite = TestDatabase::sqlite().await;
    body(sqlite.db()).await;
    drop(sqlite);
    if let Some(postgres) = TestDatabase::postgres().await {
        body(postgres.db()).await;
    }
}

/// A fresh, migrated database that is removed when this is dropped.
pub struct TestDatabase {
    db: Option<Db>,
    config: DbConfig,
    home: Home,
}

enum Home {
    Folder(TempDir),
    Server { url: String, name: String },
}

impl TestDatabase {
    /// A SQLite file in a temporary folder.
    pub async fn sqlite() -> TestDatabase {
        let folder = made(tempfile::tempdir());
        let config = DbConfig::Sqlite {
            path: folder.path().join("leadline.db"),
        };
        let test = TestDatabase::open(config, Home::Folder(folder)).await;
        made(test.db().migrate().await);
        test
    }

    /// A database on the test server; `None` (and a line that says so) when there is no server.
    pub async fn postgres() -> Option<TestDatabase> {
        TestDatabase::on_server(true).await
    }

    /// As [`TestDatabase::postgres`], but empty.
    pub async fn unmigrated_postgres() -> Option<TestDatabase> {
        TestDatabase::on_server(false).await
    }

    async fn on_server(is_migrated: bool) -> Option<TestDatabase> {
        let Ok(url) = std::env::var("LEADLINE_TEST_POSTGRES_URL") else {
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "LEADLINE_TEST_POSTGRES_URL must be set in CI"
            );
            eprintln!("skipped: LEADLINE_TEST_POSTGRES_URL is not set");
            return None;
        };
        let name = format!("leadline_test_{}", Uuid::new_v4().simple());
        let template = if is_migrated {
            template(&url).await
        } else {
            "template1".to_owned()
        };
        run_on(&url, &format!("create database {name} template {template}")).await;
        let config = DbConfig::Postgres {
            url: with_database(&url, &name),
            max_connections: 8,
        };
        Some(TestDatabase::open(config, Home::Server { url, name }).await)
    }

    /// The open database.
    pub fn db(&self) -> Db {
        match &self.db {
            Some(db) => db.clone(),
            None => panic!("the database is closed"),
        }
    }

    /// How to open it once more, as a second node or after [`TestDatabase::close`].
    pub fn config(&self) -> DbConfig {
        self.config.clone()
    }

    /// Lets go of the own handle; a SQLite file can be opened again when no other one is left.
    pub fn close(&mut self) {
        self.db = None;
    }

    async fn open(config: DbConfig, home: Home) -> TestDatabase {
        let db = made(Db::open(config.clone()).await);
        TestDatabase {
            db: Some(db),
            config,
            home,
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.db = None;
        match &self.home {
            Home::Folder(_removes_itself) => {}
            Home::Server { url, name } => {
                let (url, sql) = (url.clone(), format!("drop database {name} with (force)"));
                // A runtime of its own: this one may be unwinding from a failed test.
                let dropped = thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build();
                    made(runtime).block_on(run_on(&url, &sql));
                });
                let _ = dropped.join();
            }
        }
    }
}

/// The name of a migrated database to copy from, which is much quicker than to migrate. The first test to ask makes it.
async fn template(url: &str) -> String {
    let name = format!("leadline_template_{}", migrations::fingerprint());
    let server = connect(url).await;
    made(
        server
            .batch_execute("select pg_advisory_lock(5712385313)")
            .await,
    );
    let found = made(
        server
            .query("select 1 from pg_database where datname = $1", &[&name])
            .await,
    );
    if found.is_empty() {
        let draft = format!("leadline_draft_{}", Uuid::new_v4().simple());
        made(
            server
                .batch_execute(&format!("create database {draft}"))
                .await,
        );
        let config = DbConfig::Postgres {
            url: with_database(url, &draft),
            max_connections: 1,
        };
        let db = made(Db::open(config).await);
        made(db.migrate().await);
        drop(db);
        made(server.batch_execute(&format!("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{draft}'")).await);
        made(
            server
                .batch_execute(&format!("alter database {draft} rename to {name}"))
                .await,
        );
    }
    name
}

async fn run_on(url: &str, sql: &str) {
    made(connect(url).await.batch_execute(sql).await);
}

async fn connect(url: &str) -> Client {
    let (client, connection) = made(tokio_postgres::connect(url, NoTls).await);
    tokio::spawn(connection);
    client
}

/// Puts another database's name into a URL: `postgres://user@host:5432/name?options`.
fn with_database(url: &str, name: &str) -> String {
    let (main, options) = url.split_once('?').unwrap_or((url, ""));
    let server = match main.match_indices('/').nth(2) {
        Some((slash, _)) => &main[..slash],
        None => main,
    };
    format!("{server}/{name}?{options}")
}

fn made<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("a test database cannot be used: {error}"))
}
