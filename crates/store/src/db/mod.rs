//! One `Db` over SQLite and PostgreSQL: it runs units of work and hides which database does it.
//!
//! A unit of work is a closure that gets a [`Tx`] and returns a boxed future. Rules for units:
//!
//! - It may run more than once (PostgreSQL reruns it after a serialization failure, a deadlock, or a
//!   connection lost before the commit was sent), so it is `Fn`, and its effects outside the
//!   database must be harmless when repeated.
//! - It awaits nothing but the `Tx`. On SQLite its future is polled once, on the thread that owns
//!   the connection; a future that is still pending then is an error and is rolled back.
//! - After a statement failed the unit cannot be committed, on neither database, even when it
//!   returns `Ok`. Ask with `on conflict do nothing` instead of catching violations.
//! - Once begun, a `write` runs to its end even when the caller goes away.
//!
//! `DbError::UniqueViolation` names the table beside the constraint, since SQLite reports columns
//! and PostgreSQL a name: code that must work on both looks at the table.

mod backup;
mod dialect;
mod error;
mod param;
mod postgres;
mod postgres_conn;
mod postgres_url;
mod private;
mod row;
mod sqlite;
mod sqlite_conn;
#[cfg(test)]
mod tests;
mod tx;

use std::path::PathBuf;
use std::sync::Arc;

pub use backup::{back_up_sqlite, restore_sqlite};
pub use dialect::Dialect;
pub use error::DbError;
pub use futures_util::future::BoxFuture;
pub use param::{BulkTable, ColumnType, Param};
pub use row::{Cell, FromCell, Row};
pub use tx::Tx;

use postgres::Postgres;
use sqlite::Sqlite;

/// A database that is open. Cheap to clone; the last clone closes it.
#[derive(Clone)]
pub struct Db {
    backend: Arc<Backend>,
}

enum Backend {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// What a unit that only reads sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Each statement sees the latest committed state. For a few rows: on SQLite the unit runs on the thread that asks.
    Latest,
    /// All statements see one consistent state.
    Snapshot,
}

/// Which database to open.
#[derive(Clone)]
pub enum DbConfig {
    /// One file, owned by this process alone while it is open.
    Sqlite {
        /// The database file; its folder is created when absent.
        path: PathBuf,
    },
    /// A server, shared by any number of nodes.
    Postgres {
        /// `postgres://user:password@host/database?sslmode=...`.
        url: String,
        /// Size of the connection pool.
        max_connections: usize,
    },
}

impl Db {
    /// Opens the database and checks versions; does not migrate (see [`Db::migrate`]).
    ///
    /// # Errors
    /// `Locked` when another process has the SQLite file open, `NewerSchema` when a newer release migrated it, `Unavailable` when the server cannot
    /// be reached.
    pub async fn open(config: DbConfig) -> Result<Db, DbError> {
        let backend = match config {
            DbConfig::Sqlite { path } => Backend::Sqlite(Sqlite::open(&path)?),
            DbConfig::Postgres {
                url,
                max_connections,
            } => Backend::Postgres(Postgres::open(&url, max_connections).await?),
        };
        let db = Db {
            backend: Arc::new(backend),
        };
        db.schema_version().await?;
        Ok(db)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// `Unavailable` when it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.read(|tx| {
            Box::pin(async move {
                let _one: i64 = tx.query_one("select 1::bigint", &[]).await?.get(0)?;
                Ok(())
            })
        })
        .await
    }

    /// Which SQL dialect the database speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match &*self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// How many units of one task that writes much may usefully write at once: one where there is one writer (SQLite); else several, which
    /// leave half of the connections to others.
    #[must_use]
    pub fn parallel_writes(&self) -> usize {
        match &*self.backend {
            Backend::Sqlite(_) => 1,
            Backend::Postgres(postgres) => postgres.connections() / 2,
        }
        .max(1)
    }

    /// How many write transactions were committed since the database was opened, where this process
    /// sees all of them (SQLite); `None` where other nodes write too (PostgreSQL).
    ///
    /// A unit is counted before its `write` returns, so equal numbers mean that nothing changed.
    #[must_use]
    pub fn commits(&self) -> Option<u64> {
        match &*self.backend {
            Backend::Sqlite(sqlite) => Some(sqlite.commits()),
            Backend::Postgres(_) => None,
        }
    }

    /// Runs one unit of work: committed durably when this returns `Ok`, nothing of it stays when it
    /// returns `Err`.
    ///
    /// # Errors
    /// The unit's own, or a `DbError` of the commit. After `Unavailable` from a lost PostgreSQL
    /// connection during the commit itself, the outcome is unknown.
    pub async fn write<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(sqlite) => sqlite.write(unit).await,
            Backend::Postgres(postgres) => postgres.write(unit).await,
        }
    }

    /// Runs a unit that only reads; see [`Reading::Latest`].
    ///
    /// # Errors
    /// The unit's own.
    pub async fn read<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.read_as(Reading::Latest, unit).await
    }

    /// Runs a unit that only reads; see [`Reading::Snapshot`].
    ///
    /// # Errors
    /// The unit's own.
    pub async fn snapshot<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.read_as(Reading::Snapshot, unit).await
    }

    /// Runs a unit that only reads, in either way.
    ///
    /// # Errors
    /// The unit's own.
    pub async fn read_as<T, E, F>(&self, reading: Reading, unit: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(sqlite) => sqlite.read(unit, reading).await,
            Backend::Postgres(postgres) => postgres.read(unit, reading).await,
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.dialect())
    }
}

impl std::fmt::Debug for DbConfig {
    /// Shows no password: a URL may hold one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DbConfig::Sqlite { path } => write!(f, "Sqlite({})", path.display()),
            DbConfig::Postgres { .. } => f.write_str("Postgres(..)"),
        }
    }
}
