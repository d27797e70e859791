//! What may stand on a dashboard and where. Everything that is wrong is said at once; widgets that still ask what they asked are left alone.

use leadline_engine::{error::FieldError, schema::Schema};
use leadline_store::dashboards::Dashboard;
use serde_json::Value as Json;
use uuid::Uuid;

use super::widget::Widget;
use crate::service::{
    error::ServiceError, names, objects::judge_position, reports::Usual, sharing::Visibility,
};

/// Columns of the grid.
const COLUMNS: u32 = 12;
/// Most rows of a widget.
const MAX_ROWS: u32 = 24;
/// The last row in which a widget may begin.
const LAST_ROW: u32 = 1_000;
/// Most widgets of a dashboard.
const MAX_WIDGETS: usize = 50;

/// A dashboard to make, or what to change of one. What is left out stays as it is.
#[derive(Debug, Clone, Default)]
pub struct DashboardDraft {
    /// For people.
    pub name: Option<String>,
    /// Who sees it.
    pub visibility: Option<Visibility>,
    /// All of them.
    pub widgets: Option<Vec<Widget>>,
    /// Order among the dashboards.
    pub position: Option<i64>,
    /// Whether it is out of lists.
    pub archived: Option<bool>,
}

/// A dashboard that can be made.
pub(super) struct NewDashboard {
    pub(super) name: String,
    pub(super) visibility: Visibility,
    pub(super) widgets: Vec<Widget>,
    pub(super) position: Option<i32>,
}

/// A new dashboard.
pub(super) fn create(
    schema: &Schema,
    usual: &Usual,
    draft: DashboardDraft,
) -> Result<NewDashboard, ServiceError> {
    let mut errors = Vec::new();
    let name = draft.name.unwrap_or_default();
    errors.extend(names::judge(&name, "/name"));
    let position = draft
        .position
        .map(|position| judge_position(position, &mut errors));
    let widgets = draft.widgets.unwrap_or_default();
    let widgets = judged(widgets, &[], schema, usual, &mut errors);
    ServiceError::if_any(errors)?;
    Ok(NewDashboard {
        name: name.trim().to_owned(),
        visibility: draft.visibility.unwrap_or(Visibility::Private),
        widgets,
        position,
    })
}

/// The dashboard afterwards.
pub(super) fn update(
    schema: &Schema,
    usual: &Usual,
    before: &Dashboard,
    draft: DashboardDraft,
) -> Result<Dashboard, ServiceError> {
    let mut errors = Vec::new();
    let mut after = before.clone();
    if let Some(name) = draft.name {
        errors.extend(names::judge(&name, "/name"));
        name.trim().clone_into(&mut after.name);
    }
    if let Some(visibility) = draft.visibility {
        after.is_shared = visibility.is_shared();
    }
    if let Some(position) = draft.position {
        after.position = judge_position(position, &mut errors);
    }
    after.archived = draft.archived.unwrap_or(after.archived);
    if let Some(widgets) = draft.widgets {
        let known = super::widgets(before)?;
        let widgets = judged(widgets, &known, schema, usual, &mut errors);
        after.widgets = super::json(&widgets)?;
    }
    ServiceError::if_any(errors)?;
    Ok(after)
}

/// The widgets, each with an id and with filters.
fn judged(
    mut widgets: Vec<Widget>,
    known: &[Widget],
    schema: &Schema,
    usual: &Usual,
    errors: &mut Vec<FieldError>,
) -> Vec<Widget> {
    if widgets.len() > MAX_WIDGETS {
        let message = format!("must be at most {MAX_WIDGETS} widgets");
        errors.push(FieldError::new("/widgets", "TOO_MANY", message));
        return Vec::new();
    }
    for (index, widget) in widgets.iter().enumerate() {
        let is_known = known
            .iter()
            .any(|one| one.id == widget.id && one.asks_as(widget) && one.title == widget.title);
        let mut wrong = if is_known {
            Vec::new()
        } else {
            widget.judge(schema, usual)
        };
        wrong.extend(wrong_place(widget));
        let others = &widgets[..index];
        if widget.id.is_some() && others.iter().any(|other| other.id == widget.id) {
            wrong.push(FieldError::new("/id", "DUPLICATE", "stands there twice"));
        }
        if others.iter().any(|other| overlap(widget, other)) {
            wrong.push(FieldError::new(
                "",
                "OVERLAPPING",
                "overlaps another widget",
            ));
        }
        let pointer = format!("/widgets/{index}");
        errors.extend(wrong.into_iter().map(|error| error.under(&pointer)));
    }
    for widget in &mut widgets {
        widget.id.get_or_insert_with(Uuid::now_v7);
        if widget.report.filter_groups.is_null() {
            widget.report.filter_groups = Json::Array(Vec::new());
        }
    }
    widgets
}

fn wrong_place(widget: &Widget) -> Option<FieldError> {
    let wrong = |pointer, message: String| Some(FieldError::new(pointer, "INVALID_PLACE", message));
    if !(1..=COLUMNS).contains(&widget.w) {
        return wrong("/w", format!("must be 1 to {COLUMNS} columns"));
    }
    if !(1..=MAX_ROWS).contains(&widget.h) {
        return wrong("/h", format!("must be 1 to {MAX_ROWS} rows"));
    }
    if widget.x > COLUMNS - widget.w {
        return wrong("/x", format!("must leave it within {COLUMNS} columns"));
    }
    if widget.y > LAST_ROW {
        return wrong("/y", format!("must be at most {LAST_ROW}"));
    }
    None
}

fn overlap(left: &Widget, right: &Widget) -> bool {
    let meet = |a: u32, size: u32, b: u32, other: u32| {
        a < b.saturating_add(other) && b < a.saturating_add(size)
    };
    meet(left.x, left.w, right.x, right.w) && meet(left.y, left.h, right.y, right.h)
}
