//! Tasks.

use axum::{extract::State, http::StatusCode, response::Response};
use leadline_engine::{ids::RecordId, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{IfMatch, Json, Path, Query},
    json::present,
    moment::ShownAt,
    paging::{Cursor, Paging, limit},
    problem::ProblemBody,
    versions::{created, tagged},
};
use crate::{
    app::App,
    service::{
        attached::{self, Draft, Kind, Listing, RecordRef, about, given},
        ctx::Ctx,
        error::ServiceError,
        records::Moment,
        tasks::{self, Due, Status, TaskView, Wanted},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tasks, create_task))
        .routes(routes!(get_task, update_task, archive_task))
}

/// A task to make, or what to change of one. Null clears.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"title": "Send the offer", "dueAt": "2026-03-03T16:00:00Z", "priority": "high", "records": [{"object": "leads", "id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327"}]}))]
struct TaskBody {
    /// What is to be done, in a line of at most 500 characters; a new task needs it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, example = "Send the offer")]
    title: Option<Option<Value>>,
    /// More about it, with the marks of notes.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    description: Option<Option<Value>>,
    /// Until when.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Option<Value>>,
    /// By whom.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    assignee: Option<Option<Value>>,
    /// `low`, `normal` or `high`; `normal` if left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, example = "high")]
    priority: Option<Option<Value>>,
    /// Whether it is done. That it is since when is kept by Leadline.
    done: Option<bool>,
    /// From when on the app shall remind the assignee of it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, format = DateTime)]
    remind_at: Option<Option<Value>>,
    /// What it is about, at most 50 records; in a change, all of them.
    records: Option<Vec<RecordRef>>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only those about a record: the name of its object, together with `record`.
    #[param(example = "leads")]
    object: Option<String>,
    /// Only those about this record.
    record: Option<Uuid>,
    /// Only those of this member, or of `me`.
    #[param(example = "me")]
    assignee: Option<String>,
    /// `open`, `done` or `all`; `open` if left out.
    #[param(inline)]
    status: Option<Status>,
    /// `overdue`: before now; `today`: from now until the day ends; `upcoming`: after that; `unscheduled`: at no time that was said.
    #[param(inline)]
    due: Option<Due>,
    /// Only those that are due then or later.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-01T00:00:00Z")]
    due_from: Option<Timestamp>,
    /// Only those that are due before this moment.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-04-01T00:00:00Z")]
    due_to: Option<Timestamp>,
    /// `true` for those only that the app reminds of now.
    #[serde(default)]
    remind: bool,
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// The moment to show, in valid time.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge to show.
    #[param(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// A page of tasks.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z", "archived": false, "title": "Send the offer", "description": null, "dueAt": "2026-03-03T16:00:00Z", "assignee": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "priority": "high", "done": false, "doneAt": null, "remindAt": null, "records": [{"object": "leads", "id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327"}], "createdBy": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Tasks {
    /// Those that are due first come first, those without such a time last; done ones begin with the last that was done.
    results: Vec<TaskView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
    /// The moment asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The knowledge asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// Tasks, those that are due first first.
///
/// Shows tasks in pages: whose, whether they are done, and when they are due, by the days of the workspace's time zone or between two
/// moments; only those about one record on request, and as of a moment. Those without a time come last; done ones begin with the last that
/// was done.
#[utoipa::path(get, path = "/tasks", tag = "activities", params(ListQuery),
    responses((status = 200, description = "A page of tasks", body = Tasks), (status = 404, body = ProblemBody, description = "There is no such record"), (status = 422, body = ProblemBody, description = "Parameters that do not fit")))]
