//! The handle by which a unit of work runs its statements.

use super::postgres_conn::PostgresConn;
use super::sqlite_conn::SqliteConn;
use super::{BulkTable, DbError, Dialect, Param, Row};

/// A unit of work in progress.
pub struct Tx {
    conn: Conn,
    /// A statement failed: the unit cannot be committed any more.
    failed: bool,
}

enum Conn {
    Sqlite(SqliteConn),
    Postgres(PostgresConn),
}

impl Tx {
    /// Runs a statement and collects its rows.
    ///
    /// # Errors
    /// Any `DbError`; the unit can then not be committed any more.
    pub async fn query(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, DbError> {
        let result = match &mut self.conn {
            Conn::Sqlite(conn) => conn.query(sql, params),
            Conn::Postgres(conn) => conn.query(sql, params).await,
        };
        self.noting(result)
    }

    /// Runs a statement that returns one row or none.
    ///
    /// # Errors
    /// As `query`, and `Other` when there are more rows.
    pub async fn query_opt(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Option<Row>, DbError> {
        let mut rows = self.query(sql, params).await?;
        let row = rows.pop();
        match rows.is_empty() {
            true => Ok(row),
            false => Err(DbError::Other("more than one row".to_owned())),
        }
    }

    /// Runs a statement that returns exactly one row.
    ///
    /// # Errors
    /// As `query_opt`, and `Other` when there is no row.
    pub async fn query_one(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Row, DbError> {
        self.query_opt(sql, params)
            .await?
            .ok_or_else(|| DbError::Other("no row where there must be one".to_owned()))
    }

    /// Runs a statement without rows; returns how many rows it changed.
    ///
    /// # Errors
    /// As `query`.
    pub async fn execute(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<u64, DbError> {
        let result = match &mut self.conn {
            Conn::Sqlite(conn) => conn.execute(sql, params),
            Conn::Postgres(conn) => conn.execute(sql, params).await,
        };
        self.noting(result)
    }

    /// Runs one statement once for each row of parameters, pipelined on PostgreSQL; returns how many
    /// rows were changed in all.
    ///
    /// # Errors
    /// As `query`.
    pub async fn execute_many(
        &mut self,
        sql: &'static str,
        rows: &[Vec<Param<'_>>],
    ) -> Result<u64, DbError> {
        let result = match &mut self.conn {
            Conn::Sqlite(conn) => conn.execute_many(sql, rows),
            Conn::Postgres(conn) => conn.execute_many(sql, rows).await,
        };
        self.noting(result)
    }

    /// Runs a statement whose result nobody needs (an insert, a lock), once for each row of parameters, when the unit's next statement is run or
    /// it is committed: on PostgreSQL they travel together, which saves a round trip, and what is wrong is told then. The next statement sees
    /// all that was committed while this one waited.
    ///
    /// # Errors
    /// As `query`.
    pub async fn send(
        &mut self,
        sql: &'static str,
        rows: Vec<Vec<Param<'static>>>,
    ) -> Result<(), DbError> {
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                let result = conn.execute_many(sql, &rows);
                self.noting(result).map(|_rows| ())
            }
            Conn::Postgres(conn) => {
                conn.send(sql, rows);
                Ok(())
            }
        }
    }

    /// Inserts many rows in the quickest way the database has (binary copy on PostgreSQL).
    ///
    /// # Errors
    /// As `query`.
    pub async fn bulk_insert(
        &mut self,
        table: &'static BulkTable,
        rows: &[Vec<Param<'_>>],
    ) -> Result<u64, DbError> {
        let result = match &mut self.conn {
            Conn::Sqlite(conn) => conn.bulk_insert(table, rows),
            Conn::Postgres(conn) => conn.bulk_insert(table, rows).await,
        };
        self.noting(result)
    }

    /// Runs a statement and hands over its rows one by one, in bounded memory.
    ///
    /// # Errors
    /// As `query`, and whatever `each` returns, which ends the reading.
    pub async fn for_each(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        each: &mut (dyn FnMut(&Row) -> Result<(), DbError> + Send),
    ) -> Result<(), DbError> {
        let result = match &mut self.conn {
            Conn::Sqlite(conn) => conn.for_each(sql, params, each),
            Conn::Postgres(conn) => conn.for_each(sql, params, each).await,
        };
        self.noting(result)
    }

    /// Runs a script of several statements without parameters, as it stands (never translated).
    ///
    /// # Errors
    /// As `query`.
    pub(crate) async fn run_script(&mut self, sql: &'static str) -> Result<(), DbError> {
        let result = match &mut self.conn {
            Conn::Sqlite(conn) => conn.run_script(sql),
            Conn::Postgres(conn) => conn.run_script(sql).await,
        };
        self.noting(result)
    }

    /// Which SQL dialect the database speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match &self.conn {
            Conn::Sqlite(_) => Dialect::Sqlite,
            Conn::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(super) fn on_sqlite(conn: SqliteConn) -> Tx {
        Tx {
            conn: Conn::Sqlite(conn),
            failed: false,
        }
    }

    pub(super) fn on_postgres(conn: PostgresConn) -> Tx {
        Tx {
            conn: Conn::Postgres(conn),
            failed: false,
        }
    }

    pub(super) fn sqlite(&mut self) -> Option<&mut SqliteConn> {
        match &mut self.conn {
            Conn::Sqlite(conn) => Some(conn),
            Conn::Postgres(_) => None,
        }
    }

    pub(super) fn postgres(&mut self) -> Option<&mut PostgresConn> {
        match &mut self.conn {
            Conn::Sqlite(_) => None,
            Conn::Postgres(conn) => Some(conn),
        }
    }

    /// Begins a new unit on the same connection.
    pub(super) fn reset(&mut self) {
        self.failed = false;
    }

    /// Turns the `Ok` of a unit that went on after a failed statement into an error: PostgreSQL has
    /// undone the transaction already, and SQLite shall do the same.
    pub(super) fn judged<T, E: From<DbError>>(&self, result: Result<T, E>) -> Result<T, E> {
        match result {
            Ok(_) if self.failed => Err(E::from(DbError::Other(
                "a unit of work went on after a failed statement".to_owned(),
            ))),
            other => other,
        }
    }

    fn noting<T>(&mut self, result: Result<T, DbError>) -> Result<T, DbError> {
        self.failed |= result.is_err();
        result
    }
}
