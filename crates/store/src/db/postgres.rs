//! PostgreSQL: a pool of connections, and the loop that runs a unit of work again when it met others.

use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime,
};
use uuid::Uuid;

use super::postgres_conn::PostgresConn;
use super::postgres_url::{self, Target};
use super::{BoxFuture, DbError, Reading, Tx};

/// How long to wait for a connection: from the pool, or a new one.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Every statement of the store has one right plan, by an index. So PostgreSQL plans it once for a connection, not for each run (planning costs
/// several times what reading a row does), and a table that was small at that moment is not read whole when it has grown.
const SETTINGS: &str = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off; set max_parallel_workers_per_gather = 0";
/// How often a unit is run at most.
const TRIES: u32 = 12;
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_millis(400);

/// A server that is reached through a pool.
pub(super) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(super) async fn open(url: &str, max_connections: usize) -> Result<Postgres, DbError> {
        let Target { mut config, tls } = postgres_url::parse(url)?;
        config.application_name("leadline");
        config.connect_timeout(CONNECT_LIMIT);
        config.keepalives_idle(Duration::from_secs(30));
        config.tcp_user_timeout(Duration::from_secs(20));
        let manager_config = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = match tls {
            Some(tls) => Manager::from_config(config, tls, manager_config),
            None => Manager::from_config(config, tokio_postgres::NoTls, manager_config),
        };
        let pool = Pool::builder(manager)
            .max_size(max_connections.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(CONNECT_LIMIT))
            .create_timeout(Some(CONNECT_LIMIT))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move {
                    client
                        .batch_execute(SETTINGS)
                        .await
                        .map_err(HookError::Backend)
                })
            }))
            .build()
            .map_err(|error| DbError::Other(error.to_string()))?;
        drop(pool.get().await.map_err(unreachable)?);
        Ok(Postgres { pool })
    }

    /// The most connections there may be.
    pub(super) fn connections(&self) -> usize {
        self.pool.status().max_size
    }

    /// Runs in a task of its own, so that a caller who goes away does not abandon a transaction.
    pub(super) async fn write<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let pool = self.pool.clone();
        match tokio::spawn(async move { run(&pool, Some("begin"), &unit).await }).await {
            Ok(result) => result,
            Err(join) if join.is_panic() => Err(E::from(DbError::Panicked)),
            Err(_) => Err(E::from(DbError::Unavailable("shutting down".to_owned()))),
        }
    }

    pub(super) async fn read<T, E, F>(&self, unit: F, reading: Reading) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let begin = match reading {
            Reading::Latest => None,
            Reading::Snapshot => Some("begin isolation level repeatable read read only"),
        };
        run(&self.pool, begin, &unit).await
    }
}

/// Runs the unit until it is through, it fails for good, or it has had its tries.
async fn run<T, E, F>(pool: &Pool, begin: Option<&'static str>, unit: &F) -> Result<T, E>
where
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync,
    T: Send,
    E: From<DbError> + Send,
{
    for tries in 1.. {
        let client = pool.get().await.map_err(unreachable)?;
        let mut tx = Tx::on_postgres(PostgresConn::new(client, begin));
        let result = unit(&mut tx).await;
        let result = finish(&mut tx, result).await;
        let wants_retry = tx.postgres().is_some_and(|conn| conn.wants_retry());
        drop(tx);
        if result.is_ok() || !wants_retry {
            return result;
        }
        if tries >= TRIES {
            return Err(E::from(DbError::Contended { tries }));
        }
        tracing::debug!(tries, "running a unit of work again");
        tokio::time::sleep(pause(tries)).await;
    }
    Err(E::from(DbError::Contended { tries: TRIES }))
}

async fn finish<T, E: From<DbError>>(tx: &mut Tx, result: Result<T, E>) -> Result<T, E> {
    let result = tx.judged(result);
    let Some(conn) = tx.postgres() else {
        return result;
    };
    match result {
        Ok(value) => conn.commit().await.map(|()| value).map_err(E::from),
        Err(error) => {
            conn.rollback().await;
            Err(error)
        }
    }
}

/// Exponential, with jitter: somewhere between half and the whole of 2, 4, 8, ... milliseconds.
fn pause(tries: u32) -> Duration {
    let whole = Duration::from_millis(1 << tries.min(20)).min(LONGEST_PAUSE);
    let random = Uuid::new_v4().as_u128() as u32;
    whole / 2 + (whole / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
}

fn unreachable(error: PoolError) -> DbError {
    match error {
        PoolError::Backend(error) if error.as_db_error().is_some() => error.into(),
        PoolError::Timeout(_) => {
            DbError::Unavailable("no connection to PostgreSQL within 5 s".to_owned())
        }
        _ => DbError::Unavailable("PostgreSQL cannot be reached".to_owned()),
    }
}
