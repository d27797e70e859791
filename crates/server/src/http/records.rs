//! Records, one by one: create, read, change, archive, and their history.

use axum::{extract::State, http::StatusCode, response::Response};
use leadline_engine::{error::FieldError, ids::RecordId, ledger::Source, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{IfMatch, Json, Judged, Path, Query},
    paging::{Cursor, Paging, limit},
    problem::ProblemBody,
    versions::{created, tagged},
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        records::{
            self, Batch, BatchItem, BatchKind, ChangeSetView, DiffView, Moment, RecordView,
            Selection,
        },
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_record))
        .routes(routes!(get_record, update_record, archive_record))
        .routes(routes!(unarchive_record))
        .routes(routes!(list_change_sets))
        .routes(routes!(get_record_diff))
        .routes(routes!(create_correction))
        .routes(routes!(restore_record))
}

/// A record to make, or properties to change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RecordBody {
    /// Values by property name; `null` clears.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>, example = json!({"name": "Ada Ltd", "email": "ada@example.com"}))]
    properties: Map<String, Value>,
    /// Since when it is so; now if left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_from: Option<Timestamp>,
    /// How it came: `user`, `api`, `import`, `automation` or `bulk`.
    #[schema(example = "api")]
    source: Option<String>,
}

/// What was true of a property at other times.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectionBody {
    /// The property's name.
    #[schema(example = "stage")]
    property: String,
    /// What was true, when.
    set: Vec<StatementBody>,
    /// Why.
    #[schema(example = "typo in the offer")]
    reason: Option<String>,
}

/// A value, and when it was true.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StatementBody {
    /// The value; `null` is empty.
    #[schema(value_type = serde_json::Value, example = "qualified")]
    value: Value,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    valid_from: Timestamp,
    /// Until when; until the next known change if left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_to: Option<Timestamp>,
}

/// A moment to go back to.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RestoreBody {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
    /// Which properties; all if left out.
    properties: Option<Vec<String>>,
}

/// What to show, and of when.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RecordQuery {
    /// Names of properties, separated by commas; all in use if left out.
    properties: Option<String>,
    /// Names of properties whose spans to show, separated by commas.
    properties_with_history: Option<String>,
    /// The moment to show, in valid time.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge to show.
    #[param(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HistoryQuery {
    /// Only change sets that changed this property.
    property: Option<String>,
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// Only what was true by then.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// Only what was known by then.
    #[param(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DiffQuery {
    /// One moment.
    #[param(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The other.
    #[param(value_type = String, format = DateTime)]
    to: Timestamp,
    /// The moment whose knowledge to compare.
    #[param(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// A page of change sets, newest first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "object": "leads", "recordId": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 14, "recordedAt": "2026-02-12T08:01:13Z", "validFrom": "2026-02-11T09:20:00Z", "actor": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}, "source": "user", "changes": [{"property": "stage", "from": "new", "to": "qualified"}]}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
#[serde(rename_all = "camelCase")]
struct ChangeSets {
    results: Vec<ChangeSetView>,
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

/// Create a record.
///
/// Creates a record with these values, valid from now or from a moment in the past. Properties that are left out get their default, and a
/// lifecycle its first stage. Everything that is wrong is told at once with 422; a taken unique value and an entry that the lifecycle
/// does not have are refused with 409, and nothing is created.
#[utoipa::path(post, path = "/objects/{object}", tag = "records", request_body = RecordBody,
    params(("object" = String, Path, example = "leads")),
    responses(
        (status = 201, description = "The record", body = RecordView),
        (status = 409, body = ProblemBody, description = "The lifecycle has no such entry, or a unique value is taken"),
        (status = 422, body = ProblemBody, description = "Values that do not fit")))]
async fn create_record(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    body: Judged<RecordBody>,
) -> Result<Response, ServiceError> {
    let item = item(&app, &ctx, &object, BatchKind::Create, body).await?;
    let record = records::create(&app, &ctx, &object, item).await?;
    Ok(created(
        &format!("/objects/{object}/{}", record.id),
        record.version,
        record,
    ))
}

/// A record, now or as of a moment.
///
/// Shows the record's values, and on request the spans of any of its properties. With `asOf` it is shown as it was, with `recordedAsOf`
/// as it was known; before it began to exist it is not found. The ETag is the record's present version, also of a moment of the past: it
/// is what `If-Match` is compared with.
#[utoipa::path(get, path = "/objects/{object}/{id}", tag = "records",
    params(("object" = String, Path, example = "leads"), ("id" = Uuid, Path), RecordQuery),
    responses(
        (status = 200, description = "The record", body = RecordView),
        (status = 404, body = ProblemBody, description = "It does not exist, or did not at that moment")))]
