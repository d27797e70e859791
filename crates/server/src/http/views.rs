//! Saved views: how an object's records are looked at, under a name.

use axum::{extract::State, http::StatusCode, response::Response};
use leadline_engine::ids::ViewId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{IfMatch, Json, Judged, Path, Query},
    json::present,
    paging::{Paging, cut, placed},
    problem::ProblemBody,
    versions::{created, tagged},
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        saved::{self, Draft},
        sharing::Visibility,
        views::{SavedView, ViewBoard, ViewColumn, ViewDraft, ViewKind},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_views, create_view))
        .routes(routes!(get_view, update_view, archive_view))
}

/// A view to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"object": "leads", "name": "Large and open", "filterGroups": [{"filters": [{"property": "name", "operator": "HAS_PROPERTY"}]}], "sorts": [{"property": "created_at", "direction": "descending"}], "columns": [{"property": "name", "width": 240}, {"property": "updated_at"}]}))]
struct ViewBody {
    /// The object whose records it shows.
    #[schema(example = "leads")]
    object: String,
    /// For people.
    #[schema(example = "Large and open")]
    name: String,
    /// As a table if left out.
    kind: Option<ViewKind>,
    /// Private if left out.
    visibility: Option<Visibility>,
    /// Which records, as in a search; all if left out.
    #[serde(default)]
    #[schema(value_type = Vec<serde_json::Value>, required = false)]
    filter_groups: Value,
    /// Words that must all occur in the record's texts, as in a search.
    #[schema(max_length = 500)]
    query: Option<String>,
    /// The order, as in a search; the newest first if left out.
    #[serde(default)]
    #[schema(value_type = Vec<serde_json::Value>, required = false)]
    sorts: Value,
    /// The columns of the table, at most 200; the object's usual ones if left out.
    columns: Option<Vec<ViewColumn>>,
    /// What the board is made of; a view of the kind `board` needs it.
    board: Option<ViewBoard>,
    /// Order among the object's views; behind the last one if left out.
    position: Option<i64>,
}

/// What to change of a view. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Large, open and mine", "visibility": "shared"}))]
struct ViewPatchBody {
    /// For people.
    #[schema(example = "Large, open and mine")]
    name: Option<String>,
    /// As a table or as a board.
    kind: Option<ViewKind>,
    /// Who sees it.
    visibility: Option<Visibility>,
    /// Which records, as in a search.
    #[schema(value_type = Option<Vec<serde_json::Value>>)]
    filter_groups: Option<Value>,
    /// Words that must all occur in the record's texts; null clears.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 500)]
    query: Option<Option<String>>,
    /// The order, as in a search.
    #[schema(value_type = Option<Vec<serde_json::Value>>)]
    sorts: Option<Value>,
    /// The columns of the table, at most 200; null for the object's usual ones.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Vec<ViewColumn>>)]
    columns: Option<Option<Vec<ViewColumn>>>,
    /// What the board is made of; null clears.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<ViewBoard>)]
    board: Option<Option<ViewBoard>>,
    /// Order among the object's views.
    position: Option<i64>,
    /// `false` brings an archived view back.
    archived: Option<bool>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ViewsQuery {
    /// Views of this object only.
    #[param(example = "leads")]
    object: Option<String>,
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// `true` for archived ones only; they are left out otherwise.
    archived: Option<bool>,
}

/// A page of views, in order of position.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "object": "leads", "name": "Large and open", "kind": "list", "visibility": "private", "owner": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "filterGroups": [], "query": null, "sorts": [], "columns": null, "board": null, "position": 0, "archived": false, "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Views {
    results: Vec<SavedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// The views that the caller sees, in order of position.
///
/// Shows the caller's own views and those that others share, of one object or of all, in pages; archived ones on request. Private views of
/// others are never shown, to administrators neither.
#[utoipa::path(get, path = "/views", tag = "views", params(ViewsQuery), responses(
    (status = 200, description = "A page of views", body = Views),
    (status = 422, description = "Parameters that do not fit", body = ProblemBody)))]
async fn list_views(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<ViewsQuery>,
) -> Result<axum::Json<Views>, ServiceError> {
    let (page, asked) = placed(query.limit, query.after, query.archived)?;
    let mut results: Vec<SavedView> =
        saved::list(&app, &ctx, query.object.as_deref(), page).await?;
    let paging = cut(&mut results, asked, |view| (view.position, view.id));
    Ok(axum::Json(Views { results, paging }))
}

