//! Many records at once.

use axum::{extract::State, http::StatusCode};
use leadline_engine::{error::FieldError, ids::RecordId, time::Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Judged, Path, Query},
    problem::ProblemBody,
    records::{claimed, wrong_source},
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        records::{self, Batch, BatchItem, BatchKind, BatchView, Moment, Selection},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_records))
        .routes(routes!(update_records))
        .routes(routes!(upsert_records))
        .routes(routes!(archive_records))
        .routes(routes!(unarchive_records))
        .routes(routes!(read_records))
}

/// Up to 1,000 inputs, each accepted or refused by itself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchBody {
    inputs: Vec<Input>,
}

/// One record of a batch.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    /// The record's id; with `idProperty`, the value of that property.
    #[schema(value_type = Option<String>)]
    id: Option<Value>,
    /// Values by property name; `null` clears.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>, example = json!({"email": "ada@example.com", "name": "Ada Ltd"}))]
    properties: Map<String, Value>,
    /// Since when they are true.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_from: Option<Timestamp>,
    /// How they came.
    source: Option<String>,
    /// The version you know; another one is refused.
    version: Option<i64>,
}

/// Records to read, and what to show of them.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReadBody {
    inputs: Vec<ReadInput>,
    /// Names of properties; all in use if left out.
    properties: Option<Vec<String>>,
    /// Names of properties whose spans to show.
    #[serde(default)]
    properties_with_history: Vec<String>,
    /// The key that the ids are values of.
    id_property: Option<String>,
    /// The moment to show, in valid time.
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge to show.
    #[schema(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// A record to read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadInput {
    /// Its id, or the value of the key.
    #[schema(value_type = String)]
    id: Value,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct KeyQuery {
    /// The property that serves as the key.
    #[param(example = "email")]
    id_property: Option<String>,
}

/// Create many records.
///
/// Creates up to 1,000 records in one transaction, each accepted or refused by itself: the answer lists the new records and, with the
/// index of its input, each that was refused and why. Fields that are unknown or of the wrong type refuse the whole batch.
#[utoipa::path(post, path = "/objects/{object}/batch/create", tag = "records", request_body = BatchBody,
    params(("object" = String, Path, example = "leads")),
    responses((status = 207, description = "What was accepted and refused", body = BatchView), (status = 422, body = ProblemBody, description = "The batch is malformed")))]
async fn create_records(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    body: Judged<BatchBody>,
) -> Answer {
    write(&app, &ctx, &object, BatchKind::Create, body, None).await
}

/// Change many records by id.
///
/// Changes up to 1,000 records in one transaction, each accepted or refused by itself, and each only if it still has the `version` that
/// its input names. The answer lists the records afterwards and, with the index of its input, each refusal.
#[utoipa::path(post, path = "/objects/{object}/batch/update", tag = "records", request_body = BatchBody,
    params(("object" = String, Path, example = "leads")),
    responses((status = 207, description = "What was accepted and refused", body = BatchView), (status = 422, body = ProblemBody, description = "The batch is malformed")))]
async fn update_records(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    body: Judged<BatchBody>,
) -> Answer {
    write(&app, &ctx, &object, BatchKind::Update, body, None).await
}

/// Change many records by a key; those that no record holds are created.
///
/// Finds each record by the value of the property that `idProperty` names and changes it, or creates it if there is none. Several inputs
/// with one key are applied in order; a key that several records hold is refused with `KEY_AMBIGUOUS`.
#[utoipa::path(post, path = "/objects/{object}/batch/upsert", tag = "records", request_body = BatchBody,
    params(("object" = String, Path, example = "leads"), KeyQuery),
    responses((status = 207, description = "What was accepted and refused", body = BatchView), (status = 422, body = ProblemBody, description = "The batch is malformed, or the property cannot be a key")))]
async fn upsert_records(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    Query(query): Query<KeyQuery>,
    body: Judged<BatchBody>,
) -> Answer {
    write(
        &app,
        &ctx,
        &object,
        BatchKind::Upsert,
        body,
        query.id_property,
    )
    .await
}

/// Archive many records.
///
/// Archives up to 1,000 records by id, each by itself: the answer lists those archived and, with the index of its input, each that was
/// refused and why. Archiving an archived record changes nothing.
#[utoipa::path(post, path = "/objects/{object}/batch/archive", tag = "records", request_body = BatchBody,
    params(("object" = String, Path, example = "leads")),
    responses((status = 207, description = "What was accepted and refused", body = BatchView), (status = 422, body = ProblemBody, description = "The batch is malformed")))]
async fn archive_records(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    body: Judged<BatchBody>,
) -> Answer {
    write(&app, &ctx, &object, BatchKind::Archive, body, None).await
}

