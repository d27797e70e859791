//! Background jobs: their rows, who holds one, and how it ends. What a job does is with its own noun: imports, exports.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use leadline_engine::{
    ids::JobId,
    time::{MICROS_PER_SECOND, Timestamp},
};
use leadline_store::{
    db::Dialect,
    jobs::{self, Job, JobStatus, Lease},
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{ctx::Ctx, error::ServiceError, unit_of_work};
use crate::app::App;

/// How long a worker holds a job without saying that it lives.
const LEASE_SECONDS: i64 = 30;
/// Parts of a file that are removed at once.
const PARTS: i64 = 16;
/// How often it says so.
const BEAT: Duration = Duration::from_secs(8);

/// Which jobs to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct JobPage {
    /// Only older ones.
    pub before: Option<JobId>,
    /// How many at most.
    pub limit: usize,
}

/// A worker's hold on a job; kept alive until it is dropped.
pub struct Hold {
    /// The application.
    pub app: App,
    /// The job as it was when it was taken.
    pub job: Job,
    /// Its progress then.
    begun: Json,
    owner: String,
    lost: Arc<AtomicBool>,
    _beat: DropGuard,
}

/// A lease that can be moved into units of work.
#[derive(Debug, Clone)]
pub struct OwnedLease {
    owner: String,
    now: Timestamp,
}

/// How a worker's work on a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The job is done, well or not.
    Finished,
    /// The worker must stop; the job goes on later.
    Interrupted,
    /// Another worker has it.
    Lost,
}

/// What came of the wish to begin a job.
pub enum Begun {
    /// It is new.
    New(Box<Hold>),
    /// The caller's idempotency key has this one already, here as it was when it began.
    Known(Box<Job>),
}

impl Begun {
    /// The job as it was when it began: what the request is told, however often it is repeated and however far the job is.
    #[must_use]
    pub fn into_job(self) -> Job {
        match self {
            Self::New(hold) => as_begun(hold.job, hold.begun),
            Self::Known(job) => *job,
        }
    }
}

/// What is kept for an idempotency key: how to tell again what was told first.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: JobId,
    progress: Json,
}

impl OwnedLease {
    /// For the store.
    #[must_use]
    pub fn as_ref(&self) -> Lease<'_> {
        Lease {
            owner: &self.owner,
            now: self.now,
            until: self.now.plus_micros(LEASE_SECONDS * MICROS_PER_SECOND),
        }
    }
}

