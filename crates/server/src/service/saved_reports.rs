//! Saved reports: what a report asks and how it is shown, under a name.

use leadline_engine::{
    error::FieldError,
    ids::{ObjectId, kind},
    schema::Schema,
    time::Timestamp,
};
use leadline_store::saved::Saved;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    error::ServiceError,
    reports::{LastingReport, ReportKind, ReportShows},
    saved::{Surroundings, Thing, read, written},
    sharing::Visibility,
};

/// A saved report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "name": "Leads by quarter", "kind": "funnel", "shows": "chart", "report": {"object": "leads", "property": "stage", "filterGroups": [], "period": "quarter", "basis": "cohort"}, "visibility": "private", "owner": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "position": 0, "archived": false, "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}))]
pub struct SavedReport {
    /// Its id.
    pub id: Uuid,
    /// For people.
    #[schema(example = "Leads by quarter")]
    pub name: String,
    /// Which report it is.
    pub kind: ReportKind,
    /// How it is shown.
    pub shows: ReportShows,
    /// What it asks.
    pub report: LastingReport,
    /// Who sees it.
    pub visibility: Visibility,
    /// The member whose it is.
    pub owner: Uuid,
    /// Order among the saved reports.
    #[schema(example = 0)]
    pub position: i32,
    /// Whether it is out of lists.
    pub archived: bool,
    /// Counts its changes, from 1; the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// What a saved report asks and how it is shown, or what to change of that.
#[derive(Debug, Clone, Default)]
pub struct SavedReportDraft {
    /// Which report it is.
    pub kind: Option<ReportKind>,
    /// How it is shown; as a chart if that was never said.
    pub shows: Option<ReportShows>,
    /// What it asks.
    pub report: Option<LastingReport>,
}

/// What a saved report asks and how it is shown, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Definition {
    kind: ReportKind,
    shows: ReportShows,
    report: LastingReport,
}

impl Thing for SavedReport {
    type Kind = kind::Report;
    type Own = SavedReportDraft;

    fn define(
        around: &Surroundings,
        draft: SavedReportDraft,
        errors: &mut Vec<FieldError>,
    ) -> Result<(Option<ObjectId>, Json), ServiceError> {
        let required = |pointer| FieldError::new(pointer, "REQUIRED", "is required");
        let (Some(kind), Some(report)) = (draft.kind, draft.report) else {
            errors.extend([required("/kind"), required("/report")]);
            return Ok((None, Json::Null));
        };
        let definition = Definition {
            kind,
            shows: draft.shows.unwrap_or(ReportShows::Chart),
            report: with_filters(report),
        };
        errors.extend(definition.judge(around));
        Ok((None, written(&definition)?))
    }

    fn redefine(
        around: &Surroundings,
        before: &Saved<kind::Report>,
        draft: SavedReportDraft,
        errors: &mut Vec<FieldError>,
    ) -> Result<Json, ServiceError> {
        let before: Definition = read(&before.definition)?;
        let after = Definition {
            kind: draft.kind.unwrap_or(before.kind),
            shows: draft.shows.unwrap_or(before.shows),
            report: draft
                .report
                .map_or_else(|| before.report.clone(), with_filters),
        };
        if (after.kind, &after.report) != (before.kind, &before.report) {
            errors.extend(after.judge(around));
        }
        written(&after)
    }

    fn shown(_: &Schema, saved: Saved<kind::Report>) -> Result<Self, ServiceError> {
        let Definition {
            kind,
            shows,
            report,
        } = read(&saved.definition)?;
        Ok(Self {
            id: saved.id.uuid(),
            name: saved.name,
            kind,
            shows,
            report,
            visibility: Visibility::of(saved.is_shared),
            owner: saved.owner_id.uuid(),
            position: saved.position,
            archived: saved.archived,
            version: saved.version,
            created_at: saved.created_at,
            updated_at: saved.updated_at,
        })
    }
}

impl Definition {
    /// What is wrong with what it asks, as in the report's own call.
    fn judge(&self, around: &Surroundings) -> Vec<FieldError> {
        let wrong = self.report.judge(self.kind, &around.schema, &around.usual);
        let wrong = wrong.into_iter().map(|error| error.under("/report"));
        wrong.collect()
    }
}

/// `null` is an empty list.
fn with_filters(mut report: LastingReport) -> LastingReport {
    if report.filter_groups.is_null() {
        report.filter_groups = Json::Array(Vec::new());
    }
    report
}