/// Bring many archived records back.
///
/// Brings up to 1,000 records back by id, each by itself: the answer lists them and, with the index of its input, each that was refused and
/// why, such as one whose unique value another record took meanwhile. One that is not archived stays as it is.
#[utoipa::path(post, path = "/objects/{object}/batch/unarchive", tag = "records", request_body = BatchBody,
    params(("object" = String, Path, example = "leads")),
    responses((status = 207, description = "What was accepted and refused", body = BatchView), (status = 422, body = ProblemBody, description = "The batch is malformed")))]
async fn unarchive_records(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    body: Judged<BatchBody>,
) -> Answer {
    write(&app, &ctx, &object, BatchKind::Unarchive, body, None).await
}

/// Read many records, by id or by a key.
///
/// Reads up to 1,000 records by id, or by the values of a key with `idProperty`, with any of their properties and spans, now or as of a
/// moment. Ids that name nothing are listed as errors with their index.
#[utoipa::path(post, path = "/objects/{object}/batch/read", tag = "records", request_body = ReadBody,
    params(("object" = String, Path, example = "leads"), KeyQuery),
    responses((status = 207, description = "The records found, and which were not", body = BatchView), (status = 422, body = ProblemBody, description = "The batch is malformed")))]
async fn read_records(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    Query(query): Query<KeyQuery>,
    body: Judged<ReadBody>,
) -> Answer {
    let read = async |body| read(&app, &ctx, &object, body, query.id_property.clone()).await;
    let body = body.whole(async |body| read(body).await.map(drop)).await?;
    Ok((StatusCode::MULTI_STATUS, axum::Json(read(body).await?)))
}

async fn read(
    app: &App,
    ctx: &Ctx,
    object: &str,
    body: ReadBody,
    id_property: Option<String>,
) -> Result<BatchView, ServiceError> {
    let id_property = body.id_property.or(id_property);
    let item = |input: ReadInput| match id_property {
        Some(_) => BatchItem {
            key: Some(input.id),
            ..BatchItem::default()
        },
        None => BatchItem {
            id: as_id(&input.id),
            ..BatchItem::default()
        },
    };
    let inputs = body.inputs.into_iter().map(item).collect();
    let batch = Batch {
        kind: BatchKind::Update,
        inputs,
        id_property,
    };
    let moment = Moment {
        as_of: body.as_of,
        recorded_as_of: body.recorded_as_of,
    };
    let selection = Selection {
        properties: body.properties,
        with_history: body.properties_with_history,
        moment,
    };
    records::batch_read(app, ctx, object, batch, selection).await
}

type Answer = Result<(StatusCode, axum::Json<BatchView>), ServiceError>;

async fn write(
    app: &App,
    ctx: &Ctx,
    object: &str,
    kind: BatchKind,
    body: Judged<BatchBody>,
    id_property: Option<String>,
) -> Answer {
    let batch = |body: BatchBody| Batch {
        kind,
        inputs: body
            .inputs
            .into_iter()
            .map(|input| input.item(id_property.is_some()))
            .collect(),
        id_property: id_property.clone(),
    };
    let look = async |body: BatchBody| {
        let found = records::look(app, ctx, object, batch(body)).await?;
        let found = found.into_iter().enumerate().flat_map(|(index, errors)| {
            errors
                .into_iter()
                .map(move |error| error.under(&format!("/inputs/{index}")))
        });
        ServiceError::if_any(found.collect())
    };
    let body = body.and(wrong_sources).whole(look).await?;
    let shown = records::batch_write(app, ctx, object, batch(body)).await?;
    Ok((StatusCode::MULTI_STATUS, axum::Json(shown)))
}

fn wrong_sources(body: &BatchBody) -> Vec<FieldError> {
    let wrong = |(index, input): (usize, &Input)| {
        wrong_source(input.source.as_deref(), format!("/inputs/{index}/source"))
    };
    body.inputs.iter().enumerate().filter_map(wrong).collect()
}

impl Input {
    fn item(self, by_key: bool) -> BatchItem {
        let id = self
            .id
            .as_ref()
            .map(|id| as_id(id).unwrap_or(RecordId::from(Uuid::nil())));
        let (id, key) = if by_key { (None, self.id) } else { (id, None) };
        BatchItem {
            id,
            key,
            properties: self.properties,
            valid_from: self.valid_from,
            // One that cannot be claimed was refused before.
            source: self.source.as_deref().and_then(claimed),
            expected_versions: self.version.map(|version| vec![version]),
        }
    }
}

/// An id that cannot be read names nothing, like one that is unknown.
fn as_id(json: &Value) -> Option<RecordId> {
    json.as_str().and_then(|text| text.parse().ok())
}
