//! Boards: records by the value that they hold.

use axum::extract::State;
use leadline_engine::time::Timestamp;
use leadline_timeline::reports::{Sum, sums_by_property};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Judged, Path, Query},
    moment::MomentQuery,
    paging::{Cursor, Paging},
    problem::ProblemBody,
};
use crate::{
    app::App,
    service::{
        boards::{self, Board},
        ctx::Ctx,
        error::ServiceError,
        records::{Moment, RecordView, Selection},
        search::Search,
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read_board))
}

/// What a board is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BoardBody {
    /// The property whose values are the columns: a stage, a select, a boolean or a user.
    #[schema(example = "stage")]
    property: String,
    /// Which records, as in a search.
    #[serde(default)]
    #[schema(value_type = Vec<serde_json::Value>, example = json!([{"filters": [{"property": "amount", "operator": "GTE", "value": {"amount": "1000", "currency": "EUR"}}]}]))]
    filter_groups: Value,
    /// Words that must all occur in the record's texts, as in a search.
    #[schema(example = "ada", max_length = 500)]
    query: Option<String>,
    /// The order in each column; the newest first if left out.
    #[serde(default)]
    #[schema(value_type = Vec<serde_json::Value>, example = json!([{"property": "amount", "direction": "descending"}]))]
    sorts: Value,
    /// The first so many records of each column, 0 to 100; 20 if left out.
    limit: Option<usize>,
    /// The numbers and amounts to add up; all amounts if left out.
    #[schema(example = json!(["amount"]))]
    sums: Option<Vec<String>>,
    /// Names of the properties to show; all in use if left out.
    properties: Option<Vec<String>>,
    /// Names of the properties whose spans to show.
    #[serde(default)]
    properties_with_history: Vec<String>,
    /// The moment to show, in valid time.
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge to show.
    #[schema(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// The columns that have records.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Board, example = json!({"columns": [{"value": "new", "count": 12, "sums": {"amount": [{"amount": "15000.00", "currency": "EUR"}]}, "medianAgeSeconds": 86400.0, "filterGroups": [{"filters": [{"property": "stage", "operator": "EQ", "value": "new"}]}], "records": []}]}))]
struct Columns {
    /// In the order of the property's options, the empty value first.
    columns: Vec<Column>,
    /// The moment asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The knowledge asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// The records that hold a value.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BoardColumn)]
struct Column {
    /// The value; `null` is empty.
    #[schema(value_type = Value, example = "new")]
    value: Value,
    /// How many records.
    count: u64,
    /// What they add up to, by property: of amounts a list with one amount a currency, of numbers the number.
    #[serde(serialize_with = "sums_by_property")]
    #[schema(value_type = Object)]
    sums: Vec<Sum>,
    /// The median time since they came to hold the value, in seconds.
    median_age_seconds: Option<f64>,
    /// The filter that selects them: with the same words and sorts, a search goes on at `paging.next.after`.
    #[schema(value_type = Vec<serde_json::Value>)]
    filter_groups: Value,
    /// The first of them.
    records: Vec<RecordView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

/// The records that match by the value that they hold: how many, what they add up to, how long they have been there, and the first of each.
///
/// Answers in one request what a board shows, now or as of a moment. Options that no record holds are left out; each column carries
/// the filter and the cursor with which a search goes on after its first records. Everything that is wrong is told at once with 422.
#[utoipa::path(post, path = "/objects/{object}/board", tag = "records", request_body = BoardBody,
    params(("object" = String, Path, example = "leads"), MomentQuery),
    responses((status = 200, description = "The columns", body = Columns), (status = 422, body = ProblemBody, description = "Filters, sorts or names that do not fit")))]
async fn read_board(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    Query(query): Query<MomentQuery>,
    body: Judged<BoardBody>,
) -> Result<axum::Json<Columns>, ServiceError> {
    let look = async |body: BoardBody| {
        let looked = boards::board(&app, &ctx, &object, body.into()).await;
        looked.map(drop)
    };
    let mut body = body.whole(look).await?;
    let moment = query.or(body.as_of, body.recorded_as_of)?;
    (body.as_of, body.recorded_as_of) = (moment.as_of, moment.recorded_as_of);
    let columns = boards::board(&app, &ctx, &object, body.into()).await?;
    Ok(axum::Json(Columns {
        columns: columns.into_iter().map(Column::from).collect(),
        as_of: moment.as_of,
        recorded_as_of: moment.recorded_as_of,
    }))
}

impl From<boards::Column> for Column {
    fn from(column: boards::Column) -> Self {
        Self {
            value: column.value,
            count: column.count,
            sums: column.sums,
            median_age_seconds: column.median_age_seconds,
            filter_groups: column.filter.to_json(),
            records: column.records,
            paging: column
                .next
                .map(|place| Paging::after(Cursor::write(&place))),
        }
    }
}

impl From<BoardBody> for Board {
    fn from(body: BoardBody) -> Self {
        Self {
            property: body.property,
            sums: body.sums,
            limit: body.limit,
            search: Search {
                filter_groups: body.filter_groups,
                query: body.query,
                sorts: body.sorts,
                selection: Selection {
                    properties: body.properties,
                    with_history: body.properties_with_history,
                    moment: Moment {
                        as_of: body.as_of,
                        recorded_as_of: body.recorded_as_of,
                    },
                },
                ..Search::default()
            },
        }
    }
}
