//! Notes.

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
        notes::{self, NoteView},
        records::Moment,
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notes, create_note))
        .routes(routes!(get_note, update_note, archive_note))
}

/// A note to write, or what to change of one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"body": "Decides in **April**, together with their accountant.", "records": [{"object": "leads", "id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327"}]}))]
struct NoteBody {
    /// Text with the marks `**bold**`, `*italic*`, `- ` before the items of a list, and `[text](https://…)` for a link; a new note needs it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, example = "Decides in **April**, together with their accountant.")]
    body: Option<Option<Value>>,
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

/// A page of notes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z", "archived": false, "body": "Decides in **April**, together with their accountant.", "records": [{"object": "leads", "id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327"}], "createdBy": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Notes {
    /// The newest come first.
    results: Vec<NoteView>,
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

/// Notes, the newest first.
///
/// Shows notes, the newest first, in pages; only those about one record on request, and as of a moment with the text that they had then.
#[utoipa::path(get, path = "/notes", tag = "activities", params(ListQuery),
    responses((status = 200, description = "A page of notes", body = Notes), (status = 404, body = ProblemBody, description = "There is no such record"), (status = 422, body = ProblemBody, description = "Parameters that do not fit")))]
async fn list_notes(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Notes>, ServiceError> {
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
    let (results, next) = notes::list(&app, &ctx, listing).await?;
    Ok(axum::Json(Notes {
        results,
        paging: next.map(|place| Paging::after(Cursor::write(&place))),
        as_of: moment.as_of,
        recorded_as_of: moment.recorded_as_of,
    }))
}

/// Write a note.
///
/// Keeps a text with a few marks and links it with the records that it is about. It is stored as it was typed and is never HTML.
/// Everything that is wrong is told at once with 422.
#[utoipa::path(post, path = "/notes", tag = "activities", request_body = NoteBody,
    responses((status = 201, description = "The note", body = NoteView), (status = 422, body = ProblemBody, description = "Values that do not fit")))]
async fn create_note(
    State(app): State<App>,
    ctx: Ctx,
    Json(body): Json<NoteBody>,
) -> Result<Response, ServiceError> {
    let made = notes::create(&app, &ctx, body.into()).await?;
    Ok(created(&format!("/notes/{}", made.id), made.version, made))
}

/// A note, now or as of a moment.
///
/// Shows the note with what it is about and who wrote it. The ETag is its present version, which `If-Match` is compared with.
#[utoipa::path(get, path = "/notes/{id}", tag = "activities", params(("id" = Uuid, Path), ShownAt),
    responses((status = 200, description = "The note", body = NoteView), (status = 404, body = ProblemBody, description = "It does not exist, or did not at that moment")))]
async fn get_note(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Query(moment): Query<ShownAt>,
) -> Result<Response, ServiceError> {
    let (found, version) = notes::get(&app, &ctx, RecordId::from(id), moment.into()).await?;
    Ok(tagged(version, found))
}

/// Change a note.
///
/// Changes the text, or what the note is about; what it said before stays readable with `asOf`. With `If-Match` it is changed only in one
/// of the versions named, otherwise refused with 412.
#[utoipa::path(patch, path = "/notes/{id}", tag = "activities", request_body = NoteBody,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")),
    responses((status = 200, description = "The note afterwards", body = NoteView), (status = 404, body = ProblemBody, description = "It does not exist"), (status = 409, body = ProblemBody, description = "It is archived"), (status = 412, body = ProblemBody, description = "It has another version"), (status = 422, body = ProblemBody, description = "Values that do not fit")))]
async fn update_note(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
    Json(body): Json<NoteBody>,
) -> Result<Response, ServiceError> {
    let draft = Draft {
        expected_versions: versions,
        ..body.into()
    };
    let changed = notes::update(&app, &ctx, RecordId::from(id), draft).await?;
    Ok(tagged(changed.version, changed))
}

/// Archive a note. Its history stays.
///
/// Takes the note out of lists and timelines; as of an earlier moment it is still there, and `unarchive` of the object `notes` brings it
/// back.
#[utoipa::path(delete, path = "/notes/{id}", tag = "activities",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")),
    responses((status = 204, description = "It is archived"), (status = 404, body = ProblemBody, description = "It does not exist"), (status = 412, body = ProblemBody, description = "It has another version")))]
async fn archive_note(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
) -> Result<StatusCode, ServiceError> {
    attached::archive(&app, &ctx, Kind::Note, RecordId::from(id), versions).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<NoteBody> for Draft {
    fn from(body: NoteBody) -> Self {
        Self {
            properties: given([("body", body.body)]),
            records: body.records,
            ..Self::default()
        }
    }
}
