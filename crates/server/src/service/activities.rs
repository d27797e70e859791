//! Activities: the calls, e-mails and meetings that people write down about records.

use leadline_engine::{error::FieldError, ids::RecordId, time::Timestamp, value::parse_decimal};
use leadline_timeline::Cursor;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    attached::{self, Attached, Draft, Kind, Listing, RecordRef},
    ctx::Ctx,
    error::ServiceError,
    records::{ActorView, Moment},
};
use crate::app::App;

/// The longest activity: a week.
const MOST_MINUTES: i64 = 7 * 24 * 60;

/// An activity.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Activity)]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:45:00Z", "archived": false, "kind": "call", "subject": "First talk", "body": "Wants an offer for **20 vehicles**.", "occurredAt": "2026-03-01T09:20:00Z", "durationMinutes": 20, "direction": "outbound", "outcome": "connected", "owner": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "records": [{"object": "leads", "id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327"}], "createdBy": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}}))]
pub struct ActivityView {
    /// Its id: it is a record of the object `activities`.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// Since when it is there, in valid time: when it happened, if it was written down afterwards.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When Leadline learned of `version`.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Whether it is archived.
    pub archived: bool,
    /// `call`, `email` or `meeting`.
    #[schema(example = "call")]
    pub kind: Option<String>,
    /// What it was about, in a line.
    pub subject: Option<String>,
    /// What was said, with the marks of notes.
    pub body: Option<String>,
    /// When it happened, or will.
    #[schema(format = DateTime)]
    pub occurred_at: Option<String>,
    /// How long it took.
    #[schema(value_type = Option<f64>, example = 20)]
    pub duration_minutes: Json,
    /// `outbound` or `inbound`.
    #[schema(example = "outbound")]
    pub direction: Option<String>,
    /// `connected`, `left_message` or `no_answer`.
    #[schema(example = "connected")]
    pub outcome: Option<String>,
    /// Who did it.
    #[schema(value_type = Option<Uuid>)]
    pub owner: Option<String>,
    /// What it is about.
    pub records: Vec<RecordRef>,
    /// Who wrote it down.
    pub created_by: ActorView,
}

/// An activity, and its present version.
///
/// # Errors
/// As [`attached::get`].
pub async fn get(
    app: &App,
    ctx: &Ctx,
    id: RecordId,
    moment: Moment,
) -> Result<(ActivityView, i64), ServiceError> {
    let (one, version) = attached::get(app, ctx, Kind::Activity, id, moment).await?;
    Ok((one.into(), version))
}

/// A page of activities, those that happened last first.
///
/// # Errors
/// As [`attached::list`].
pub async fn list(
    app: &App,
    ctx: &Ctx,
    listing: Listing,
) -> Result<(Vec<ActivityView>, Option<Cursor>), ServiceError> {
    let listing = Listing {
        sorts: json!([{"property": Kind::Activity.time(), "direction": "descending"}]),
        ..listing
    };
    let (found, next) = attached::list(app, ctx, Kind::Activity, listing).await?;
    Ok((found.into_iter().map(ActivityView::from).collect(), next))
}

/// Writes an activity down. It happened now unless it says when, and the caller did it unless it says who.
///
/// # Errors
/// As [`attached::create`].
pub async fn create(app: &App, ctx: &Ctx, draft: Draft) -> Result<ActivityView, ServiceError> {
    let now = ctx.now();
    let mut draft = judged(draft);
    let occurred_at = draft
        .properties
        .entry(Kind::Activity.time())
        .or_insert_with(|| json!(now));
    let occurred_at = occurred_at
        .as_str()
        .and_then(|text| Timestamp::parse(text).ok());
    draft.valid_from = occurred_at.filter(|time| *time < now);
    if let Some(account) = ctx.account {
        draft.properties.entry("owner").or_insert(json!(account));
    }
    let made = attached::create(app, ctx, Kind::Activity, draft).await?;
    Ok(made.into())
}

/// Changes an activity.
///
/// # Errors
/// As [`attached::update`].
pub async fn update(
    app: &App,
    ctx: &Ctx,
    id: RecordId,
    draft: Draft,
) -> Result<ActivityView, ServiceError> {
    let changed = attached::update(app, ctx, Kind::Activity, id, judged(draft)).await?;
    Ok(changed.into())
}

fn judged(draft: Draft) -> Draft {
    let mut draft = draft.with_line("subject").with_text("body");
    // What is no number is refused as the record's.
    let minutes = match draft.properties.get("duration_minutes") {
        Some(Json::Number(number)) => parse_decimal(number.as_str()),
        _ => None,
    };
    let is_duration = |minutes: &Decimal| {
        minutes.fract().is_zero() && (Decimal::ONE..=Decimal::from(MOST_MINUTES)).contains(minutes)
    };
    if minutes.is_some_and(|minutes| !is_duration(&minutes)) {
        draft.errors.push(FieldError::new(
            "/durationMinutes",
            "INVALID_DURATION",
            format!("must be a whole number from 1 to {MOST_MINUTES}"),
        ));
    }
    draft
}

impl From<Attached> for ActivityView {
    fn from(one: Attached) -> Self {
        Self {
            kind: one.text("kind"),
            subject: one.text("subject"),
            body: one.text("body"),
            occurred_at: one.text(Kind::Activity.time()),
            duration_minutes: one.value("duration_minutes"),
            direction: one.text("direction"),
            outcome: one.text("outcome"),
            owner: one.text("owner"),
            id: one.record.id,
            version: one.record.version,
            created_at: one.record.created_at,
            updated_at: one.record.updated_at,
            archived: one.record.archived,
            records: one.records,
            created_by: one.created_by,
        }
    }
}
