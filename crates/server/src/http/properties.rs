//! Properties of objects: what records hold.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use leadline_engine::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    IntoParams, ToSchema,
    openapi::schema::{ObjectBuilder, Schema, Type},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Json, Path, Query},
    json::present,
    objects::{AsOfQuery, listing},
    paging::{Cursor, Paging},
    problem::ProblemBody,
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        objects::Page,
        properties::{
            self, OptionDraft, PropertyDraft, PropertyView, any_schema, transitions_schema,
            type_schema,
        },
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_properties, create_property))
        .routes(routes!(get_property, update_property, archive_property))
}

/// A property to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "tier", "label": "Tier", "type": "select", "options": [{"value": "gold", "label": "Gold", "color": "yellow"}, {"value": "silver", "label": "Silver"}]}))]
struct PropertyBody {
    /// Stable name: a letter a to z, then a to z, 0 to 9 and `_`, at most 63. It can never be changed or used again.
    #[schema(required, example = "tier")]
    name: Option<String>,
    /// For people.
    #[schema(required, example = "Tier")]
    label: Option<String>,
    /// What it holds; it can never be changed. `formula` is not available yet.
    #[serde(rename = "type")]
    #[schema(required, schema_with = type_schema)]
    kind: Option<String>,
    /// Heading under which it is shown.
    #[schema(example = "About")]
    group: Option<String>,
    /// Help text.
    description: Option<String>,
    /// Whether a record cannot be created without it, nor can it be cleared.
    required: Option<bool>,
    /// Whether no two records may hold the same value; for `text`, `number`, `date`, `datetime`, `email`, `phone`, `url`.
    unique: Option<bool>,
    /// What a new record gets.
    #[schema(schema_with = any_schema)]
    default: Option<Value>,
    /// Of `select`, `multi_select` and `stage`: the options in order.
    options: Option<Vec<OptionBody>>,
    /// Of `money`: ISO 4217, for amounts given without a currency. The workspace's if left out.
    #[schema(example = "EUR")]
    currency: Option<String>,
    /// Of `record`, and required there: the name of the object that it links to.
    #[schema(example = "accounts")]
    target_object: Option<String>,
    /// Of `stage`: allowed moves; any if left out. A list that names no entry (`from: null`) can be entered anywhere.
    #[schema(schema_with = transitions_schema)]
    transitions: Option<Value>,
    /// Not available yet.
    #[schema(schema_with = formula_schema)]
    formula: Option<Value>,
}

/// What to change of a property. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"label": "Level", "options": [{"value": "gold", "label": "Golden"}]}))]
struct PropertyPatchBody {
    /// Cannot be changed: only the name that it has is accepted.
    name: Option<String>,
    /// For people.
    #[schema(example = "Level")]
    label: Option<String>,
    /// Cannot be changed: only the type that it has is accepted.
    #[serde(rename = "type")]
    #[schema(schema_with = type_schema)]
    kind: Option<String>,
    /// Heading under which it is shown; null clears.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    group: Option<Option<String>>,
    /// Help text; null clears.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    description: Option<Option<String>>,
    /// Whether a record cannot be created without it, nor can it be cleared.
    required: Option<bool>,
    /// Whether no two records may hold the same value.
    unique: Option<bool>,
    /// What a new record gets; null clears.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = any_schema)]
    default: Option<Option<Value>>,
    /// All options in order. One that is left out is archived and stays at the end; one that comes back can be chosen again.
    options: Option<Vec<OptionBody>>,
    /// Of `money`: ISO 4217.
    currency: Option<String>,
    /// Cannot be changed: only the object that it links to is accepted.
    target_object: Option<String>,
    /// Of `stage`: allowed moves, in force at once.
    #[schema(schema_with = transitions_schema)]
    transitions: Option<Value>,
    /// Not available yet.
    #[schema(schema_with = formula_schema)]
    formula: Option<Value>,
    /// Order among the object's properties.
    position: Option<i64>,
    /// `false` brings an archived property back.
    archived: Option<bool>,
}