async fn get_record(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    Query(query): Query<RecordQuery>,
) -> Result<Response, ServiceError> {
    let id = RecordId::from(id);
    let (record, version) = records::get(&app, &ctx, &object, id, query.selection()).await?;
    Ok(tagged(version, record))
}

/// Change a record. `null` clears a property.
///
/// Sets the properties named and leaves the others; each value that differs ends a span and begins another, now or at `validFrom`. With
/// `If-Match` it is changed only in one of the versions named, otherwise refused with 412. A time before the last change of a property is
/// refused with 409, and a write that changes nothing makes no version.
#[utoipa::path(patch, path = "/objects/{object}/{id}", tag = "records", request_body = RecordBody,
    params(("object" = String, Path, example = "leads"), ("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")),
    responses(
        (status = 200, description = "The record afterwards", body = RecordView),
        (status = 409, body = ProblemBody, description = "The lifecycle, a unique value or the time forbids it"),
        (status = 412, body = ProblemBody, description = "The record has another version"),
        (status = 422, body = ProblemBody, description = "Values that do not fit")))]
async fn update_record(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    IfMatch(versions): IfMatch,
    body: Judged<RecordBody>,
) -> Result<Response, ServiceError> {
    let item = BatchItem {
        expected_versions: versions,
        ..item(&app, &ctx, &object, BatchKind::Update, body).await?
    };
    let record = records::update(&app, &ctx, &object, RecordId::from(id), item).await?;
    Ok(tagged(record.version, record))
}

/// Archive a record. Its history stays.
///
/// Takes the record out of lists and releases its unique values; its history can still be read, and it can be brought back. With
/// `If-Match` it is archived only in one of the versions named, otherwise refused with 412.
#[utoipa::path(delete, path = "/objects/{object}/{id}", tag = "records",
    params(("object" = String, Path, example = "leads"), ("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")),
    responses(
        (status = 204, description = "It is archived"),
        (status = 404, body = ProblemBody, description = "It does not exist"),
        (status = 412, body = ProblemBody, description = "The record has another version")))]
async fn archive_record(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    IfMatch(versions): IfMatch,
) -> Result<StatusCode, ServiceError> {
    records::archive(&app, &ctx, &object, RecordId::from(id), versions).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring an archived record back.
///
/// Brings the record back with the values that it had, and claims its unique values again; if another record took one meanwhile, it is
/// refused with 409. A record that is not archived stays as it is.
#[utoipa::path(post, path = "/objects/{object}/{id}/unarchive", tag = "records",
    params(("object" = String, Path, example = "leads"), ("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The record", body = RecordView),
        (status = 409, body = ProblemBody, description = "Another record took its unique value")))]
async fn unarchive_record(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
) -> Result<Response, ServiceError> {
    let record = records::unarchive(&app, &ctx, &object, RecordId::from(id)).await?;
    Ok(tagged(record.version, record))
}

/// A record's change sets, newest first.
///
/// Shows every write of the record with time, actor, source and the values before and after, in pages; only those of one property on
/// request, and only what was true or known by a moment.
#[utoipa::path(get, path = "/objects/{object}/{id}/history", tag = "records",
    params(("object" = String, Path, example = "leads"), ("id" = Uuid, Path), HistoryQuery),
    responses(
        (status = 200, description = "A page of change sets", body = ChangeSets),
        (status = 404, body = ProblemBody, description = "It does not exist")))]
async fn list_change_sets(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    Query(query): Query<HistoryQuery>,
) -> Result<axum::Json<ChangeSets>, ServiceError> {
    let below = query
        .after
        .as_deref()
        .map(Cursor::read::<i64>)
        .transpose()?;
    let moment = Moment {
        as_of: query.as_of,
        recorded_as_of: query.recorded_as_of,
    };
    let (results, next) = records::history(
        &app,
        &ctx,
        &object,
        RecordId::from(id),
        query.property,
        (below, limit(query.limit)?),
        moment,
    )
    .await?;
    Ok(axum::Json(ChangeSets {
        results,
        paging: next.map(|version| Paging::after(Cursor::write(&version))),
        as_of: moment.as_of,
        recorded_as_of: moment.recorded_as_of,
    }))
}

/// The properties of a record that differ between two moments.
///
/// Compares the record as it was at two moments and lists the properties that differ with both values. Before it began to exist the
/// record is not found; moments to come are refused with 422.
#[utoipa::path(get, path = "/objects/{object}/{id}/diff", tag = "records",
    params(("object" = String, Path, example = "leads"), ("id" = Uuid, Path), DiffQuery),
    responses(
        (status = 200, description = "What differs", body = DiffView),
        (status = 404, body = ProblemBody, description = "It did not exist at one of the moments")))]
