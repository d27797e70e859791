//! One connection to PostgreSQL out of the pool, for one unit of work.
//!
//! `begin` travels together with the first statement (pipelined), which saves a round trip. A
//! connection in an unknown state (a statement or a transaction was abandoned) is closed, never
//! given back to the pool.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use deadpool_postgres::Object;
use futures_util::future::{try_join, try_join_all};
use futures_util::{StreamExt, TryStreamExt};
use tokio::time::timeout;
use tokio_postgres::binary_copy::BinaryCopyInWriter;

use super::error::is_retryable;
use super::{BulkTable, DbError, Param, Row};

/// How long one statement may take, and each row of a streamed result may let wait.
const STATEMENT_LIMIT: Duration = Duration::from_secs(15);
/// How long a bulk statement or a script may take.
const BULK_LIMIT: Duration = Duration::from_secs(120);
/// Statements on the wire at once.
const PIPELINE: usize = 256;

type PgResult<T> = Result<T, tokio_postgres::Error>;

pub(super) struct PostgresConn {
    /// Present until the connection is closed in `drop`.
    client: Option<Object>,
    /// To be sent before the first statement.
    begin: Option<&'static str>,
    /// A transaction is open on the server.
    in_transaction: bool,
    /// A statement is on its way; it stays so when its future is dropped.
    busy: bool,
    /// The whole unit may be run again: nothing of it was, or can have been, committed.
    retry: bool,
}

impl PostgresConn {
    /// `begin` opens the unit's transaction; without it every statement stands alone.
    pub(super) fn new(client: Object, begin: Option<&'static str>) -> PostgresConn {
        PostgresConn {
            client: Some(client),
            begin,
            in_transaction: false,
            busy: false,
            retry: false,
        }
    }

    /// Whether running the unit again may help.
    pub(super) fn wants_retry(&self) -> bool {
        self.retry
    }

