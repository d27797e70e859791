//! Activities: calls, e-mails and meetings.

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
        activities::{self, ActivityView},
        attached::{self, Draft, Kind, Listing, RecordRef, about, given},
        ctx::Ctx,
        error::ServiceError,
        records::Moment,
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_activities, create_activity))
        .routes(routes!(get_activity, update_activity, archive_activity))
}

/// An activity to write down, or what to change of one. Null clears.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"kind": "call", "subject": "First talk", "occurredAt": "2026-03-01T09:20:00Z", "durationMinutes": 20, "direction": "outbound", "outcome": "connected", "records": [{"object": "leads", "id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327"}]}))]
struct ActivityBody {
    /// `call`, `email` or `meeting`; a new activity needs it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, example = "call")]
    kind: Option<Option<Value>>,
    /// What it was about, in a line of at most 500 characters.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    subject: Option<Option<Value>>,
    /// What was said, with the marks of notes.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    body: Option<Option<Value>>,
    /// When it happened, or will; now if left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, format = DateTime)]
    occurred_at: Option<Option<Value>>,
    /// How long it took: whole minutes, at most a week.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<f64>, example = 20)]
    duration_minutes: Option<Option<Value>>,
    /// `outbound` or `inbound`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, example = "outbound")]
    direction: Option<Option<Value>>,
    /// `connected`, `left_message` or `no_answer`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, example = "connected")]
    outcome: Option<Option<Value>>,
    /// Who did it; the caller if left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    owner: Option<Option<Value>>,
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

/// A page of activities.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:45:00Z", "archived": false, "kind": "call", "subject": "First talk", "body": null, "occurredAt": "2026-03-01T09:20:00Z", "durationMinutes": 20, "direction": "outbound", "outcome": "connected", "owner": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "records": [{"object": "leads", "id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327"}], "createdBy": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Activities {
    /// Those that happened last come first.
    results: Vec<ActivityView>,
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

/// Activities, the last first.
///
/// Shows calls, e-mails and meetings, those that happened last first, in pages; only those about one record on request, and as of a moment.
#[utoipa::path(get, path = "/activities", tag = "activities", params(ListQuery),
    responses((status = 200, description = "A page of activities", body = Activities), (status = 404, body = ProblemBody, description = "There is no such record"), (status = 422, body = ProblemBody, description = "Parameters that do not fit")))]
async fn list_activities(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Activities>, ServiceError> {
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
    let (results, next) = activities::list(&app, &ctx, listing).await?;
    Ok(axum::Json(Activities {
        results,
        paging: next.map(|place| Paging::after(Cursor::write(&place))),
        as_of: moment.as_of,
        recorded_as_of: moment.recorded_as_of,
    }))
}

/// Write an activity down.
///
/// Writes down a call, an e-mail or a meeting and links it with the records that it is about. One that happened before now is there since
/// then, also in answers as of that time. Everything that is wrong is told at once with 422.
#[utoipa::path(post, path = "/activities", tag = "activities", request_body = ActivityBody,
    responses((status = 201, description = "The activity", body = ActivityView), (status = 422, body = ProblemBody, description = "Values that do not fit")))]
async fn create_activity(
    State(app): State<App>,
    ctx: Ctx,
    Json(body): Json<ActivityBody>,
) -> Result<Response, ServiceError> {
    let made = activities::create(&app, &ctx, body.into()).await?;
    Ok(created(
        &format!("/activities/{}", made.id),
        made.version,
        made,
    ))
}

/// An activity, now or as of a moment.
///
/// Shows the activity with what it is about and who wrote it down. The ETag is its present version, which `If-Match` is compared with.
#[utoipa::path(get, path = "/activities/{id}", tag = "activities", params(("id" = Uuid, Path), ShownAt),
    responses((status = 200, description = "The activity", body = ActivityView), (status = 404, body = ProblemBody, description = "It does not exist, or did not at that moment")))]
async fn get_activity(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Query(moment): Query<ShownAt>,
) -> Result<Response, ServiceError> {
    let (found, version) = activities::get(&app, &ctx, RecordId::from(id), moment.into()).await?;
    Ok(tagged(version, found))
}

/// Change an activity.
///
/// Changes the fields named and leaves the others; with `records`, it is about these and no others from now on. With `If-Match` it is
/// changed only in one of the versions named, otherwise refused with 412.
#[utoipa::path(patch, path = "/activities/{id}", tag = "activities", request_body = ActivityBody,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")),
    responses((status = 200, description = "The activity afterwards", body = ActivityView), (status = 404, body = ProblemBody, description = "It does not exist"), (status = 409, body = ProblemBody, description = "It is archived"), (status = 412, body = ProblemBody, description = "It has another version"), (status = 422, body = ProblemBody, description = "Values that do not fit")))]
async fn update_activity(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
    Json(body): Json<ActivityBody>,
) -> Result<Response, ServiceError> {
    let draft = Draft {
        expected_versions: versions,
        ..body.into()
    };
    let changed = activities::update(&app, &ctx, RecordId::from(id), draft).await?;
    Ok(tagged(changed.version, changed))
}

/// Archive an activity. Its history stays.
///
/// Takes the activity out of lists and timelines; as of an earlier moment it is still there, and `unarchive` of the object `activities`
/// brings it back.
#[utoipa::path(delete, path = "/activities/{id}", tag = "activities",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")),
    responses((status = 204, description = "It is archived"), (status = 404, body = ProblemBody, description = "It does not exist"), (status = 412, body = ProblemBody, description = "It has another version")))]
async fn archive_activity(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
) -> Result<StatusCode, ServiceError> {
    attached::archive(&app, &ctx, Kind::Activity, RecordId::from(id), versions).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<ActivityBody> for Draft {
    fn from(body: ActivityBody) -> Self {
        Self {
            properties: given([
                ("kind", body.kind),
                ("subject", body.subject),
                ("body", body.body),
                ("occurred_at", body.occurred_at),
                ("duration_minutes", body.duration_minutes),
                ("direction", body.direction),
                ("outcome", body.outcome),
                ("owner", body.owner),
            ]),
            records: body.records,
            ..Self::default()
        }
    }
}
