//! Notes: what people want to remember about records.
//!
//! A note is text with a few marks of Markdown. It is stored as it was typed, never read as HTML by anyone, and whoever shows it makes
//! elements of the marks that it knows.

use leadline_engine::{ids::RecordId, time::Timestamp};
use leadline_timeline::Cursor;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    attached::{self, Attached, Draft, Kind, Listing, RecordRef},
    ctx::Ctx,
    error::ServiceError,
    records::{ActorView, Moment},
};
use crate::app::App;

/// A note.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Note)]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z", "archived": false, "body": "Decides in **April**, together with their accountant.", "records": [{"object": "leads", "id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327"}], "createdBy": {"type": "user", "id": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44"}}))]
pub struct NoteView {
    /// Its id: it is a record of the object `notes`.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When Leadline learned of `version`.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Whether it is archived.
    pub archived: bool,
    /// Text with the marks `**bold**`, `*italic*`, `- ` before the items of a list, and `[text](https://…)` for a link. It is not HTML.
    #[schema(example = "Decides in **April**, together with their accountant.")]
    pub body: Option<String>,
    /// What it is about.
    pub records: Vec<RecordRef>,
    /// Who wrote it.
    pub created_by: ActorView,
}

/// A note, and its present version.
///
/// # Errors
/// As [`attached::get`].
pub async fn get(
    app: &App,
    ctx: &Ctx,
    id: RecordId,
    moment: Moment,
) -> Result<(NoteView, i64), ServiceError> {
    let (one, version) = attached::get(app, ctx, Kind::Note, id, moment).await?;
    Ok((one.into(), version))
}

/// A page of notes, the newest first.
///
/// # Errors
/// As [`attached::list`].
pub async fn list(
    app: &App,
    ctx: &Ctx,
    listing: Listing,
) -> Result<(Vec<NoteView>, Option<Cursor>), ServiceError> {
    let listing = Listing {
        sorts: json!([{"property": Kind::Note.time(), "direction": "descending"}]),
        ..listing
    };
    let (found, next) = attached::list(app, ctx, Kind::Note, listing).await?;
    Ok((found.into_iter().map(NoteView::from).collect(), next))
}

/// Writes a note.
///
/// # Errors
/// As [`attached::create`].
pub async fn create(app: &App, ctx: &Ctx, draft: Draft) -> Result<NoteView, ServiceError> {
    let made = attached::create(app, ctx, Kind::Note, draft.with_text("body")).await?;
    Ok(made.into())
}

/// Changes a note.
///
/// # Errors
/// As [`attached::update`].
pub async fn update(
    app: &App,
    ctx: &Ctx,
    id: RecordId,
    draft: Draft,
) -> Result<NoteView, ServiceError> {
    let changed = attached::update(app, ctx, Kind::Note, id, draft.with_text("body")).await?;
    Ok(changed.into())
}

impl From<Attached> for NoteView {
    fn from(one: Attached) -> Self {
        Self {
            body: one.text("body"),
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
