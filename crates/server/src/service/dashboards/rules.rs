//! What may stand on a dashboard and where. Everything that is wrong is said at once; widgets that still ask what they asked are left alone.

use leadline_engine::error::FieldError;
use serde_json::Value as Json;
use uuid::Uuid;

use super::widget::Widget;
use crate::service::saved::Surroundings;

/// Columns of the grid.
const COLUMNS: u32 = 12;
/// Most rows of a widget.
const MAX_ROWS: u32 = 24;
/// The last row in which a widget may begin.
const LAST_ROW: u32 = 1_000;
/// Most widgets of a dashboard.
const MAX_WIDGETS: usize = 50;

/// The widgets, each with an id and with filters.
pub(super) fn judged(
    mut widgets: Vec<Widget>,
    known: &[Widget],
    around: &Surroundings,
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
            widget.judge(&around.schema, &around.usual)
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
