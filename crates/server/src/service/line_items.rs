//! The products of a deal: records of the object `line_items`, with their totals.

use leadline_engine::{
    error::FieldError,
    ids::RecordId,
    schema::Object,
    time::Timestamp,
    value::{Currency, Money, parse_decimal},
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    ctx::Ctx,
    error::ServiceError,
    records::{self, BatchItem, Moment, RecordView, Selection},
    search::{self, Search, schema_and_object},
    unit_of_work,
};
use crate::app::App;

/// The object that line items are records of.
pub(super) const OBJECT: &str = "line_items";
/// The property that links a line item to its deal.
const OWNER: &str = "deal";
/// The property that links a line item to its product.
const PRODUCT: &str = "product";
/// Records that a search answers at once.
const FOUND_AT_ONCE: usize = 1_000;

/// A line item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 1, "product": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "name": null, "quantity": 3, "unitPrice": {"amount": "550.00", "currency": "EUR"}, "discount": 10, "total": {"amount": "1485.00", "currency": "EUR"}}))]
pub struct LineItem {
    /// Its id: it is a record of the object `line_items`.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// The product.
    pub product: Option<Uuid>,
    /// What it is, where that is not the product's name.
    pub name: Option<String>,
    /// How many.
    #[schema(value_type = f64, example = 3)]
    pub quantity: Json,
    /// Each at this price.
    #[schema(value_type = Object, nullable, example = json!({"amount": "550.00", "currency": "EUR"}))]
    pub unit_price: Json,
    /// Percent off.
    #[schema(value_type = f64, nullable, example = 10)]
    pub discount: Json,
    /// Quantity times unit price less the discount, rounded to the currency's minor unit; `null` without a price.
    #[schema(value_type = Object, nullable, example = json!({"amount": "1485.00", "currency": "EUR"}))]
    pub total: Json,
}

/// Line items of a deal.
#[derive(Debug)]
pub struct LineItems {
    /// Those of the page, in order of their creation.
    pub results: Vec<LineItem>,
    /// The sum of all, in each currency.
    pub totals: Vec<Json>,
    /// Where the next page begins.
    pub next: Option<Place>,
}

/// A place among the line items of a deal: when one was made, and its id.
pub type Place = (Timestamp, Uuid);

/// What a line item shall be, or what shall change of it. What is left out stays as it is, or is as usual; `Some(None)` clears.
#[derive(Debug, Clone)]
pub struct LineItemDraft {
    /// The product.
    pub product: Option<Uuid>,
    /// What it is.
    pub name: Option<Option<String>>,
    /// How many.
    pub quantity: Option<Json>,
    /// Each at this price.
    pub unit_price: Option<Option<Json>>,
    /// Percent off.
    pub discount: Option<Option<Json>>,
}

/// A page of the line items of a deal, now or as of a moment.
///
/// # Errors
/// `NotFound`; `Invalid` for a moment to come.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    moment: Moment,
    (after, limit): (Option<Place>, usize),
) -> Result<LineItems, ServiceError> {
    require_owner(app, ctx, object, id, moment).await?;
    let all = all(app, ctx, id, moment).await?;
    let items: Vec<LineItem> = all.iter().map(view).collect();
    let totals = totals(&items);
    let place = |record: &RecordView| (record.created_at, record.id);
    let begin = all.partition_point(|record| after.is_some_and(|after| place(record) <= after));
    let end = (begin + limit).min(all.len());
    let next = all[begin..end]
        .last()
        .filter(|_| end < all.len())
        .map(place);
    Ok(LineItems {
        results: items[begin..end].to_vec(),
        totals,
        next,
    })
}

/// The records that are a deal's line items, in order of their creation.
async fn all(
    app: &App,
    ctx: &Ctx,
    id: RecordId,
    moment: Moment,
) -> Result<Vec<RecordView>, ServiceError> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let search = Search {
            filter_groups: json!([{"filters": [{"property": OWNER, "operator": "EQ", "value": id.to_string()}]}]),
            sorts: json!(["created_at"]),
            selection: Selection {
                moment,
                ..Selection::default()
            },
            limit: FOUND_AT_ONCE,
            after,
            ..Search::default()
        };
        let found = search::search(app, ctx, OBJECT, search).await?;
        all.extend(found.records);
        after = found.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// Adds a line item to a deal.
