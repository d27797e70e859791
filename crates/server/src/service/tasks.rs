//! Tasks: what is to be done about records, by whom and until when.

use jiff::{civil::Time, tz::TimeZone};
use leadline_engine::{
    ids::{AccountId, RecordId},
    time::{Timestamp, parse_time_zone},
};
use leadline_timeline::Cursor;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    attached::{self, Attached, Draft, Kind, Listing, RecordRef},
    ctx::Ctx,
    error::ServiceError,
    records::{ActorView, Moment},
    workspaces,
};
use crate::app::App;

/// A task.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Task)]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z", "archived": false, "title": "Send the offer", "description": null, "dueAt": "2026-03-03T16:00:00Z", "assignee": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "priority": "high", "done": false, "doneAt": null, "remindAt": "2026-03-03T08:00:00Z", "records": [{"object": "leads", "id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327"}], "createdBy": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}}))]
pub struct TaskView {
    /// Its id: it is a record of the object `tasks`.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When Leadline learned of `version`.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Whether it is archived.
    pub archived: bool,
    /// What is to be done.
    pub title: Option<String>,
    /// More about it, with the marks of notes.
    pub description: Option<String>,
    /// Until when.
    #[schema(format = DateTime)]
    pub due_at: Option<String>,
    /// By whom.
    #[schema(value_type = Option<Uuid>)]
    pub assignee: Option<String>,
    /// `low`, `normal` or `high`.
    #[schema(example = "normal")]
    pub priority: Option<String>,
    /// Whether it is done.
    pub done: bool,
    /// Since when it is done.
    #[schema(format = DateTime)]
    pub done_at: Option<String>,
    /// From when on the app reminds the assignee of it.
    #[schema(format = DateTime)]
    pub remind_at: Option<String>,
    /// What it is about.
    pub records: Vec<RecordRef>,
    /// Who made it.
    pub created_by: ActorView,
}

/// Whether tasks are done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Those to be done.
    #[default]
    Open,
    /// Those that are done, the last first.
    Done,
    /// Both.
    All,
}

/// When tasks are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Before now.
    Overdue,
    /// From now until the end of the day.
    Today,
    /// After today.
    Upcoming,
    /// At no time that was said.
    Unscheduled,
}

/// Which tasks to list.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Whose: the id of a member, or `me`.
    pub assignee: Option<String>,
    /// Whether they are done.
    pub status: Status,
    /// When they are due.
    pub due: Option<Due>,
    /// Only those that are due then or later.
    pub due_from: Option<Timestamp>,
    /// Only those that are due before.
    pub due_to: Option<Timestamp>,
    /// Only those that the app reminds of now.
    pub to_remind: bool,
}

/// A task, and its present version.
///
/// # Errors
/// As [`attached::get`].
pub async fn get(
    app: &App,
    ctx: &Ctx,
    id: RecordId,
    moment: Moment,
) -> Result<(TaskView, i64), ServiceError> {
    let (one, version) = attached::get(app, ctx, Kind::Task, id, moment).await?;
    Ok((one.into(), version))
}

/// A page of tasks, those that are due first first and those without such a time last.
///
/// # Errors
/// As [`attached::list`]; `Invalid` for an assignee that is nobody and for an end before the beginning.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    wanted: Wanted,
    mut listing: Listing,
) -> Result<(Vec<TaskView>, Option<Cursor>), ServiceError> {
    let now = listing.moment.time(ctx.now());
    if let Some(assignee) = wanted.assignee {
        listing.filters.push(
            json!({"property": "assignee", "operator": "EQ", "value": member(ctx, &assignee)?}),
        );
    }
    let (operator, order) = match wanted.status {
        Status::Open => (Some("NOT_HAS_PROPERTY"), "due_at"),
        Status::Done => (Some("HAS_PROPERTY"), "-done_at"),
        Status::All => (None, "due_at"),
    };
    if let Some(operator) = operator {
        listing
            .filters
            .push(json!({"property": "done_at", "operator": operator}));
    }
    if wanted.to_remind {
        listing
            .filters
            .push(json!({"property": "remind_at", "operator": "LTE", "value": now}));
    }
    if let Some(due) = wanted.due {
        let zone = workspaces::get(app, ctx).await?.time_zone;
        listing.filters.extend(filters_of(due, now, &zone));
    }
    listing
        .filters
        .extend(within(wanted.due_from, wanted.due_to)?);
    listing.sorts = json!([order]);
    let (found, next) = attached::list(app, ctx, Kind::Task, listing).await?;
    Ok((found.into_iter().map(TaskView::from).collect(), next))
}

