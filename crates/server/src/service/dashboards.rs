//! Dashboards: widgets on a grid, under a name.

mod rules;
mod widget;

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

use self::rules::judged;
pub use self::widget::{Widget, WidgetKind};
use super::{
    error::ServiceError,
    saved::{Surroundings, Thing, read, written},
    sharing::Visibility,
};

/// A dashboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Dashboard)]
#[schema(example = json!({"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "name": "Monday morning", "visibility": "private", "owner": "0197b39f-11aa-7c04-8f3e-5b1d2a907c44", "widgets": [{"id": "0197b3a1-02d7-7b6f-a5e0-6c48d1f9b327", "kind": "funnel", "report": {"object": "leads", "property": "stage", "filterGroups": [], "period": "90d"}, "x": 0, "y": 0, "w": 6, "h": 4}], "position": 0, "archived": false, "version": 1, "createdAt": "2026-03-01T09:20:00Z", "updatedAt": "2026-03-01T09:20:00Z"}))]
pub struct DashboardView {
    /// Its id.
    pub id: Uuid,
    /// For people.
    #[schema(example = "Monday morning")]
    pub name: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// The member whose it is.
    pub owner: Uuid,
    /// What stands on it and where.
    pub widgets: Vec<Widget>,
    /// Order among the dashboards.
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

/// What a dashboard is made of, or what to change of that.
#[derive(Debug, Clone, Default)]
pub struct DashboardDraft {
    /// All of its widgets.
    pub widgets: Option<Vec<Widget>>,
}

impl Thing for DashboardView {
    type Kind = kind::Dashboard;
    type Own = DashboardDraft;

    fn define(
        around: &Surroundings,
        draft: DashboardDraft,
        errors: &mut Vec<FieldError>,
    ) -> Result<(Option<ObjectId>, Json), ServiceError> {
        let widgets = judged(draft.widgets.unwrap_or_default(), &[], around, errors);
        Ok((None, written(&widgets)?))
    }

    fn redefine(
        around: &Surroundings,
        before: &Saved<kind::Dashboard>,
        draft: DashboardDraft,
        errors: &mut Vec<FieldError>,
    ) -> Result<Json, ServiceError> {
        match draft.widgets {
            Some(widgets) => {
                let known: Vec<Widget> = read(&before.definition)?;
                written(&judged(widgets, &known, around, errors))
            }
            None => Ok(before.definition.clone()),
        }
    }

    fn shown(_: &Schema, dashboard: Saved<kind::Dashboard>) -> Result<Self, ServiceError> {
        Ok(Self {
            id: dashboard.id.uuid(),
            name: dashboard.name,
            visibility: Visibility::of(dashboard.is_shared),
            owner: dashboard.owner_id.uuid(),
            widgets: read(&dashboard.definition)?,
            position: dashboard.position,
            archived: dashboard.archived,
            version: dashboard.version,
            created_at: dashboard.created_at,
            updated_at: dashboard.updated_at,
        })
    }
}