async fn get_record_diff(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    Query(query): Query<DiffQuery>,
) -> Result<axum::Json<DiffView>, ServiceError> {
    Ok(axum::Json(
        records::diff(
            &app,
            &ctx,
            &object,
            RecordId::from(id),
            (query.from, query.to),
            query.recorded_as_of,
        )
        .await?,
    ))
}

/// State what was true of a property at other times. What was believed before stays readable with `recordedAsOf`.
///
/// States values and when they were true, in place of what was believed; the record's present follows if the last statement still holds.
/// What was believed before stays readable with `recordedAsOf`. Times to come and intervals that hold nothing are refused with 422.
#[utoipa::path(post, path = "/objects/{object}/{id}/corrections", tag = "records", request_body = CorrectionBody,
    params(("object" = String, Path, example = "leads"), ("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The record afterwards", body = RecordView),
        (status = 409, body = ProblemBody, description = "The lifecycle has no such move"),
        (status = 422, body = ProblemBody, description = "Values or times that do not fit")))]
async fn create_correction(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    Json(body): Json<CorrectionBody>,
) -> Result<Response, ServiceError> {
    let set = body
        .set
        .into_iter()
        .map(|statement| (statement.value, statement.valid_from, statement.valid_to))
        .collect();
    let record = records::correct(
        &app,
        &ctx,
        &object,
        RecordId::from(id),
        (body.property, set),
        body.reason,
    )
    .await?;
    Ok(tagged(record.version, record))
}

/// Set properties to what they were at a moment, as a new change set.
///
/// Writes the values that the properties had at the moment as new values from now on, as one change set with the source `restore`;
/// nothing of the history in between is lost. A moment before the record's creation or to come is refused with 422, and a move that the
/// lifecycle does not have with 409.
#[utoipa::path(post, path = "/objects/{object}/{id}/restore", tag = "records", request_body = RestoreBody,
    params(("object" = String, Path, example = "leads"), ("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The record afterwards", body = RecordView),
        (status = 409, body = ProblemBody, description = "The lifecycle has no such move"),
        (status = 422, body = ProblemBody, description = "A moment before the record's creation, or to come")))]
async fn restore_record(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    Json(body): Json<RestoreBody>,
) -> Result<Response, ServiceError> {
    let record = records::restore(
        &app,
        &ctx,
        &object,
        RecordId::from(id),
        body.as_of,
        body.properties,
    )
    .await?;
    Ok(tagged(record.version, record))
}

/// What a body sets. What is wrong with its structure is told together with what is wrong with its values.
async fn item(
    app: &App,
    ctx: &Ctx,
    object: &str,
    kind: BatchKind,
    body: Judged<RecordBody>,
) -> Result<BatchItem, ServiceError> {
    let body =
        body.and(|body| Vec::from_iter(wrong_source(body.source.as_deref(), "/source".into())));
    let look = async |body: RecordBody| {
        let inputs = vec![BatchItem {
            // Values are looked at without their record.
            id: Some(RecordId::new()),
            ..body.into()
        }];
        let batch = Batch {
            kind,
            inputs,
            id_property: None,
        };
        let found = records::look(app, ctx, object, batch).await?;
        ServiceError::if_any(found.into_iter().flatten().collect())
    };
    Ok(body.whole(look).await?.into())
}

impl From<RecordBody> for BatchItem {
    /// A source that cannot be claimed was refused before.
    fn from(body: RecordBody) -> Self {
        Self {
            source: body.source.as_deref().and_then(claimed),
            properties: body.properties,
            valid_from: body.valid_from,
            ..Self::default()
        }
    }
}

/// A source that a caller claims and cannot: those that Leadline itself gives, and those that there are not.
pub(super) fn wrong_source(name: Option<&str>, pointer: String) -> Option<FieldError> {
    let is_claimable = name.is_none_or(|name| claimed(name).is_some());
    (!is_claimable).then(|| {
        FieldError::new(
            pointer,
            "INVALID_SOURCE",
            "must be user, api, import, automation or bulk",
        )
    })
}

/// The source of this name, if callers can claim it.
pub(super) fn claimed(name: &str) -> Option<Source> {
    let claimable = [
        Source::User,
        Source::Api,
        Source::Import,
        Source::Automation,
        Source::Bulk,
    ];
    Source::parse(name).filter(|source| claimable.contains(source))
}

impl RecordQuery {
    fn selection(&self) -> Selection {
        Selection {
            properties: self.properties.as_deref().map(names),
            with_history: self
                .properties_with_history
                .as_deref()
                .map(names)
                .unwrap_or_default(),
            moment: Moment {
                as_of: self.as_of,
                recorded_as_of: self.recorded_as_of,
            },
        }
    }
}

/// Names separated by commas.
pub(super) fn names(list: &str) -> Vec<String> {
    list.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}
