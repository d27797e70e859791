//! The timelines of the workspaces in use: loaded column by column when first asked for, brought up to date before every question, and given up
//! again when the memory set aside for them is needed.
//!
//! Exact, not eventual: a question sees every write that was acknowledged before it was asked. What was committed since the last look is read
//! from the ledger's feed, and the records touched are replaced whole, so that looking twice is harmless. A question whose columns do not fit
//! into the memory at all is answered by reading the ledger part by part through the same evaluator.

mod budget;
mod known;
mod load;
mod look;
mod snapshots;
mod stream;
mod workspace;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use leadline_engine::{
    ids::{ObjectId, WorkspaceId},
    schema::{ARCHIVED, Object, Property},
    time::Timestamp,
};
use leadline_timeline::ObjectTimeline;
use parking_lot::Mutex;
use tokio::sync::Semaphore;

use self::workspace::{Asking, WorkspaceTimelines};
use super::{ctx::Ctx, error::ServiceError};
use crate::app::App;

/// What the columns of a question may take of a record, where the ledger is read part by part.
const BYTES_OF_A_RECORD: usize = 1 << 10;
/// Records of such a part.
const FEWEST_RECORDS: usize = 8;
const MOST_RECORDS: usize = 20_000;

/// The timelines of all workspaces in use.
pub struct Timelines {
    workspaces: Mutex<HashMap<WorkspaceId, Arc<WorkspaceTimelines>>>,
    /// How many questions were asked; their numbers tell what was used last.
    questions: AtomicU64,
    /// Bytes that columns and rows may take.
    budget: usize,
    /// Bytes that they take, as last measured.
    held: Arc<AtomicUsize>,
    /// One question at a time reads the ledger in parts.
    streaming: Semaphore,
}

/// An object and some of its properties.
pub type Need = (Arc<Object>, Vec<Arc<Property>>);

/// What a question looks at.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// The objects whose records are asked for.
    pub asked: Vec<Need>,
    /// The objects that links lead to; one of those asked for can be among them.
    pub linked: Vec<Need>,
}

/// The timelines of one workspace, by object.
pub type Objects = HashMap<ObjectId, ObjectTimeline>;

/// What can be asked of timelines.
pub trait Question: Clone + Send + Sync + 'static {
    /// What it is answered with.
    type Answer: Send + 'static;

    /// Looks at a part of the records of an object that is asked for and names the rows on which the answer depends. Called only when there is no
    /// room for all records at once: the rows of all parts are then put together, and the answer is made of them.
    ///
    /// # Errors
    /// Those of the answer.
    fn keep(&mut self, object: &Object, part: &Objects) -> Result<Vec<u32>, ServiceError>;

    /// The answer, from timelines that hold everything needed.
    ///
    /// # Errors
    /// The question's own.
    fn answer(self, objects: &Objects) -> Result<Self::Answer, ServiceError>;
}

impl Needs {
    /// Everything needed, each property of each object once. The property `archived` is always needed.
    fn merged(&self) -> Vec<Need> {
        let mut merged: Vec<Need> = Vec::new();
        for (object, properties) in self.asked.iter().chain(&self.linked) {
            let known = merged.iter().position(|(known, _)| known.id == object.id);
            let place = known.unwrap_or_else(|| {
                merged.push((Arc::clone(object), Vec::new()));
                merged.len() - 1
            });
            for property in properties.iter().chain(object.property(ARCHIVED)) {
                if !merged[place].1.iter().any(|it| it.id == property.id) {
                    merged[place].1.push(Arc::clone(property));
                }
            }
        }
        merged
    }
}

impl Timelines {
    /// No timelines yet; they may take so many bytes.
    #[must_use]
    pub fn new(budget: usize) -> Self {
        Self {
            workspaces: Mutex::default(),
            questions: AtomicU64::new(0),
            budget,
            held: Arc::default(),
            streaming: Semaphore::new(1),
        }
    }

    /// Answers a question from timelines that hold what is needed and every write acknowledged before; or, given a recorded time, what was known
    /// then.
    ///
    /// # Errors
    /// Those of the database and of the question.
    pub async fn ask<Q: Question>(
        &self,
        app: &App,
        ctx: &Ctx,
        needs: Needs,
        recorded_as_of: Option<Timestamp>,
        question: Q,
    ) -> Result<Q::Answer, ServiceError> {
        let merged = needs.merged();
        if let Some(time) = recorded_as_of {
            let (workspace, needs) = (ctx.workspace, Arc::new(merged));
            let load = app.db.snapshot(move |tx| {
                let needs = Arc::clone(&needs);
                Box::pin(async move { known::load(tx, workspace, &needs, time).await })
            });
            let objects: Objects = load.await?;
            return apart(move || question.answer(&objects)).await;
        }
        let asking = self.begin(ctx.workspace, &merged);
        if !load::load_missing(&asking, app, ctx.workspace, &merged, self.budget).await? {
            drop(asking);
            metrics::counter!("leadline_timeline_streamed_questions_total").increment(1);
            let _alone = self.streaming.acquire().await;
            return stream::answer(
                app,
                ctx.workspace,
                needs,
                question,
                self.records_of_a_part(),
            )
            .await;
        }
        look::look(&asking.timelines, app, ctx.workspace).await?;
        self.give_up_beyond_budget();
        apart(move || question.answer(&asking.timelines.objects.read())).await
    }

    /// How many records are read at once where there is no room for all.
    fn records_of_a_part(&self) -> i64 {
        let records = (self.budget / BYTES_OF_A_RECORD).clamp(FEWEST_RECORDS, MOST_RECORDS);
        i64::try_from(records).unwrap_or(i64::MAX)
    }

    fn begin(&self, workspace: WorkspaceId, needs: &[Need]) -> Asking {
        let number = self.questions.fetch_add(1, Ordering::SeqCst) + 1;
        let mut workspaces = self.workspaces.lock();
        let timelines = workspaces.entry(workspace).or_insert_with(|| {
            let held = Arc::clone(&self.held);
            Arc::new(WorkspaceTimelines::new(held))
        });
        let timelines = Arc::clone(timelines);
        Asking::new(timelines, needs, number)
    }
}

/// Runs a question on a thread of its own.
async fn apart<T: Send + 'static>(
    question: impl FnOnce() -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, ServiceError> {
    tokio::task::spawn_blocking(question)
        .await
        .map_err(|error| ServiceError::Internal(format!("a question ended early: {error}")))?
}