impl Hold {
    /// Adds a job that is held from the beginning.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin(
        app: &App,
        ctx: &Ctx,
        kind: &str,
        options: Json,
        progress: Json,
        owner: &str,
    ) -> Result<Begun, ServiceError> {
        let now = ctx.now();
        let lease = OwnedLease {
            owner: owner.to_owned(),
            now,
        };
        let job = Job {
            id: JobId::new(),
            workspace_id: ctx.workspace,
            kind: kind.to_owned(),
            status: JobStatus::Running,
            options,
            progress,
            created_by: ctx.actor,
            created_at: now,
            updated_at: now,
            started_at: None,
            finished_at: None,
            lease_owner: Some(owner.to_owned()),
            lease_until: Some(lease.as_ref().until),
            attempts: 0,
        };
        let (own_ctx, row) = (ctx.clone(), Arc::new(job.clone()));
        let kept: Kept = unit_of_work::write(app, ctx, move |tx| {
            let row = Arc::clone(&row);
            Box::pin(async move {
                jobs::insert(tx, &row).await?;
                Ok(Kept {
                    id: row.id,
                    progress: row.progress.clone(),
                })
            })
        })
        .await?;
        if kept.id == job.id {
            return Ok(Begun::New(Box::new(Self::of(app, job, owner))));
        }
        let kind = job.kind;
        let known = app
            .db
            .read(move |tx| {
                let (ctx, kind) = (own_ctx.clone(), kind.clone());
                Box::pin(async move {
                    jobs::get(tx, ctx.workspace, kept.id)
                        .await?
                        .filter(|job| job.kind == kind)
                        .ok_or(ServiceError::NotFound)
                })
            })
            .await?;
        Ok(Begun::Known(Box::new(as_begun(known, kept.progress))))
    }

    /// Takes the next job of these kinds.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn take(
        app: &App,
        kinds: &'static [&'static str],
        owner: &str,
    ) -> Result<Option<Self>, ServiceError> {
        let lease = OwnedLease {
            owner: owner.to_owned(),
            now: app.clock.now(),
        };
        let job = app
            .db
            .write(move |tx| {
                let lease = lease.clone();
                Box::pin(async move {
                    jobs::take_next(tx, kinds, lease.as_ref())
                        .await
                        .map_err(ServiceError::from)
                })
            })
            .await?;
        Ok(job.map(|job| Self::of(app, job, owner)))
    }

    fn of(app: &App, job: Job, owner: &str) -> Self {
        let stop = CancellationToken::new();
        let lost = Arc::new(AtomicBool::new(false));
        tokio::spawn(beat(
            app.clone(),
            job.id,
            owner.to_owned(),
            Arc::clone(&lost),
            stop.clone(),
        ));
        Self {
            app: app.clone(),
            begun: job.progress.clone(),
            job,
            owner: owner.to_owned(),
            lost,
            _beat: stop.drop_guard(),
        }
    }

    /// The lease, as of now.
    #[must_use]
    pub fn lease(&self) -> OwnedLease {
        OwnedLease {
            owner: self.owner.clone(),
            now: self.app.clock.now(),
        }
    }

    /// Whether to let go: the server stops, or another worker has the job.
    #[must_use]
    pub fn must_stop(&self) -> bool {
        self.app.stopping.is_cancelled() || self.lost.load(Ordering::Relaxed)
    }

    /// Notes progress by itself.
    ///
    /// # Errors
    /// `Conflict` when another worker has the job.
    pub async fn note(&self, progress: &Json) -> Result<(), ServiceError> {
        let (id, lease, progress) = (self.job.id, self.lease(), progress.clone());
        let is_held = self
            .app
            .db
            .write(move |tx| {
                let (lease, progress) = (lease.clone(), progress.clone());
                Box::pin(async move {
                    jobs::renew(tx, id, lease.as_ref(), &progress)
                        .await
                        .map_err(ServiceError::from)
                })
            })
            .await?;
        if is_held {
            Ok(())
        } else {
            Err(ServiceError::conflict(
                "JOB_LOST",
                "another worker has the job",
            ))
        }
    }

    /// The job as it is now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reread(&self) -> Result<Job, ServiceError> {
        let (workspace, id) = (self.job.workspace_id, self.job.id);
        self.app
            .db
            .read(move |tx| {
                Box::pin(async move {
                    jobs::get(tx, workspace, id)
                        .await?
                        .ok_or(ServiceError::NotFound)
                })
            })
            .await
    }

    /// Removes a file of the job, in small units of work, so that others are not held up.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn discard(&self, file: &'static str) -> Result<(), ServiceError> {
        let id = self.job.id;
        let mut removed = PARTS as u64;
        while removed == PARTS as u64 {
            removed = self
                .app
                .db
                .write(move |tx| {
                    Box::pin(async move {
                        jobs::delete_last_parts(tx, id, file, PARTS)
                            .await
                            .map_err(ServiceError::from)
                    })
                })
                .await?;
        }
        Ok(())
    }

    /// Ends the job, and removes a file that it does not need any more.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn finish(
        &self,
        status: JobStatus,
        progress: &Json,
        file: Option<&'static str>,
    ) -> Result<Ended, ServiceError> {
        let (id, lease, progress) = (self.job.id, self.lease(), progress.clone());
        let is_held = self
            .app
            .db
            .write(move |tx| {
                let (lease, progress) = (lease.clone(), progress.clone());
                Box::pin(async move {
                    let is_held = jobs::finish(tx, id, lease.as_ref(), status, &progress).await?;
                    if let Some(file) = file.filter(|_| is_held) {
                        jobs::delete_file(tx, id, file).await?;
                    }
                    Ok::<_, ServiceError>(is_held)
                })
            })
            .await?;
        Ok(if is_held {
            Ended::Finished
        } else {
            Ended::Lost
        })
    }

    /// Lets go of the job, for any worker to go on with.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn release(&self) -> Result<(), ServiceError> {
        let (id, lease) = (self.job.id, self.lease());
        self.app
            .db
            .write(move |tx| {
                let lease = lease.clone();
                Box::pin(async move {
                    jobs::give_back(tx, id, lease.as_ref())
                        .await
                        .map_err(ServiceError::from)
                })
            })
            .await?;
        self.app.jobs.notify_one();
        Ok(())
    }
}

/// Says again and again that the worker lives.
async fn beat(app: App, job: JobId, owner: String, lost: Arc<AtomicBool>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(BEAT) => {}
        }
        let lease = OwnedLease {
            owner: owner.clone(),
            now: app.clock.now(),
        };
        let result = app
            .db
            .write(move |tx| {
                let lease = lease.clone();
                Box::pin(async move {
                    jobs::extend(tx, job, lease.as_ref())
                        .await
                        .map_err(ServiceError::from)
                })
            })
            .await;
        match result {
            Ok(true) => {}
            Ok(false) => {
                lost.store(true, Ordering::Relaxed);
                return;
            }
            Err(error) => tracing::warn!(%job, %error, "a job's lease could not be renewed"),
        }
    }
}

/// Makes jobs takeable that a process before this one held, where no other process can hold any.
///
/// # Errors
/// Those of the database.
pub async fn recover(app: &App) -> Result<(), ServiceError> {
    match app.db.dialect() {
        Dialect::Postgres => Ok(()),
        Dialect::Sqlite => {
            app.db
                .write(|tx| {
                    Box::pin(async move { jobs::end_leases(tx).await.map_err(ServiceError::from) })
                })
                .await
        }
    }
}

/// A job of this kind.
///
/// # Errors
/// `NotFound`.
pub async fn find(
    app: &App,
    ctx: &Ctx,
    id: JobId,
    kind: &'static str,
) -> Result<Job, ServiceError> {
    let workspace = ctx.workspace;
    app.db
        .read(move |tx| {
            Box::pin(async move {
                jobs::get(tx, workspace, id)
                    .await?
                    .filter(|job| job.kind == kind)
                    .ok_or(ServiceError::NotFound)
            })
        })
        .await
}

/// Jobs of this kind, newest first.
///
/// # Errors
/// Those of the database.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    kind: &'static str,
    page: JobPage,
) -> Result<Vec<Job>, ServiceError> {
    let workspace = ctx.workspace;
    app.db
        .read(move |tx| {
            Box::pin(async move {
                jobs::list(tx, workspace, &[kind], page.before, page.limit as i64)
                    .await
                    .map_err(ServiceError::from)
            })
        })
        .await
}

fn as_begun(job: Job, progress: Json) -> Job {
    Job {
        status: JobStatus::Queued,
        progress,
        started_at: None,
        finished_at: None,
        ..job
    }
}
