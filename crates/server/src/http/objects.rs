//! Objects: the kinds of records.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use leadline_engine::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Json, Path, Query},
    json::present,
    paging::{Cursor, Paging, limit},
    problem::ProblemBody,
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        objects::{self, Listing, ObjectDraft, ObjectView, Page},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_objects, create_object))
        .routes(routes!(get_object, update_object, archive_object))
}

/// An object to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "projects", "label": "Project", "pluralLabel": "Projects", "lifecycle": true}))]
struct ObjectBody {
    /// Stable name: a letter a to z, then a to z, 0 to 9 and `_`, at most 63. It can never be changed or used again.
    #[schema(required, example = "projects")]
    name: Option<String>,
    /// For people, one.
    #[schema(required, example = "Project")]
    label: Option<String>,
    /// For people, many; the label if left out.
    #[schema(example = "Projects")]
    plural_label: Option<String>,
    /// The name of the text property that titles a record; it is made with the object. `name` if left out.
    #[schema(example = "name")]
    primary_property: Option<String>,
    /// What it is for.
    description: Option<String>,
    /// Whether it gets the property `stage` with a default lifecycle.
    lifecycle: Option<bool>,
}

/// What to change of an object. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"label": "Engagement", "pluralLabel": "Engagements"}))]
struct ObjectPatchBody {
    /// Cannot be changed: only the name that it has is accepted.
    name: Option<String>,
    /// For people, one.
    #[schema(example = "Engagement")]
    label: Option<String>,
    /// For people, many.
    #[schema(example = "Engagements")]
    plural_label: Option<String>,
    /// The name of a property that holds text.
    primary_property: Option<String>,
    /// What it is for; null clears.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    description: Option<Option<String>>,
    /// Order among the objects.
    position: Option<i64>,
    /// `false` brings an archived object back.
    archived: Option<bool>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ObjectsQuery {
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// `true` for archived ones only; they are left out otherwise.
    archived: Option<bool>,
    /// `properties` shows each object with its properties.
    #[param(example = "properties")]
    include: Option<String>,
    /// The moment to show: definitions as they were then.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
}

/// The moment to show.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AsOfQuery {
    /// The moment to show: the definition as it was then.
    #[param(value_type = Option<String>, format = DateTime)]
    pub(super) as_of: Option<Timestamp>,
}

/// A page of objects, in order of position.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "name": "projects", "label": "Project", "pluralLabel": "Projects", "primaryProperty": "name", "description": null, "builtin": false, "archived": false, "position": 5, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Objects {
    results: Vec<ObjectView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
    /// The moment asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
}

/// The workspace's objects, in order of position.
///
/// Shows the kinds of records that the workspace has, built-in and own, in pages; archived ones on request, with their properties on
/// request, and as they were defined at any moment.
#[utoipa::path(get, path = "/objects", tag = "schema", params(ObjectsQuery),
    responses(
        (status = 200, description = "A page of objects", body = Objects),
        (status = 422, body = ProblemBody, description = "A moment to come, or parameters that do not fit")))]
async fn list_objects(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<ObjectsQuery>,
) -> Result<axum::Json<Objects>, ServiceError> {
    let with_properties = match query.include.as_deref() {
        None | Some("") => false,
        Some("properties") => true,
        Some(_) => {
            return Err(ServiceError::invalid(
                "/query/include",
                "INVALID_PARAMETER",
                "must be properties",
            ));
        }
    };
    let listing = listing(query.limit, query.after, query.archived, query.as_of)?;
    let Page { results, next } = objects::list(&app, &ctx, listing, with_properties).await?;
    Ok(axum::Json(Objects {
        results,
        paging: next.map(|place| Paging::after(Cursor::write(&place))),
        as_of: query.as_of,
    }))
}