///
/// # Errors
/// `NotFound` for the deal and the product; those of creating a record.
pub async fn create(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    draft: LineItemDraft,
) -> Result<LineItem, ServiceError> {
    if let Some(record) = unit_of_work::repeated::<RecordView>(app, ctx).await? {
        return Ok(view(&record));
    }
    require_owner(app, ctx, object, id, Moment::default()).await?;
    let mut properties = properties(&draft)?;
    if let Some(product) = draft.product {
        let price = price_of(app, ctx, product).await?;
        if draft.unit_price.is_none() {
            properties.extend(price.map(|price| ("unit_price".to_owned(), price)));
        }
    }
    properties.insert(OWNER.to_owned(), Json::String(id.to_string()));
    let record = records::create(
        app,
        ctx,
        OBJECT,
        BatchItem {
            properties,
            ..BatchItem::default()
        },
    )
    .await
    .map_err(in_body)?;
    Ok(view(&record))
}

/// Changes a line item.
///
/// # Errors
/// `NotFound` for the deal, the line item and the product; those of changing a record.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    (object, id): (&str, RecordId),
    item: RecordId,
    draft: LineItemDraft,
) -> Result<LineItem, ServiceError> {
    if let Some(record) = unit_of_work::repeated::<RecordView>(app, ctx).await? {
        return Ok(view(&record));
    }
    require_item(app, ctx, object, id, item).await?;
    let properties = properties(&draft)?;
    if let Some(product) = draft.product {
        price_of(app, ctx, product).await?;
    }
    let record = records::update(
        app,
        ctx,
        OBJECT,
        item,
        BatchItem {
            properties,
            ..BatchItem::default()
        },
    )
    .await
    .map_err(in_body)?;
    Ok(view(&record))
}

/// Takes a line item out. Its history stays.
///
/// # Errors
/// `NotFound`.
pub async fn archive(
    app: &App,
    ctx: &Ctx,
    (object, id): (&str, RecordId),
    item: RecordId,
) -> Result<(), ServiceError> {
    require_item(app, ctx, object, id, item).await?;
    records::archive(app, ctx, OBJECT, item, None)
        .await
        .map(drop)
}

/// The record must exist, and be of the object that line items belong to.
async fn require_owner(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    moment: Moment,
) -> Result<(), ServiceError> {
    let (_, items) = schema_and_object(app, ctx, OBJECT).await?;
    if owner_object(&items) != Some(object) {
        return Err(ServiceError::NotFound);
    }
    let selection = Selection {
        properties: Some(Vec::new()),
        moment,
        ..Selection::default()
    };
    records::get(app, ctx, object, id, selection)
        .await
        .map(drop)
}

async fn require_item(
    app: &App,
    ctx: &Ctx,
    object: &str,
    id: RecordId,
    item: RecordId,
) -> Result<(), ServiceError> {
    require_owner(app, ctx, object, id, Moment::default()).await?;
    let (record, _) = records::get(app, ctx, OBJECT, item, Selection::default()).await?;
    let is_own =
        record.properties.get(OWNER).and_then(Json::as_str) == Some(id.to_string().as_str());
    if is_own && !record.archived {
        Ok(())
    } else {
        Err(ServiceError::NotFound)
    }
}

/// The price of a product, which must exist.
async fn price_of(app: &App, ctx: &Ctx, product: Uuid) -> Result<Option<Json>, ServiceError> {
    let (_, items) = schema_and_object(app, ctx, OBJECT).await?;
    let products = items
        .property(PRODUCT)
        .and_then(|property| property.definition.target_object.as_deref());
    let products = products.ok_or(ServiceError::NotFound)?;
    let id = RecordId::from(product);
    let (product, _) = records::get(app, ctx, products, id, Selection::default()).await?;
    Ok(product.properties.get("price").cloned())
}

fn owner_object(items: &Object) -> Option<&str> {
    items.property(OWNER)?.definition.target_object.as_deref()
}

