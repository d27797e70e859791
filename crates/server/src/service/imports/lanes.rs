//! Writes the batches of an import: in lanes, as many at once as the database can work at. Each lane has its own parts of the file, and counts its own
//! batches; what is done is committed with the batch.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::future::join_all;
use leadline_engine::schema::Schema;
use leadline_store::{
    db::{DbError, Tx},
    jobs::{self, ImportError},
};
use tokio::task::{JoinHandle, spawn_blocking};

use super::{
    batches::{Batches, Group},
    progress::Progress,
    run::disk,
    spool::{LANES, Spooled},
    write::{self, Plan, Written},
};
use crate::service::{
    error::ServiceError,
    jobs::{Ended, Hold, OwnedLease},
};

/// Most errors that are kept of one import.
const MOST_ERRORS: u64 = 1_000_000;

/// What is to be written.
pub(super) struct Work<'a> {
    pub(super) hold: &'a Hold,
    pub(super) plan: &'a Arc<Plan>,
    pub(super) schema: &'a Arc<Schema>,
    pub(super) spooled: &'a Arc<Spooled>,
    /// How far a run before this one came.
    pub(super) progress: &'a Progress,
    /// Whether every batch is undone again.
    pub(super) is_rehearsal: bool,
}

/// Writes all that is not written yet. `None` when it is done, else why the worker must let go of the job.
pub(super) async fn write_all(work: &Work<'_>) -> Result<Option<Ended>, ServiceError> {
    // The first batch alone makes most of what is missing in the schema: lanes that all began with that would wait for each other.
    let mut first = Lane::open(work, 0);
    match first.step(work).await? {
        Step::Written | Step::AtEnd => {}
        Step::Ended(ended) => return Ok(Some(ended)),
    }
    let workers = match work.hold.app.db.parallel_writes() {
        0 | 1 => 1,
        2 | 3 => 2,
        _ => LANES,
    };
    let mut first = Some(first);
    let is_stopped = AtomicBool::new(false);
    let all = (0..workers).map(|worker| {
        let begun = first.take();
        write_lanes(work, (worker, workers), begun, &is_stopped)
    });
    // Every worker comes to rest before anything is said of the job: what one still wrote would come behind an undoing.
    let ended: Vec<Option<Ended>> = join_all(all).await.into_iter().collect::<Result<_, _>>()?;
    let is_lost = ended.contains(&Some(Ended::Lost));
    Ok(match is_lost {
        true => Some(Ended::Lost),
        false => ended.into_iter().flatten().next(),
    })
}

/// Writes every lane of a worker, one after the other; `begun` is its first if that was begun.
async fn write_lanes(
    work: &Work<'_>,
    (worker, workers): (usize, usize),
    mut begun: Option<Lane>,
    is_stopped: &AtomicBool,
) -> Result<Option<Ended>, ServiceError> {
    for number in (worker..LANES).step_by(workers) {
        let mut lane = begun.take().unwrap_or_else(|| Lane::open(work, number));
        loop {
            if is_stopped.load(Ordering::Relaxed) {
                return Ok(Some(Ended::Interrupted));
            }
            match lane.step(work).await {
                Ok(Step::Written) => {}
                Ok(Step::AtEnd) => break,
                stopped => {
                    is_stopped.store(true, Ordering::Relaxed);
                    return stopped.map(|step| match step {
                        Step::Ended(ended) => Some(ended),
                        Step::Written | Step::AtEnd => None,
                    });
                }
            }
        }
    }
    Ok(None)
}

/// A batch that was read, and where to read the next.
type Read = (io::Result<Option<Vec<Group>>>, Batches);

/// A lane on its way: a batch is read while the one before is written.
struct Lane {
    number: usize,
    schema: Arc<Schema>,
    reading: JoinHandle<Read>,
}

/// How a step of a lane ended.
enum Step {
    Written,
    AtEnd,
    Ended(Ended),
}

impl Lane {
    fn open(work: &Work<'_>, number: usize) -> Self {
        let (spooled, plan) = (Arc::clone(work.spooled), Arc::clone(work.plan));
        let done = work.progress.done_in(number);
        let reading = spawn_blocking(move || {
            let (layout, times) = (Arc::clone(&plan.layout), Arc::clone(&plan.times));
            let mut batches = Batches::new(spooled, number, layout, times);
            for _ in 0..done {
                match batches.next() {
                    Ok(Some(_)) => {}
                    end => return (end, batches),
                }
            }
            (batches.next(), batches)
        });
        Self {
            number,
            schema: Arc::clone(work.schema),
            reading,
        }
    }

