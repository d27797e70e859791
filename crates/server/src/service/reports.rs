//! Reports over the history of a property: what was asked is checked and resolved here, the timelines answer, and each figure gets the
//! filter that selects the records behind it.

mod answer;
mod drill;
mod lasting;
mod request;

use std::sync::Arc;

use leadline_engine::schema::Object;
use serde_json::value::RawValue;

pub use lasting::{LastingReport, Period, ReportShows};
pub use request::{ReportBody, ReportKind};
pub(super) use request::{Usual, named, summed};

use super::{
    access::Permission,
    ctx::Ctx,
    error::ServiceError,
    search::{needs_of, schema_and_object},
    timelines::{Objects, Question},
    workspaces,
};
use crate::app::App;

/// Answers a report.
///
/// # Errors
/// `NotFound` for an unknown object; `Invalid` with everything that does not fit.
pub async fn report(
    app: &App,
    ctx: &Ctx,
    kind: ReportKind,
    body: ReportBody,
) -> Result<Box<RawValue>, ServiceError> {
    ctx.require(Permission::ReadRecords)?;
    let (schema, object) = schema_and_object(app, ctx, &body.object).await?;
    let usual = Usual::of(&workspaces::get(app, ctx).await?, ctx.now())?;
    let plan = request::resolve(&schema, &object, kind, body, &usual)?;
    let also: Vec<_> = [Some(&plan.property), plan.group_by.as_ref()]
        .into_iter()
        .flatten()
        .chain(&plan.sums)
        .map(Arc::clone)
        .collect();
    let needs = needs_of(&object, &plan.filter, &[], &also);
    let known = plan.moment.recorded_as_of;
    let question = ReportQuestion {
        object,
        plan: Arc::new(plan),
    };
    app.timelines.ask(app, ctx, needs, known, question).await
}

/// A report on an object's records.
#[derive(Clone)]
struct ReportQuestion {
    object: Arc<Object>,
    plan: Arc<request::Plan>,
}

impl Question for ReportQuestion {
    type Answer = Box<RawValue>;

    fn keep(&mut self, _: &Object, part: &Objects) -> Result<Vec<u32>, ServiceError> {
        answer::counted(part, &self.object, &self.plan)
    }

    fn answer(self, objects: &Objects) -> Result<Box<RawValue>, ServiceError> {
        answer::answer(objects, &self.object, &self.plan)
    }
}