/// An option. Of one that exists, what is left out stays as it is, and null clears.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OptionBody {
    /// The stable name in records, 1 to 100 characters.
    #[schema(required, example = "mql")]
    value: Option<String>,
    /// For people; the value if left out.
    #[schema(example = "MQL")]
    label: Option<String>,
    /// `slate`, `gray`, `blue`, `indigo`, `violet`, `pink`, `red`, `orange`, `yellow`, `green`, `teal`, `cyan`, `brown`, or `#rrggbb`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, example = "blue")]
    color: Option<Option<String>>,
    /// Whether it can no longer be chosen.
    archived: Option<bool>,
    /// Of a stage: `open`, `won` or `lost`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, example = "open")]
    category: Option<Option<String>>,
    /// Of a stage: the chance to be won, 0 to 100 percent.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u8>, example = 25)]
    probability: Option<Option<Value>>,
    /// Of a stage: the time after which a visit is late, ISO 8601.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, example = "P14D")]
    max_duration: Option<Option<String>>,
    /// Of a stage: names of properties that must not be empty on entry.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Vec<String>>, example = json!(["email"]))]
    required_properties: Option<Option<Vec<String>>>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PropertiesQuery {
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// `true` for archived ones only; they are left out otherwise.
    archived: Option<bool>,
    /// The moment to show: definitions as they were then.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
}

/// A page of properties, in order of position.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"results": [{"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "name": "budget", "label": "Budget", "type": "money", "group": "Work", "description": null, "required": false, "unique": false, "default": null, "options": [], "currency": "EUR", "targetObject": null, "transitions": null, "builtin": false, "system": false, "archived": false, "position": 10, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}], "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Properties {
    results: Vec<PropertyView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
    /// The moment asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
}

/// An object's properties, in order of position. What Leadline itself keeps of a record is not among them.
///
/// Shows the properties of the object that people can use, in pages, with options, lifecycle and limits; archived ones on request, and as
/// they were defined at any moment.
#[utoipa::path(get, path = "/objects/{object}/properties", tag = "schema",
    params(("object" = String, Path, example = "leads"), PropertiesQuery),
    responses(
        (status = 200, description = "A page of properties", body = Properties),
        (status = 404, body = ProblemBody, description = "The object does not exist, or did not at that moment"),
        (status = 422, body = ProblemBody, description = "A moment to come, or parameters that do not fit")))]
async fn list_properties(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    Query(query): Query<PropertiesQuery>,
) -> Result<axum::Json<Properties>, ServiceError> {
    let listing = listing(query.limit, query.after, query.archived, query.as_of)?;
    let Page { results, next } = properties::list(&app, &ctx, &object, listing).await?;
    Ok(axum::Json(Properties {
        results,
        paging: next.map(|place| Paging::after(Cursor::write(&place))),
        as_of: query.as_of,
    }))
}

/// Make a property.
///
/// Adds a property of one of the types to the object; its name and type can never be changed. Everything that is wrong with the
/// definition is told at once with 422, and a name that is taken, also by an archived property, is refused with 409.
#[utoipa::path(post, path = "/objects/{object}/properties", tag = "schema", request_body = PropertyBody,
    params(("object" = String, Path, example = "leads")),
    responses(
        (status = 201, description = "The property", body = PropertyView),
        (status = 404, body = ProblemBody, description = "The object does not exist"),
        (status = 409, body = ProblemBody, description = "The name is taken, perhaps by an archived property"),
        (status = 422, body = ProblemBody, description = "The input breaks rules")))]
async fn create_property(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    Json(body): Json<PropertyBody>,
) -> Result<Response, ServiceError> {
    let property = properties::create(&app, &ctx, &object, body.into()).await?;
    let location = format!("/api/v1/objects/{object}/properties/{}", property.name);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        axum::Json(property),
    )
        .into_response())
}

/// A property, now or as of a moment; archived ones too.
///
/// Shows one property with its options and lifecycle, now or as it was defined at a moment.
#[utoipa::path(get, path = "/objects/{object}/properties/{property}", tag = "schema",
    params(("object" = String, Path, example = "leads"), ("property" = String, Path, example = "stage"), AsOfQuery),
    responses(
        (status = 200, description = "The property", body = PropertyView),
        (status = 404, body = ProblemBody, description = "It does not exist, or did not at that moment"),
        (status = 422, body = ProblemBody, description = "A moment to come")))]