    pub(super) async fn query(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, DbError> {
        let (client, begin) = self.start()?;
        let work = async {
            let statement = client.prepare_cached(sql).await?;
            after(client, begin, async {
                let rows = client.query_raw(&statement, params).await?;
                rows.map_ok(Row::postgres).try_collect().await
            })
            .await
        };
        let result = timeout(STATEMENT_LIMIT, work).await.ok();
        self.settle(result)
    }

    pub(super) async fn query_behind(
        &mut self,
        (first, first_params): (&'static str, &[Param<'_>]),
        (sql, params): (&'static str, &[Param<'_>]),
    ) -> Result<Vec<Row>, DbError> {
        let (client, begin) = self.start()?;
        let work = async {
            let first = client.prepare_cached(first).await?;
            let statement = client.prepare_cached(sql).await?;
            after(client, begin, async {
                // Futures are polled in this order, so `first` is queued first. Each statement has a snapshot of its own.
                let both = try_join(client.execute_raw(&first, first_params), async {
                    let rows = client.query_raw(&statement, params).await?;
                    rows.map_ok(Row::postgres).try_collect().await
                });
                both.await.map(|(_, rows)| rows)
            })
            .await
        };
        let result = timeout(STATEMENT_LIMIT, work).await.ok();
        self.settle(result)
    }

    pub(super) async fn execute(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<u64, DbError> {
        let (client, begin) = self.start()?;
        let work = async {
            let statement = client.prepare_cached(sql).await?;
            after(client, begin, client.execute_raw(&statement, params)).await
        };
        let result = timeout(STATEMENT_LIMIT, work).await.ok();
        self.settle(result)
    }

    pub(super) async fn execute_many(
        &mut self,
        sql: &'static str,
        rows: &[Vec<Param<'_>>],
    ) -> Result<u64, DbError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let (client, begin) = self.start()?;
        let work = async {
            let statement = client.prepare_cached(sql).await?;
            after(client, begin, async {
                let mut changed = 0;
                for some in rows.chunks(PIPELINE) {
                    let all = some
                        .iter()
                        .map(|row| client.execute_raw(&statement, row.as_slice()));
                    changed += try_join_all(all).await?.into_iter().sum::<u64>();
                }
                Ok(changed)
            })
            .await
        };
        let result = timeout(BULK_LIMIT, work).await.ok();
        self.settle(result)
    }

    pub(super) async fn bulk_insert(
        &mut self,
        table: &'static BulkTable,
        rows: &[Vec<Param<'_>>],
    ) -> Result<u64, DbError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let (client, begin) = self.start()?;
        let work = async {
            let statement = client.prepare_cached(&copy_text(table)).await?;
            after(client, begin, async {
                let sink = client.copy_in(&statement).await?;
                let types: Vec<_> = table.columns.iter().map(|(_, ty)| ty.postgres()).collect();
                let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
                for row in rows {
                    writer.as_mut().write_raw(row.as_slice()).await?;
                }
                writer.finish().await
            })
            .await
        };
        let result = timeout(BULK_LIMIT, work).await.ok();
        self.settle(result)
    }

    pub(super) async fn for_each(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        each: &mut (dyn FnMut(&Row) -> Result<(), DbError> + Send),
    ) -> Result<(), DbError> {
        let (client, begin) = self.start()?;
        let work = async {
            let statement = client.prepare_cached(sql).await?;
            after(client, begin, client.query_raw(&statement, params)).await
        };
        let mut rows = match timeout(BULK_LIMIT, work).await.ok() {
            Some(Ok(rows)) => pin!(rows),
            failed => return self.settle(failed.map(|it| it.map(|_| ()))),
        };
        loop {
            match timeout(BULK_LIMIT, rows.next()).await.ok() {
                // An early end leaves the connection busy, so that it is closed.
                Some(Some(Ok(row))) => each(&Row::postgres(row))?,
                Some(Some(Err(error))) => return self.settle(Some(Err(error))),
                Some(None) => return self.settle(Some(Ok(()))),
                None => return self.settle(None),
            }
        }
    }

    pub(super) async fn run_script(&mut self, sql: &'static str) -> Result<(), DbError> {
        let (client, begin) = self.start()?;
        let work = after(client, begin, client.batch_execute(sql));
        let result = timeout(BULK_LIMIT, work).await.ok();
        self.settle(result)
    }

    /// Commits what the unit did, durably.
    pub(super) async fn commit(&mut self) -> Result<(), DbError> {
        if !self.in_transaction {
            return Ok(());
        }
        let (client, _) = self.start()?;
        let result = timeout(STATEMENT_LIMIT, client.batch_execute("commit"))
            .await
            .ok();
        let lost = !matches!(&result, Some(Err(error)) if is_retryable(error));
        let result = self.settle(result);
        if result.is_ok() {
            self.in_transaction = false;
        } else if lost {
            // The server may have committed all the same.
            self.retry = false;
        }
        result
    }

    /// Undoes what the unit did. A failure is no matter: the connection is closed then.
    pub(super) async fn rollback(&mut self) {
        if !self.in_transaction || self.busy {
            return;
        }
        let retry = self.retry;
        if let Ok((client, _)) = self.start() {
            let result = timeout(STATEMENT_LIMIT, client.batch_execute("rollback"))
                .await
                .ok();
            if self.settle(result).is_ok() {
                self.in_transaction = false;
            }
        }
        self.retry = retry;
    }

    fn start(&mut self) -> Result<(&Object, Option<&'static str>), DbError> {
        if self.busy {
            return Err(DbError::Unavailable(
                "an earlier statement of the unit was abandoned".to_owned(),
            ));
        }
        self.busy = true;
        let begin = self.begin.take();
        self.in_transaction |= begin.is_some();
        let client = self.client.as_ref();
        Ok((client.ok_or(DbError::Panicked)?, begin))
    }

    /// Notes how a statement ended; `None` when it did not within its time.
    fn settle<T>(&mut self, result: Option<PgResult<T>>) -> Result<T, DbError> {
        let Some(result) = result else {
            return Err(DbError::Unavailable(
                "PostgreSQL did not answer in time".to_owned(),
            ));
        };
        self.busy = false;
        result.map_err(|error| {
            let lost = error.is_closed() || self.client.as_ref().is_none_or(|it| it.is_closed());
            self.retry |= is_retryable(&error) || lost;
            error.into()
        })
    }
}

impl Drop for PostgresConn {
    fn drop(&mut self) {
        if let Some(client) = self.client.take()
            && (self.busy || self.in_transaction)
        {
            drop(Object::take(client));
        }
    }
}

/// Runs `work` with `begin` sent just before it, in the same flight.
async fn after<T>(
    client: &Object,
    begin: Option<&'static str>,
    work: impl Future<Output = PgResult<T>>,
) -> PgResult<T> {
    match begin {
        None => work.await,
        Some(begin) => {
            // Futures are polled in this order, so `begin` is queued first.
            let ((), result) = try_join(client.batch_execute(begin), work).await?;
            Ok(result)
        }
    }
}

fn copy_text(table: &BulkTable) -> String {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    format!(
        "copy {} ({}) from stdin (format binary)",
        table.name,
        names.join(", ")
    )
}
