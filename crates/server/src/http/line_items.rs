//! The products of a deal.

use axum::{extract::State, http::StatusCode};
use leadline_engine::{ids::RecordId, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

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
        line_items::{self, LineItem, LineItemDraft},
        records::Moment,
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_line_items, create_line_item))
        .routes(routes!(update_line_item, archive_line_item))
}

/// What a line item shall be, or what shall change of it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = LineItemRequest)]
struct LineItemBody {
    /// The product.
    product: Option<Uuid>,
    /// What it is; null for the product's name.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    /// How many; 1 if left out.
    #[schema(value_type = Option<f64>, example = 3)]
    quantity: Option<Value>,
    /// Each at this price; null for none. The product's price if a new line item leaves it out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Object>)]
    unit_price: Option<Option<Value>>,
    /// Percent off, 0 to 100; null for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<f64>, example = 10)]
    discount: Option<Option<Value>>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
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

/// A page of the line items of a deal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 1, "product": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "name": null, "quantity": 3, "unitPrice": {"amount": "550.00", "currency": "EUR"}, "discount": 10, "total": {"amount": "1485.00", "currency": "EUR"}}], "totals": [{"amount": "1485.00", "currency": "EUR"}]}))]
struct LineItems {
    /// In order of their creation.
    results: Vec<LineItem>,
    /// The sum of all of them, also of those on other pages, in each currency.
    #[schema(value_type = Vec<Object>, example = json!([{"amount": "1485.00", "currency": "EUR"}]))]
    totals: Vec<Value>,
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

/// The line items of a deal, with totals.
///
/// Shows the products of the deal with quantity, unit price, discount and total, in pages and in the order of their creation, and the sum
/// of all of them in each currency; as of a moment on request.
#[utoipa::path(get, path = "/objects/{object}/{id}/line-items", tag = "records",
    params(("object" = String, Path, example = "deals"), ("id" = Uuid, Path), ListQuery),
    responses((status = 200, description = "The line items", body = LineItems), (status = 404, body = ProblemBody, description = "There is no such deal")))]
async fn list_line_items(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<LineItems>, ServiceError> {
    let after = query.after.as_deref().map(Cursor::read).transpose()?;
    let page = (after, limit(query.limit)?);
    let moment = Moment {
        as_of: query.as_of,
        recorded_as_of: query.recorded_as_of,
    };
    let listed = line_items::list(&app, &ctx, &object, RecordId::from(id), moment, page).await?;
    Ok(axum::Json(LineItems {
        results: listed.results,
        totals: listed.totals,
        paging: listed
            .next
            .map(|place| Paging::after(Cursor::write(&place))),
        as_of: moment.as_of,
        recorded_as_of: moment.recorded_as_of,
    }))
}

/// Add a line item to a deal.
///
/// Adds a product to the deal; without a unit price it gets the product's, and without a quantity 1. A quantity of 0 or less and a
/// discount outside 0 to 100 percent are refused with 422; a product that is not there is 404.
#[utoipa::path(post, path = "/objects/{object}/{id}/line-items", tag = "records", request_body = LineItemBody,
    params(("object" = String, Path, example = "deals"), ("id" = Uuid, Path)),
    responses((status = 201, description = "The line item", body = LineItem), (status = 404, body = ProblemBody, description = "There is no such deal"), (status = 422, body = ProblemBody, description = "Values that do not fit")))]
async fn create_line_item(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    Json(body): Json<LineItemBody>,
) -> Result<(StatusCode, axum::Json<LineItem>), ServiceError> {
    let item = line_items::create(&app, &ctx, &object, RecordId::from(id), body.into()).await?;
    Ok((StatusCode::CREATED, axum::Json(item)))
}

/// Change a line item.
///
/// Changes the fields named and leaves the others, null clears; totals follow at once. The line item is a record of its own with a version and a
/// history.
#[utoipa::path(patch, path = "/objects/{object}/{id}/line-items/{itemId}", tag = "records", request_body = LineItemBody,
    params(("object" = String, Path, example = "deals"), ("id" = Uuid, Path), ("itemId" = Uuid, Path)),
    responses((status = 200, description = "The line item", body = LineItem), (status = 404, body = ProblemBody, description = "There is no such line item"), (status = 422, body = ProblemBody, description = "Values that do not fit")))]
async fn update_line_item(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id, item)): Path<(String, Uuid, Uuid)>,
    Json(body): Json<LineItemBody>,
) -> Result<axum::Json<LineItem>, ServiceError> {
    Ok(axum::Json(
        line_items::update(
            &app,
            &ctx,
            (&object, RecordId::from(id)),
            RecordId::from(item),
            body.into(),
        )
        .await?,
    ))
}

/// Take a line item out. Its history stays.
///
/// Takes the line item out of the deal and its totals; as of an earlier moment it is still there.
#[utoipa::path(delete, path = "/objects/{object}/{id}/line-items/{itemId}", tag = "records",
    params(("object" = String, Path, example = "deals"), ("id" = Uuid, Path), ("itemId" = Uuid, Path)),
    responses((status = 204, description = "It is gone"), (status = 404, body = ProblemBody, description = "There is no such line item")))]
async fn archive_line_item(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id, item)): Path<(String, Uuid, Uuid)>,
) -> Result<StatusCode, ServiceError> {
    line_items::archive(
        &app,
        &ctx,
        (&object, RecordId::from(id)),
        RecordId::from(item),
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<LineItemBody> for LineItemDraft {
    fn from(body: LineItemBody) -> Self {
        Self {
            product: body.product,
            name: body.name,
            quantity: body.quantity,
            unit_price: body.unit_price,
            discount: body.discount,
        }
    }
}