async fn get_property(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, property)): Path<(String, String)>,
    Query(query): Query<AsOfQuery>,
) -> Result<axum::Json<PropertyView>, ServiceError> {
    properties::get(&app, &ctx, &object, &property, query.as_of)
        .await
        .map(axum::Json)
}

/// Change a property's definition.
///
/// Options are never removed: one that is left out of `options` is archived. How the property was before stays readable with `asOf`. Its
/// name, type and target cannot be changed and are refused with `IMMUTABLE`; values that are not unique are refused with 409 when the
/// property shall become so.
#[utoipa::path(patch, path = "/objects/{object}/properties/{property}", tag = "schema", request_body = PropertyPatchBody,
    params(("object" = String, Path, example = "leads"), ("property" = String, Path, example = "tier")),
    responses(
        (status = 200, description = "The property afterwards", body = PropertyView),
        (status = 404, body = ProblemBody, description = "It does not exist"),
        (status = 409, body = ProblemBody, description = "Records hold equal values of a property that shall be unique, or the property is in use"),
        (status = 422, body = ProblemBody, description = "The input breaks rules; `IMMUTABLE` for name, type and target, `READ_ONLY` for system properties")))]
async fn update_property(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, property)): Path<(String, String)>,
    Json(body): Json<PropertyPatchBody>,
) -> Result<axum::Json<PropertyView>, ServiceError> {
    properties::update(&app, &ctx, &object, &property, body.into())
        .await
        .map(axum::Json)
}

/// Archive a property. Its values and their history stay.
///
/// Takes the property out of forms and lists and refuses new values for it; its values and their history can still be read, and
/// `archived: false` brings it back. One that titles the records or that a stage requires is refused with 409.
#[utoipa::path(delete, path = "/objects/{object}/properties/{property}", tag = "schema",
    params(("object" = String, Path, example = "leads"), ("property" = String, Path, example = "tier")),
    responses(
        (status = 204, description = "It is archived"),
        (status = 404, body = ProblemBody, description = "It does not exist"),
        (status = 409, body = ProblemBody, description = "It titles the object's records, or a stage requires it"),
        (status = 422, body = ProblemBody, description = "It is a system property")))]
async fn archive_property(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, property)): Path<(String, String)>,
) -> Result<StatusCode, ServiceError> {
    properties::archive(&app, &ctx, &object, &property).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<PropertyBody> for PropertyDraft {
    fn from(body: PropertyBody) -> Self {
        Self {
            name: body.name,
            kind: body.kind,
            target_object: body.target_object,
            has_formula: body.formula.is_some(),
            label: body.label,
            group: Some(body.group),
            description: Some(body.description),
            required: body.required,
            unique: body.unique,
            default: Some(body.default),
            options: body.options.map(drafts),
            currency: Some(body.currency),
            transitions: body.transitions,
            position: None,
            archived: None,
        }
    }
}

impl From<PropertyPatchBody> for PropertyDraft {
    fn from(body: PropertyPatchBody) -> Self {
        Self {
            name: body.name,
            kind: body.kind,
            target_object: body.target_object,
            has_formula: body.formula.is_some(),
            label: body.label,
            group: body.group,
            description: body.description,
            required: body.required,
            unique: body.unique,
            default: body.default,
            options: body.options.map(drafts),
            currency: Some(body.currency),
            transitions: body.transitions,
            position: body.position,
            archived: body.archived,
        }
    }
}

fn drafts(bodies: Vec<OptionBody>) -> Vec<OptionDraft> {
    let draft = |body: OptionBody| OptionDraft {
        value: body.value,
        label: body.label,
        color: body.color,
        archived: body.archived,
        category: body.category,
        probability: body.probability,
        max_duration: body.max_duration,
        required_properties: body.required_properties,
    };
    bodies.into_iter().map(draft).collect()
}

fn formula_schema() -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::Null)
        .description(Some("Formula properties are not available yet."))
        .into()
}