async fn list_tasks(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Tasks>, ServiceError> {
    let moment = Moment {
        as_of: query.as_of,
        recorded_as_of: query.recorded_as_of,
    };
    let listing = Listing {
        about: about(query.object, query.record)?,
        moment,
        limit: limit(query.limit)?,
        after: query.after.as_deref().map(Cursor::read).transpose()?,
        ..Listing::default()
    };
    let wanted = Wanted {
        assignee: query.assignee,
        status: query.status.unwrap_or_default(),
        due: query.due,
        due_from: query.due_from,
        due_to: query.due_to,
        to_remind: query.remind,
    };
    let (results, next) = tasks::list(&app, &ctx, wanted, listing).await?;
    Ok(axum::Json(Tasks {
        results,
        paging: next.map(|place| Paging::after(Cursor::write(&place))),
        as_of: moment.as_of,
        recorded_as_of: moment.recorded_as_of,
    }))
}

/// Make a task.
///
/// Makes a task for a member and links it with the records that it is about. Everything that is wrong is told at once with 422.
#[utoipa::path(post, path = "/tasks", tag = "activities", request_body = TaskBody,
    responses((status = 201, description = "The task", body = TaskView), (status = 422, body = ProblemBody, description = "Values that do not fit")))]
async fn create_task(
    State(app): State<App>,
    ctx: Ctx,
    Json(body): Json<TaskBody>,
) -> Result<Response, ServiceError> {
    let made = tasks::create(&app, &ctx, body.into()).await?;
    Ok(created(&format!("/tasks/{}", made.id), made.version, made))
}

/// A task, now or as of a moment.
///
/// Shows the task with what it is about and who made it. The ETag is its present version, which `If-Match` is compared with.
#[utoipa::path(get, path = "/tasks/{id}", tag = "activities", params(("id" = Uuid, Path), ShownAt),
    responses((status = 200, description = "The task", body = TaskView), (status = 404, body = ProblemBody, description = "It does not exist, or did not at that moment")))]
async fn get_task(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Query(moment): Query<ShownAt>,
) -> Result<Response, ServiceError> {
    let (found, version) = tasks::get(&app, &ctx, RecordId::from(id), moment.into()).await?;
    Ok(tagged(version, found))
}

/// Change a task.
///
/// Changes the fields named and leaves the others; `done` notes since when. With `records`, it is about these and no others from now on.
/// With `If-Match` it is changed only in one of the versions named, otherwise refused with 412.
#[utoipa::path(patch, path = "/tasks/{id}", tag = "activities", request_body = TaskBody,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")),
    responses((status = 200, description = "The task afterwards", body = TaskView), (status = 404, body = ProblemBody, description = "It does not exist"), (status = 409, body = ProblemBody, description = "It is archived"), (status = 412, body = ProblemBody, description = "It has another version"), (status = 422, body = ProblemBody, description = "Values that do not fit")))]
async fn update_task(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
    Json(body): Json<TaskBody>,
) -> Result<Response, ServiceError> {
    let draft = Draft {
        expected_versions: versions,
        ..body.into()
    };
    let changed = tasks::update(&app, &ctx, RecordId::from(id), draft).await?;
    Ok(tagged(changed.version, changed))
}

/// Archive a task. Its history stays.
///
/// Takes the task out of lists and timelines; as of an earlier moment it is still there, and `unarchive` of the object `tasks` brings it
/// back.
#[utoipa::path(delete, path = "/tasks/{id}", tag = "activities",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")),
    responses((status = 204, description = "It is archived"), (status = 404, body = ProblemBody, description = "It does not exist"), (status = 412, body = ProblemBody, description = "It has another version")))]
async fn archive_task(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
) -> Result<StatusCode, ServiceError> {
    attached::archive(&app, &ctx, Kind::Task, RecordId::from(id), versions).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<TaskBody> for Draft {
    fn from(body: TaskBody) -> Self {
        Self {
            properties: given([
                ("title", body.title),
                ("description", body.description),
                ("due_at", body.due_at),
                ("assignee", body.assignee),
                ("priority", body.priority),
                ("remind_at", body.remind_at),
            ]),
            records: body.records,
            done: body.done,
            ..Self::default()
        }
    }
}