/// Save a view: how an object's records are looked at, under a name.
///
/// Keeps filters, words, order and columns, or what a board is made of. Filters and sorts are those of a search and are checked as there,
/// everything that is wrong at once. The view belongs to the caller; shared ones are seen by all members, and need the right to write
/// records.
#[utoipa::path(post, path = "/views", tag = "views", request_body = ViewBody, responses(
    (status = 201, description = "The view", body = SavedView),
    (status = 403, description = "Who only looks cannot share", body = ProblemBody),
    (status = 409, description = "The member has too many views", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn create_view(
    State(app): State<App>,
    ctx: Ctx,
    body: Judged<ViewBody>,
) -> Result<Response, ServiceError> {
    let look = async |body: ViewBody| saved::look::<SavedView>(&app, &ctx, body.into()).await;
    let body = body.whole(look).await?;
    let view: SavedView = saved::create(&app, &ctx, body.into()).await?;
    Ok(created(&format!("/views/{}", view.id), view.version, view))
}

/// A view that the caller sees; archived ones too.
///
/// Shows the view as it was saved, also when a property that it names was archived since. Another member's private view is not found.
#[utoipa::path(get, path = "/views/{id}", tag = "views", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The view", body = SavedView),
    (status = 404, description = "There is no such view, or none that the caller sees", body = ProblemBody)))]
async fn get_view(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, ServiceError> {
    let view: SavedView = saved::get(&app, &ctx, ViewId::from(id)).await?;
    Ok(tagged(view.version, view))
}

/// Change a view. Its owner and managers can.
///
/// Changes what the body names and leaves the rest as it is; only what the body names is checked. With `If-Match` it is changed only in one
/// of the versions named, otherwise refused with 412. A body that changes nothing makes no version.
#[utoipa::path(patch, path = "/views/{id}", tag = "views", request_body = ViewPatchBody,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")), responses(
    (status = 200, description = "The view afterwards", body = SavedView),
    (status = 403, description = "It is shared by another member", body = ProblemBody),
    (status = 404, description = "There is no such view, or none that the caller sees", body = ProblemBody),
    (status = 412, description = "The view has another version", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn update_view(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
    Json(body): Json<ViewPatchBody>,
) -> Result<Response, ServiceError> {
    let view: SavedView =
        saved::update(&app, &ctx, ViewId::from(id), versions, body.into()).await?;
    Ok(tagged(view.version, view))
}

/// Archive a view. `archived: false` brings it back.
///
/// Takes the view out of lists; links to it still work. Its owner and managers can. With `If-Match` it is archived only in one of the
/// versions named, otherwise refused with 412.
#[utoipa::path(delete, path = "/views/{id}", tag = "views",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The version you know")), responses(
    (status = 204, description = "It is archived"),
    (status = 403, description = "It is shared by another member", body = ProblemBody),
    (status = 404, description = "There is no such view, or none that the caller sees", body = ProblemBody),
    (status = 412, description = "The view has another version", body = ProblemBody)))]
async fn archive_view(
    State(app): State<App>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    IfMatch(versions): IfMatch,
) -> Result<StatusCode, ServiceError> {
    saved::archive::<SavedView>(&app, &ctx, ViewId::from(id), versions).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<ViewBody> for Draft<ViewDraft> {
    fn from(body: ViewBody) -> Self {
        Self {
            name: Some(body.name),
            visibility: body.visibility,
            position: body.position,
            archived: None,
            own: ViewDraft {
                object: Some(body.object),
                kind: body.kind,
                filter_groups: Some(body.filter_groups),
                query: Some(body.query),
                sorts: Some(body.sorts),
                columns: Some(body.columns),
                board: Some(body.board),
            },
        }
    }
}

impl From<ViewPatchBody> for Draft<ViewDraft> {
    fn from(body: ViewPatchBody) -> Self {
        Self {
            name: body.name,
            visibility: body.visibility,
            position: body.position,
            archived: body.archived,
            own: ViewDraft {
                object: None,
                kind: body.kind,
                filter_groups: body.filter_groups,
                query: body.query,
                sorts: body.sorts,
                columns: body.columns,
                board: body.board,
            },
        }
    }
}
