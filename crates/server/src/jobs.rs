//! The workers: each takes one job after the other, runs it, and sees how it ended. They stop between two steps of a job, which goes on later,
//! here or on another node.

use std::time::Duration;

use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    app::App,
    service::{
        error::ServiceError,
        exports, imports,
        jobs::{self, Ended, Hold},
    },
};

/// Workers in a process.
const WORKERS: usize = 2;
/// How long to wait for a job that another node added.
const IDLE: Duration = Duration::from_secs(2);
/// How long to wait after trouble with the database.
const TROUBLE: Duration = Duration::from_secs(5);
/// How often a job may be begun anew before it is given up.
const MOST_ATTEMPTS: i32 = 10;
const KINDS: &[&str] = &[imports::KIND, exports::KIND];

/// Runs jobs until the server stops.
pub async fn work(app: App) {
    if let Err(error) = jobs::recover(&app).await {
        tracing::error!(%error, "jobs of the process before this one could not be freed");
    }
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(work_alone(
            app.clone(),
            format!("worker:{}", Uuid::now_v7()),
        ));
    }
    workers.join_all().await;
}

async fn work_alone(app: App, owner: String) {
    while !app.stopping.is_cancelled() {
        let pause = match Hold::take(&app, KINDS, &owner).await {
            Ok(Some(hold)) => match run(&hold).await {
                Ok(()) => continue,
                Err(error) => {
                    tracing::warn!(job = %hold.job.id, %error, "a job was put off");
                    TROUBLE
                }
            },
            Ok(None) => IDLE,
            Err(error) => {
                tracing::warn!(%error, "no job could be taken");
                TROUBLE
            }
        };
        tokio::select! {
            () = app.stopping.cancelled() => {}
            () = app.jobs.notified(), if pause == IDLE => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Runs a job that is held.
///
/// # Errors
/// If it must be tried again later.
pub async fn run(hold: &Hold) -> Result<(), ServiceError> {
    let job = hold.job.id;
    tracing::info!(%job, kind = hold.job.kind, attempt = hold.job.attempts, "a job runs");
    let result = match hold.job.kind.as_str() {
        imports::KIND => imports::run(hold).await,
        _ => exports::run(hold).await,
    };
    match result {
        Ok(Ended::Finished) => tracing::info!(%job, "a job has ended"),
        Ok(Ended::Lost) => tracing::info!(%job, "a job went to another worker"),
        Ok(Ended::Interrupted) => hold.release().await?,
        Err(error) => {
            tracing::error!(%job, %error, "a job failed");
            let is_hopeless = !matches!(
                error,
                ServiceError::Unavailable(_) | ServiceError::StorageFull
            );
            if is_hopeless || hold.job.attempts >= MOST_ATTEMPTS {
                let text = "something went wrong; the log of the server says what";
                match hold.job.kind.as_str() {
                    imports::KIND => imports::fail(hold, text).await?,
                    _ => exports::fail(hold, text).await?,
                };
            } else {
                hold.release().await?;
                return Err(error);
            }
        }
    }
    Ok(())
}