/// Makes a task.
///
/// # Errors
/// As [`attached::create`].
pub async fn create(app: &App, ctx: &Ctx, draft: Draft) -> Result<TaskView, ServiceError> {
    let made = attached::create(app, ctx, Kind::Task, judged(draft)).await?;
    Ok(made.into())
}

/// Changes a task.
///
/// # Errors
/// As [`attached::update`].
pub async fn update(
    app: &App,
    ctx: &Ctx,
    id: RecordId,
    draft: Draft,
) -> Result<TaskView, ServiceError> {
    let changed = attached::update(app, ctx, Kind::Task, id, judged(draft)).await?;
    Ok(changed.into())
}

fn judged(draft: Draft) -> Draft {
    draft.with_line("title").with_text("description")
}

fn member(ctx: &Ctx, name: &str) -> Result<AccountId, ServiceError> {
    if name == "me" {
        return ctx.account();
    }
    name.parse().map_err(|_| {
        ServiceError::invalid(
            "/assignee",
            "INVALID_USER",
            "must be the id of a member, or me",
        )
    })
}

fn filters_of(due: Due, now: Timestamp, zone: &str) -> Vec<Json> {
    let filter = |operator: &str, value: Timestamp| json!({"property": "due_at", "operator": operator, "value": value});
    let tomorrow = || next_day(now, zone);
    match due {
        Due::Overdue => vec![filter("LT", now)],
        Due::Today => vec![filter("GTE", now), filter("LT", tomorrow())],
        Due::Upcoming => vec![filter("GTE", tomorrow())],
        Due::Unscheduled => vec![json!({"property": "due_at", "operator": "NOT_HAS_PROPERTY"})],
    }
}

/// Due in `[from, to)`.
fn within(from: Option<Timestamp>, to: Option<Timestamp>) -> Result<Vec<Json>, ServiceError> {
    if from.is_some_and(|from| to.is_some_and(|to| to < from)) {
        let message = "must not be before dueFrom";
        return Err(ServiceError::invalid("/dueTo", "INVALID_RANGE", message));
    }
    let bounds = [("GTE", from), ("LT", to)];
    let bounds = bounds.into_iter().filter_map(|(operator, time)| {
        time.map(|time| json!({"property": "due_at", "operator": operator, "value": time}))
    });
    Ok(bounds.collect())
}

/// When the next day begins in a time zone.
fn next_day(now: Timestamp, zone: &str) -> Timestamp {
    let zone = parse_time_zone(zone).unwrap_or(TimeZone::UTC);
    let today = now.to_jiff().to_zoned(zone.clone()).date();
    let midnight = today
        .tomorrow()
        .map(|day| day.to_datetime(Time::midnight()));
    midnight
        .ok()
        .and_then(|midnight| Timestamp::from_civil(midnight, &zone).ok())
        .unwrap_or(Timestamp::MAX)
}

impl From<Attached> for TaskView {
    fn from(one: Attached) -> Self {
        let done_at = one.text("done_at");
        Self {
            title: one.text("title"),
            description: one.text("description"),
            due_at: one.text("due_at"),
            assignee: one.text("assignee"),
            priority: one.text("priority"),
            done: done_at.is_some(),
            done_at,
            remind_at: one.text("remind_at"),
            id: one.record.id,
            version: one.record.version,
            created_at: one.record.created_at,
            updated_at: one.record.updated_at,
            archived: one.record.archived,
            records: one.records,
            created_by: one.created_by,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_in_the_time_zone_of_the_workspace() {
        let tomorrow = |now: &str, zone| next_day(Timestamp::parse(now).unwrap(), zone).to_string();
        let evening = "2026-03-01T23:30:00Z";
        assert_eq!(tomorrow(evening, "UTC"), "2026-03-02T00:00:00Z");
        assert_eq!(
            tomorrow(evening, "Europe/Amsterdam"),
            "2026-03-02T23:00:00Z"
        );
        // The night in which the clocks go forward.
        let spring = "2026-03-29T12:00:00Z";
        assert_eq!(tomorrow(spring, "Europe/Amsterdam"), "2026-03-29T22:00:00Z");
    }
}
