//! Leads that become contacts, accounts and deals.

use axum::extract::State;
use leadline_engine::{error::FieldError, ids::RecordId, time::Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Judged, Path},
    json::present,
    problem::ProblemBody,
};
use crate::{
    app::App,
    service::{
        conversions::{self, Conversion, ConversionView, Wish},
        ctx::Ctx,
        error::ServiceError,
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(convert_lead))
}

/// What to make of a lead. A part that is left out follows from the lead; `null` is none of it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ConversionRequest)]
struct ConversionBody {
    /// Where they work; if left out, the one account with the domain of the lead's address or its company's name, or else a new one.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<PartBody>)]
    account: Option<Option<PartBody>>,
    /// The person; if left out, the one contact with the lead's address or number, or else a new one.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<PartBody>)]
    contact: Option<Option<PartBody>>,
    /// What they may buy; if left out, a new one.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<PartBody>)]
    deal: Option<Option<PartBody>>,
    /// Values that the lead gets with its move, as far as the stage asks for them.
    lead: Option<LeadBody>,
    /// Since when it is so; now if left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_from: Option<Timestamp>,
    /// Whether only to tell what would be done, what matches, and what is wrong.
    dry_run: Option<bool>,
}

/// A record to link, or a new one: either `id` or `properties`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConversionPartRequest)]
struct PartBody {
    /// The record to link. It stays as it is.
    id: Option<Uuid>,
    /// Values of a new record, in place of those that follow from the lead; `null` leaves one out.
    #[schema(value_type = Option<std::collections::HashMap<String, serde_json::Value>>, example = json!({"last_name": "Byron"}))]
    properties: Option<Map<String, Value>>,
}

/// What the lead itself gets.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConversionLeadRequest)]
struct LeadBody {
    /// Values by property name; `null` clears.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>, example = json!({"city": "London"}))]
    properties: Map<String, Value>,
}

/// Convert a lead into an account, a contact and a deal.
///
/// Makes or links the three, links them with each other and with the lead (labelled `converted`), and moves the lead to the stage
/// `converted`, or the first one that is won, as its lifecycle allows: all of it or nothing. What is left out follows from the lead:
/// values of the same name and type, the company, the name and the address. A lead that is in that stage is refused with 409
/// `ALREADY_CONVERTED`. With `dryRun` nothing is done, and the answer has everything that matches and all `errors`.
#[utoipa::path(post, path = "/objects/{object}/{id}/convert", tag = "records", request_body = ConversionBody,
    params(("object" = String, Path, example = "leads"), ("id" = Uuid, Path)),
    responses(
        (status = 200, description = "What was made and linked, and the lead afterwards", body = ConversionView),
        (status = 404, body = ProblemBody, description = "There is no such lead"),
        (status = 409, body = ProblemBody, description = "It is converted already, the lifecycle forbids the move, or a unique value is taken"),
        (status = 422, body = ProblemBody, description = "Values that do not fit, or a stage that asks for more")))]
async fn convert_lead(
    State(app): State<App>,
    ctx: Ctx,
    Path((object, id)): Path<(String, Uuid)>,
    body: Judged<ConversionBody>,
) -> Result<axum::Json<ConversionView>, ServiceError> {
    let lead = (object.as_str(), RecordId::from(id));
    let look = async |body: ConversionBody| {
        let seen = conversions::preview(&app, &ctx, lead, &body.into()).await?;
        ServiceError::if_any(seen.errors)
    };
    let body = body.and(wrong_choices);
    let body = body.whole(look).await?;
    let is_dry_run = body.dry_run.unwrap_or_default();
    let conversion: Conversion = body.into();
    let view = if is_dry_run {
        conversions::preview(&app, &ctx, lead, &conversion).await?
    } else {
        conversions::convert(&app, &ctx, lead, &conversion).await?
    };
    Ok(axum::Json(view))
}

/// A part is either a record that there is or a new one.
fn wrong_choices(body: &ConversionBody) -> Vec<FieldError> {
    let parts = [
        ("account", &body.account),
        ("contact", &body.contact),
        ("deal", &body.deal),
    ];
    let wrong = |(name, part): (&str, &Option<Option<PartBody>>)| {
        let part = part.as_ref()?.as_ref()?;
        let message = "must have either id or properties";
        (part.id.is_some() == part.properties.is_some())
            .then(|| FieldError::new(format!("/{name}"), "INVALID_CHOICE", message))
    };
    parts.into_iter().filter_map(wrong).collect()
}

impl From<ConversionBody> for Conversion {
    fn from(body: ConversionBody) -> Self {
        Self {
            account: wish(body.account),
            contact: wish(body.contact),
            deal: wish(body.deal),
            lead: body.lead.map(|lead| lead.properties).unwrap_or_default(),
            valid_from: body.valid_from,
        }
    }
}

fn wish(part: Option<Option<PartBody>>) -> Wish {
    match part {
        None => Wish::Derived,
        Some(None) => Wish::Nothing,
        Some(Some(PartBody { id: Some(id), .. })) => Wish::Existing(id.into()),
        Some(Some(PartBody { properties, .. })) => Wish::New(properties.unwrap_or_default()),
    }
}
