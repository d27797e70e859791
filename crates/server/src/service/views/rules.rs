//! What may stand in a view: the same filters, words and sorts as in a search, columns, and what a board is made of. Everything that is
//! wrong is said at once; what was right once and is not touched is left alone.

use std::sync::Arc;

use leadline_engine::{
    error::FieldError,
    filter::{parse_filter_groups, parse_sorts},
    schema::{Object, SYSTEM_NAMES, Schema},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::service::{
    boards::has_columns,
    reports::{named, summed},
    search::wrong_query,
};

/// Most columns of a view.
const MAX_COLUMNS: usize = 200;
/// How narrow and how wide a column may be, in pixels.
const WIDTHS: std::ops::RangeInclusive<u32> = 40..=2_000;

/// Which way the records are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViewKind {
    /// As a table.
    List,
    /// As a board.
    Board,
}

/// What a column shows of its property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnShows {
    /// The value.
    #[default]
    Value,
    /// For how long the record has had it.
    Age,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ViewColumn {
    /// The name of a property, or `created_at`, `updated_at` or `created_by`.
    #[schema(example = "stage")]
    pub property: String,
    /// The value if left out.
    #[serde(default)]
    pub shows: ColumnShows,
    /// In pixels, 40 to 2,000; as wide as usual if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 240)]
    pub width: Option<u32>,
}

/// What a board is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ViewBoard {
    /// The property whose values are the columns: a stage, a select, a boolean or a user.
    #[schema(example = "stage")]
    pub property: String,
    /// The numbers and amounts to add up; all amounts if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["amount"]))]
    pub sums: Option<Vec<String>>,
}

/// A view to make, or what to change of one. What is left out stays as it is, or is as usual; `Some(None)` clears.
#[derive(Debug, Clone, Default)]
pub struct ViewDraft {
    /// The object's name; only at creation.
    pub object: Option<String>,
    /// As a table or as a board.
    pub kind: Option<ViewKind>,
    /// Which records.
    pub filter_groups: Option<Json>,
    /// Words that must all occur.
    pub query: Option<Option<String>>,
    /// The order.
    pub sorts: Option<Json>,
    /// The columns of the table.
    pub columns: Option<Option<Vec<ViewColumn>>>,
    /// What the board is made of.
    pub board: Option<Option<ViewBoard>>,
}

/// What a view shows and how, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Definition {
    pub(super) kind: ViewKind,
    pub(super) filter_groups: Json,
    pub(super) query: Option<String>,
    pub(super) sorts: Json,
    pub(super) columns: Option<Vec<ViewColumn>>,
    pub(super) board: Option<ViewBoard>,
}

impl Default for Definition {
    fn default() -> Self {
        Self {
            kind: ViewKind::List,
            filter_groups: Json::Array(Vec::new()),
            query: None,
            sorts: Json::Array(Vec::new()),
            columns: None,
            board: None,
        }
    }
}

impl Definition {
    /// Takes over what a draft says, and says what is wrong with it.
    pub(super) fn take(
        &mut self,
        schema: &Schema,
        object: &Arc<Object>,
        draft: ViewDraft,
        now: Timestamp,
        errors: &mut Vec<FieldError>,
    ) {
        self.kind = draft.kind.unwrap_or(self.kind);
        if let Some(groups) = draft.filter_groups {
            match parse_filter_groups(schema, object, &groups, "/filterGroups") {
                Ok(filter) => errors.extend(filter.times_after(now, "/filterGroups")),
                Err(wrong) => errors.extend(wrong),
            }
            self.filter_groups = listed(groups);
        }
        if let Some(query) = draft.query {
            errors.extend(
                query
                    .as_deref()
                    .and_then(|query| wrong_query("/query", query)),
            );
            let words = query.map(|query| query.trim().to_owned());
            self.query = words.filter(|words| !words.is_empty());
        }
        if let Some(sorts) = draft.sorts {
            if let Err(wrong) = parse_sorts(schema, object, &sorts, "/sorts") {
                errors.extend(wrong);
            }
            self.sorts = listed(sorts);
        }
        if let Some(columns) = draft.columns {
            errors.extend(wrong_columns(
                object,
                columns.as_deref().unwrap_or_default(),
            ));
            self.columns = columns.filter(|columns| !columns.is_empty());
        }
        if let Some(board) = draft.board {
            errors.extend(board.iter().flat_map(|board| wrong_board(object, board)));
            self.board = board;
        }
        if self.kind == ViewKind::Board && self.board.is_none() {
            errors.push(FieldError::new(
                "/board",
                "REQUIRED",
                "must say whose values are the columns",
            ));
        }
    }
}

/// `null` is an empty list.
fn listed(json: Json) -> Json {
    if json.is_null() {
        Json::Array(Vec::new())
    } else {
        json
    }
}

fn wrong_columns(object: &Object, columns: &[ViewColumn]) -> Vec<FieldError> {
    if columns.len() > MAX_COLUMNS {
        let message = format!("must be at most {MAX_COLUMNS} columns");
        return vec![FieldError::new("/columns", "TOO_MANY", message)];
    }
    let mut errors = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let pointer = |field: &str| format!("/columns/{index}/{field}");
        let is_system = SYSTEM_NAMES.contains(&column.property.as_str());
        if !is_system && let Err(error) = named(object, &pointer("property"), &column.property) {
            errors.push(error);
        }
        if is_system && column.shows == ColumnShows::Age {
            let message = "must be value: only properties have a history";
            errors.push(FieldError::new(pointer("shows"), "INVALID_CHOICE", message));
        }
        if column.width.is_some_and(|width| !WIDTHS.contains(&width)) {
            let message = format!("must be {} to {} pixels", WIDTHS.start(), WIDTHS.end());
            errors.push(FieldError::new(pointer("width"), "INVALID_WIDTH", message));
        }
        let is_same =
            |other: &ViewColumn| (&other.property, other.shows) == (&column.property, column.shows);
        if columns[..index].iter().any(is_same) {
            let message = "stands there twice";
            errors.push(FieldError::new(pointer("property"), "DUPLICATE", message));
        }
    }
    errors
}

fn wrong_board(object: &Object, board: &ViewBoard) -> Vec<FieldError> {
    let property = match named(object, "/board/property", &board.property) {
        Ok(property) if has_columns(property.kind) => None,
        Ok(_) => Some(FieldError::new(
            "/board/property",
            "INVALID_PROPERTY",
            "must be a stage, a select, a boolean or a user property: its values are the columns",
        )),
        Err(error) => Some(error),
    };
    let (_, wrong_sums) = summed(object, board.sums.as_deref());
    let wrong_sums = wrong_sums.into_iter().map(|error| error.under("/board"));
    property.into_iter().chain(wrong_sums).collect()
}
