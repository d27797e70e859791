//! One connection to PostgreSQL out of the pool, for one unit of work.
//!
//! Round trips are what a short unit costs, so statements travel together (pipelined) where they can:
//! `begin` with the first statement, and those whose result nobody looks at (`send`) with the next one
//! or the commit. A connection in an unknown state (a statement or a transaction was abandoned) is closed, never
//! given back to the pool.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use deadpool_postgres::Object;
use futures_util::future::{BoxFuture, MaybeDone, maybe_done, try_join_all};
use futures_util::{FutureExt, StreamExt, TryFutureExt, TryStreamExt};
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

/// A statement that waits to travel with another one, with its parameters for each time that it is run.
struct Waiting {
    sql: &'static str,
    rows: Vec<Vec<Param<'static>>>,
}

/// What is sent ahead of a statement, in the same flight.
struct Ahead {
    begin: Option<&'static str>,
    waiting: Vec<Waiting>,
}

pub(super) struct PostgresConn {
    /// Present until the connection is closed in `drop`.
    client: Option<Object>,
    /// To be sent before the first statement.
    begin: Option<&'static str>,
    /// To be sent before the next statement or the commit.
    waiting: Vec<Waiting>,
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
            waiting: Vec::new(),
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
        let (client, ahead) = self.start()?;
        let work = async {
            let statement = client.prepare_cached(sql).await?;
            after(client, ahead, async {
                let rows = client.query_raw(&statement, params).await?;
                rows.map_ok(Row::postgres).try_collect().await
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
        let (client, ahead) = self.start()?;
        let work = async {
            let statement = client.prepare_cached(sql).await?;
            after(client, ahead, client.execute_raw(&statement, params)).await
        };
        let result = timeout(STATEMENT_LIMIT, work).await.ok();
        self.settle(result)
    }

    /// Keeps a statement until the next one is sent, or the commit.
    pub(super) fn send(&mut self, sql: &'static str, rows: Vec<Vec<Param<'static>>>) {
        self.waiting.push(Waiting { sql, rows });
    }

    pub(super) async fn execute_many(
        &mut self,
        sql: &'static str,
        rows: &[Vec<Param<'_>>],
    ) -> Result<u64, DbError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let (client, ahead) = self.start()?;
        let work = async {
            let statement = client.prepare_cached(sql).await?;
            after(client, ahead, async {
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
        let (client, ahead) = self.start()?;
        let work = async {
            let statement = client.prepare_cached(&copy_text(table)).await?;
            after(client, ahead, async {
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
        let (client, ahead) = self.start()?;
        let work = async {
            let statement = client.prepare_cached(sql).await?;
            after(client, ahead, client.query_raw(&statement, params)).await
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
        let (client, ahead) = self.start()?;
        let work = after(client, ahead, client.batch_execute(sql));
        let result = timeout(BULK_LIMIT, work).await.ok();
        self.settle(result)
    }

    /// Commits what the unit did, durably.
    pub(super) async fn commit(&mut self) -> Result<(), DbError> {
        if !self.in_transaction && self.waiting.is_empty() {
            return Ok(());
        }
        let (client, ahead) = self.start()?;
        let work = after(client, ahead, client.batch_execute("commit"));
        let result = timeout(STATEMENT_LIMIT, work).await.ok();
        let is_over = matches!(&result, Some(Err(error)) if error.as_db_error().is_some());
        let lost = !matches!(&result, Some(Err(error)) if is_retryable(error));
        let result = self.settle(result);
        if result.is_ok() || is_over {
            // After a statement failed, the commit behind it has rolled back.
            self.in_transaction = false;
        }
        if result.is_err() && lost {
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
        self.waiting.clear();
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

    fn start(&mut self) -> Result<(&Object, Ahead), DbError> {
        if self.busy {
            return Err(DbError::Unavailable(
                "an earlier statement of the unit was abandoned".to_owned(),
            ));
        }
        self.busy = true;
        let ahead = Ahead {
            begin: self.begin.take(),
            waiting: std::mem::take(&mut self.waiting),
        };
        self.in_transaction |= ahead.begin.is_some();
        let client = self.client.as_ref();
        Ok((client.ok_or(DbError::Panicked)?, ahead))
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

/// Runs `work` with what is `ahead` sent just before it, in the same flight. Of several failures the first is told: those behind it follow from it.
async fn after<T>(
    client: &Object,
    ahead: Ahead,
    work: impl Future<Output = PgResult<T>>,
) -> PgResult<T> {
    let mut prepared = Vec::with_capacity(ahead.waiting.len());
    for waiting in &ahead.waiting {
        prepared.push((client.prepare_cached(waiting.sql).await?, &waiting.rows));
    }
    let mut sent: Vec<MaybeDone<BoxFuture<'_, PgResult<()>>>> = Vec::new();
    if let Some(begin) = ahead.begin {
        sent.push(maybe_done(client.batch_execute(begin).boxed()));
    }
    for (statement, rows) in &prepared {
        sent.extend(rows.iter().map(|row| {
            let insert = client.execute_raw(statement, row.as_slice());
            maybe_done(insert.map_ok(|_rows| ()).boxed())
        }));
    }
    // The client queues a message when its future is first polled: in this order.
    let mut work = pin!(maybe_done(work));
    poll_fn(|context| {
        for one in &mut sent {
            let _ = one.poll_unpin(context);
        }
        let _ = work.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
    for mut one in sent {
        (&mut one).await;
        Pin::new(&mut one).take_output().transpose()?;
    }
    work.as_mut().await;
    let result = work.take_output();
    result.expect("a future that is done and was not taken has its output")
}

fn copy_text(table: &BulkTable) -> String {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    format!(
        "copy {} ({}) from stdin (format binary)",
        table.name,
        names.join(", ")
    )
}