fn properties(draft: &LineItemDraft) -> Result<Map<String, Json>, ServiceError> {
    let mut errors = Vec::new();
    // What is no number is refused as the record's.
    if draft
        .quantity
        .as_ref()
        .and_then(decimal)
        .is_some_and(|quantity| quantity <= Decimal::ZERO)
    {
        errors.push(FieldError::new(
            "/quantity",
            "INVALID_QUANTITY",
            "must be more than 0",
        ));
    }
    if draft
        .discount
        .iter()
        .flatten()
        .find_map(decimal)
        .is_some_and(|percent| percent < Decimal::ZERO || percent > Decimal::ONE_HUNDRED)
    {
        errors.push(FieldError::new(
            "/discount",
            "INVALID_DISCOUNT",
            "must be a percentage from 0 to 100",
        ));
    }
    ServiceError::if_any(errors)?;
    let fields = [
        (
            "product",
            draft.product.map(|id| Json::String(id.to_string())),
        ),
        (
            "name",
            draft
                .name
                .clone()
                .map(|name| name.map_or(Json::Null, Json::String)),
        ),
        ("quantity", draft.quantity.clone()),
        (
            "unit_price",
            draft.unit_price.clone().map(Option::unwrap_or_default),
        ),
        (
            "discount",
            draft.discount.clone().map(Option::unwrap_or_default),
        ),
    ];
    Ok(fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect())
}

/// Errors of the record's properties, at the fields of this body.
fn in_body(error: ServiceError) -> ServiceError {
    match error {
        ServiceError::Invalid(mut errors) => {
            for error in &mut errors {
                error.pointer = error
                    .pointer
                    .replace("/properties/unit_price", "/unitPrice")
                    .replace("/properties/", "/");
            }
            ServiceError::Invalid(errors)
        }
        other => other,
    }
}

fn view(record: &RecordView) -> LineItem {
    let property = |name: &str| record.properties.get(name).cloned().unwrap_or_default();
    let total = total(
        &property("quantity"),
        &property("unit_price"),
        &property("discount"),
    );
    LineItem {
        id: record.id,
        version: record.version,
        product: property("product").as_str().and_then(|id| id.parse().ok()),
        name: property("name").as_str().map(str::to_owned),
        quantity: property("quantity"),
        unit_price: property("unit_price"),
        discount: property("discount"),
        total: total.map_or(Json::Null, |total| money_json(&total)),
    }
}

fn total(quantity: &Json, unit_price: &Json, discount: &Json) -> Option<Money> {
    let price = money(unit_price)?;
    let quantity = decimal(quantity).unwrap_or(Decimal::ONE);
    let rest = Decimal::ONE_HUNDRED - decimal(discount).unwrap_or(Decimal::ZERO);
    let amount = price
        .amount
        .checked_mul(quantity)?
        .checked_mul(rest)?
        .checked_div(Decimal::ONE_HUNDRED)?;
    let amount = amount.round_dp_with_strategy(
        price.currency.minor_digits(),
        RoundingStrategy::MidpointAwayFromZero,
    );
    Some(Money {
        amount: amount.normalize(),
        currency: price.currency,
    })
}

fn totals(items: &[LineItem]) -> Vec<Json> {
    let mut sums: Vec<Money> = Vec::new();
    for total in items.iter().filter_map(|item| money(&item.total)) {
        match sums.iter_mut().find(|sum| sum.currency == total.currency) {
            Some(sum) => sum.amount = sum.amount.saturating_add(total.amount),
            None => sums.push(total),
        }
    }
    sums.iter().map(money_json).collect()
}

fn money(json: &Json) -> Option<Money> {
    let amount = json
        .get("amount")
        .and_then(Json::as_str)
        .and_then(parse_decimal)?;
    let currency = json
        .get("currency")
        .and_then(Json::as_str)
        .and_then(Currency::parse)?;
    Some(Money { amount, currency })
}

fn money_json(money: &Money) -> Json {
    json!({"amount": money.amount_text(), "currency": money.currency.as_str()})
}

fn decimal(json: &Json) -> Option<Decimal> {
    match json {
        Json::Number(number) => parse_decimal(number.as_str()),
        Json::String(text) => parse_decimal(text),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_is_exact_and_rounded_once() {
        let price = json!({"amount": "19.99", "currency": "EUR"});
        let total = |quantity: Json, discount: Json| {
            total(&quantity, &price, &discount).unwrap().amount_text()
        };
        assert_eq!(total(json!(3), json!(null)), "59.97");
        assert_eq!(total(json!(3), json!(12.5)), "52.47");
        assert_eq!(total(json!(1), json!(100)), "0.00");
    }
}