/// Make an object, with the property that titles its records.
///
/// Makes a kind of record with a name that can never be changed, the text property that titles its records, and a default lifecycle on
/// request. A name that is taken, also by an archived object, is refused with 409.
#[utoipa::path(post, path = "/objects", tag = "schema", request_body = ObjectBody,
    responses(
        (status = 201, description = "The object with its properties", body = ObjectView),
        (status = 409, body = ProblemBody, description = "The name is taken, perhaps by an archived object"),
        (status = 422, body = ProblemBody, description = "The input breaks rules")))]
async fn create_object(
    State(app): State<App>,
    ctx: Ctx,
    Json(body): Json<ObjectBody>,
) -> Result<Response, ServiceError> {
    let draft = ObjectDraft {
        name: body.name,
        label: body.label,
        plural_label: body.plural_label,
        primary_property: body.primary_property,
        description: Some(body.description),
        with_lifecycle: body.lifecycle.unwrap_or(false),
        position: None,
        archived: None,
    };
    let object = objects::create(&app, &ctx, draft).await?;
    let location = format!("/api/v1/objects/{}", object.name);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        axum::Json(object),
    )
        .into_response())
}

/// An object with its properties, now or as of a moment; archived ones too.
///
/// Shows the object's labels and all its properties, now or as they were defined at a moment. An object that did not exist then is not
/// found.
#[utoipa::path(get, path = "/objects/{object}", tag = "schema",
    params(("object" = String, Path, example = "leads"), AsOfQuery),
    responses(
        (status = 200, description = "The object", body = ObjectView),
        (status = 404, body = ProblemBody, description = "It does not exist, or did not at that moment"),
        (status = 422, body = ProblemBody, description = "A moment to come")))]
async fn get_object(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    Query(query): Query<AsOfQuery>,
) -> Result<axum::Json<ObjectView>, ServiceError> {
    objects::get(&app, &ctx, &object, query.as_of)
        .await
        .map(axum::Json)
}

/// Change an object's definition. How it was before stays readable with `asOf`.
///
/// Changes labels, description, title property and position of an object; what is left out stays. The name can never be changed and is
/// refused with `IMMUTABLE`.
#[utoipa::path(patch, path = "/objects/{object}", tag = "schema", request_body = ObjectPatchBody,
    params(("object" = String, Path, example = "projects")),
    responses(
        (status = 200, description = "The object afterwards", body = ObjectView),
        (status = 404, body = ProblemBody, description = "It does not exist"),
        (status = 422, body = ProblemBody, description = "The input breaks rules; `IMMUTABLE` for the name")))]
async fn update_object(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    Json(body): Json<ObjectPatchBody>,
) -> Result<axum::Json<ObjectView>, ServiceError> {
    let draft = ObjectDraft {
        name: body.name,
        label: body.label,
        plural_label: body.plural_label,
        primary_property: body.primary_property,
        description: body.description,
        with_lifecycle: false,
        position: body.position,
        archived: body.archived,
    };
    objects::update(&app, &ctx, &object, draft)
        .await
        .map(axum::Json)
}

/// Archive an object. Its records and their history stay.
///
/// Takes the object out of lists and forms; its records and their history can still be read, and `archived: false` brings it back.
/// Built-in objects can be archived too.
#[utoipa::path(delete, path = "/objects/{object}", tag = "schema",
    params(("object" = String, Path, example = "projects")),
    responses(
        (status = 204, description = "It is archived"),
        (status = 404, body = ProblemBody, description = "It does not exist")))]
async fn archive_object(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
) -> Result<StatusCode, ServiceError> {
    objects::archive(&app, &ctx, &object).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which definitions a query asks for.
pub(super) fn listing(
    asked: Option<usize>,
    after: Option<String>,
    archived: Option<bool>,
    as_of: Option<Timestamp>,
) -> Result<Listing, ServiceError> {
    Ok(Listing {
        archived: archived.unwrap_or(false),
        as_of,
        after: after.as_deref().map(Cursor::read).transpose()?,
        limit: limit(asked)?,
    })
}