    /// Writes the next batch.
    async fn step(&mut self, work: &Work<'_>) -> Result<Step, ServiceError> {
        let read = (&mut self.reading).await;
        let (batch, mut batches) =
            read.map_err(|error| ServiceError::Internal(error.to_string()))?;
        self.reading = spawn_blocking(move || (batches.next(), batches));
        let Some(batch) = batch.map_err(disk)? else {
            return Ok(Step::AtEnd);
        };
        if work.hold.must_stop() {
            return Ok(Step::Ended(Ended::Interrupted));
        }
        let written = match work.is_rehearsal {
            false => write_batch(work, self.number, &self.schema, batch).await?,
            true => rehearse(work, self.number, &self.schema, batch).await?,
        };
        let Some(schema) = written else {
            return Ok(Step::Ended(Ended::Lost));
        };
        self.schema = schema;
        Ok(Step::Written)
    }
}

/// Writes a batch and notes it as done, together. Returns the schema afterwards; `None` if another worker has the job.
async fn write_batch(
    work: &Work<'_>,
    lane: usize,
    schema: &Arc<Schema>,
    batch: Vec<Group>,
) -> Result<Option<Arc<Schema>>, ServiceError> {
    let given = (Arc::clone(work.plan), Arc::clone(schema), Arc::new(batch));
    let lease = work.hold.lease();
    let result = work
        .hold
        .app
        .db
        .write(move |tx| {
            let ((plan, schema, batch), lease) = (given.clone(), lease.clone());
            Box::pin(async move {
                let written = write::write(tx, &plan, &schema, &batch)
                    .await
                    .map_err(Stop::Failed)?;
                note(tx, &plan, &lease, lane, &written).await?;
                Ok(written.schema)
            })
        })
        .await;
    match result {
        Ok(schema) => Ok(Some(schema)),
        Err(Stop::Lost) => Ok(None),
        Err(Stop::Failed(error)) => Err(error),
        Err(Stop::Rehearsed(_)) => Err(ServiceError::Internal("a batch was undone".into())),
    }
}

/// Writes a batch, undoes it, and keeps the counts. As [`write_batch`].
async fn rehearse(
    work: &Work<'_>,
    lane: usize,
    schema: &Arc<Schema>,
    batch: Vec<Group>,
) -> Result<Option<Arc<Schema>>, ServiceError> {
    let given = (Arc::clone(work.plan), Arc::clone(schema), Arc::new(batch));
    let db = &work.hold.app.db;
    let result: Result<(), Stop> = db
        .write(move |tx| {
            let (plan, schema, batch) = given.clone();
            Box::pin(async move {
                let written = write::write(tx, &plan, &schema, &batch).await;
                Err(written.map_or_else(Stop::Failed, |written| Stop::Rehearsed(Box::new(written))))
            })
        })
        .await;
    let written = match result {
        Err(Stop::Rehearsed(written)) => Arc::new(*written),
        Err(Stop::Failed(error)) => return Err(error),
        Ok(()) | Err(Stop::Lost) => return Ok(None),
    };
    let (plan, lease) = (Arc::clone(work.plan), work.hold.lease());
    let noted = db
        .write(move |tx| {
            let (plan, lease, written) = (Arc::clone(&plan), lease.clone(), Arc::clone(&written));
            Box::pin(async move { note(tx, &plan, &lease, lane, &written).await })
        })
        .await;
    match noted {
        // What it made in the schema was undone with it.
        Ok(()) => Ok(Some(Arc::clone(schema))),
        Err(Stop::Failed(error)) => Err(error),
        Err(Stop::Lost | Stop::Rehearsed(_)) => Ok(None),
    }
}

/// Adds what a batch came to to the progress of the job. Last in its unit of work: the other lanes wait for that until it ends.
async fn note(
    tx: &mut Tx,
    plan: &Plan,
    lease: &OwnedLease,
    lane: usize,
    written: &Written,
) -> Result<(), Stop> {
    let before = jobs::lock_progress(tx, plan.job, lease.as_ref()).await?;
    let before = Progress::from_json(before.ok_or(Stop::Lost)?).map_err(Stop::Failed)?;
    jobs::append_errors(tx, plan.job, kept(&before, &written.errors)).await?;
    let after = before.with_batch(lane, &written.counts).to_json();
    match jobs::renew(tx, plan.job, lease.as_ref(), &after).await? {
        true => Ok(()),
        false => Err(Stop::Lost),
    }
}

/// Why a batch's unit of work is undone.
enum Stop {
    Rehearsed(Box<Written>),
    Lost,
    Failed(ServiceError),
}

impl From<DbError> for Stop {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

fn kept<'e>(progress: &Progress, errors: &'e [ImportError]) -> &'e [ImportError] {
    if progress.counts.refused + progress.counts.values_refused < MOST_ERRORS {
        errors
    } else {
        &[]
    }
}
