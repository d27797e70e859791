//! Labelled links between records.

use axum::{extract::State, http::StatusCode};
use leadline_engine::{ids::RecordId, time::Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Json, Path, Query},
    paging::{Cursor, Paging, limit},
    problem::ProblemBody,
};
use crate::{
    app::App,
    service::{
        associations::{self, AssociationView, Ends},
        ctx::Ctx,
        error::ServiceError,
        records::Moment,
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(
        list_associations,
        create_association,
        remove_association
    ))
}

/// The record to link to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AssociationBody {
    /// Its id.
    id: Uuid,
    /// What the link means.
    #[schema(example = "decision maker")]
    label: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// The moment to show, in valid time.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge to show.
    #[param(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
    /// Whether to show links that have ended, too.
    #[serde(default)]
    history: bool,
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RemoveQuery {
    /// The record at the other end.
    id: Uuid,
    /// Only links with this label.
    label: Option<String>,
}

/// A page of links.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "object": "contacts", "label": "decision maker", "validFrom": "2026-03-01T09:20:00Z", "validTo": null, "actor": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Associations {
    results: Vec<AssociationView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
    /// The moment asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// A record's links with records of another object.
///
/// Shows the links that hold between the record and records of the other object, oldest first, with their labels; as of a moment on
/// request, and with `history` also those that have ended.
#[utoipa::path(get, path = "/objects/{object}/{id}/associations/{toObject}", tag = "records",
    params(("object" = String, Path, example = "deals"), ("id" = Uuid, Path), ("toObject" = String, Path, example = "contacts"), ListQuery),
    responses((status = 200, description = "A page of links, oldest first", body = Associations), (status = 404, body = ProblemBody, description = "There is no such record")))]
async fn list_associations(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id, to_object)): Path<(String, Uuid, String)>,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Associations>, ServiceError> {
    let after = query
        .after
        .as_deref()
        .map(Cursor::read::<Uuid>)
        .transpose()?;
    let ends = Ends {
        object,
        id: RecordId::from(id),
        to_object,
    };
    let moment = Moment {
        as_of: query.as_of,
        recorded_as_of: query.recorded_as_of,
    };
    let (results, next) = associations::list(
        &app,
        &ctx,
        ends,
        (moment, query.history),
        (after, limit(query.limit)?),
    )
    .await?;
    Ok(axum::Json(Associations {
        results,
        paging: next.map(|id| Paging::after(Cursor::write(&id))),
        as_of: moment.as_of,
        recorded_as_of: moment.recorded_as_of,
    }))
}

/// Link a record with another one.
///
/// Links the record with one of the other object, with a label that says what the link means. A link with this label that is there
/// already is answered as it is. Either record not being there is 404; a label that is too long and a link to itself are 422.
#[utoipa::path(post, path = "/objects/{object}/{id}/associations/{toObject}", tag = "records", request_body = AssociationBody,
    params(("object" = String, Path, example = "deals"), ("id" = Uuid, Path), ("toObject" = String, Path, example = "contacts")),
    responses((status = 201, description = "The link", body = AssociationView), (status = 404, body = ProblemBody, description = "One of the records does not exist"), (status = 422, body = ProblemBody, description = "The label is too long, or the record would be linked to itself")))]
async fn create_association(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id, to_object)): Path<(String, Uuid, String)>,
    Json(body): Json<AssociationBody>,
) -> Result<(StatusCode, axum::Json<AssociationView>), ServiceError> {
    let ends = Ends {
        object,
        id: RecordId::from(id),
        to_object,
    };
    let link = associations::create(&app, &ctx, ends, RecordId::from(body.id), body.label).await?;
    Ok((StatusCode::CREATED, axum::Json(link)))
}

/// End the links between two records. That they held stays known.
///
/// Ends the links between the two records, or only the one with a label; with `history` they stay readable. Records that are not linked
/// are 404.
#[utoipa::path(delete, path = "/objects/{object}/{id}/associations/{toObject}", tag = "records",
    params(("object" = String, Path, example = "deals"), ("id" = Uuid, Path), ("toObject" = String, Path, example = "contacts"), RemoveQuery),
    responses((status = 204, description = "They are no longer linked"), (status = 404, body = ProblemBody, description = "They are not linked")))]
async fn remove_association(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id, to_object)): Path<(String, Uuid, String)>,
    Query(query): Query<RemoveQuery>,
) -> Result<StatusCode, ServiceError> {
    let ends = Ends {
        object,
        id: RecordId::from(id),
        to_object,
    };
    associations::remove(&app, &ctx, ends, RecordId::from(query.id), query.label).await?;
    Ok(StatusCode::NO_CONTENT)
}
