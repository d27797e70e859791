//! Lists of records: the plain list and the search.

use axum::extract::State;
use leadline_engine::{error::FieldError, time::Timestamp};
use leadline_timeline::Cursor as Place;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Judged, Path, Query},
    moment::MomentQuery,
    paging::{Cursor, Paging, limit},
    problem::ProblemBody,
    records::names,
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        records::{Moment, RecordView, Selection},
        search::{self, Found, Search},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_records))
        .routes(routes!(search_records))
        .routes(routes!(search_everywhere))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// Names of properties, separated by commas; all in use if left out.
    properties: Option<String>,
    /// Names of properties whose spans to show, separated by commas.
    properties_with_history: Option<String>,
    /// The moment to show, in valid time.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge to show.
    #[param(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
    /// `true` for archived records only; they are left out otherwise.
    archived: Option<bool>,
}

/// What is looked for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SearchBody {
    /// An OR of groups, each an AND of filters. Texts are compared without case and accents; a filter that compares whole values takes
    /// `"exact": true`, and then they matter.
    #[serde(default)]
    #[schema(value_type = Vec<serde_json::Value>, example = json!([{"filters": [{"property": "stage", "operator": "EVER", "value": "qualified"}]}]))]
    filter_groups: Value,
    /// Words that must all occur in the record's texts, anywhere, without regard to case and accents; words of five letters and more may have a typo.
    #[schema(example = "ada", max_length = 500)]
    query: Option<String>,
    /// The order; if left out, what answers `query` best first, then the newest.
    #[serde(default)]
    #[schema(value_type = Vec<serde_json::Value>, example = json!([{"property": "amount", "direction": "descending"}]))]
    sorts: Value,
    /// Names of the properties to show; all in use if left out.
    properties: Option<Vec<String>>,
    /// Names of the properties whose spans to show.
    #[serde(default)]
    properties_with_history: Vec<String>,
    /// 1 to 1,000; 100 if left out.
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// The moment to ask about, in valid time.
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge to ask about.
    #[schema(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
    /// Whether to count all that match; exactly if left out: it is known anyway.
    #[serde(default)]
    count: Count,
}

/// What is looked for in all objects.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EverywhereQuery {
    /// Words that must all occur in a record's texts, anywhere, without regard to case and accents; words of five letters and more may have a typo.
    #[param(example = "ada", min_length = 1, max_length = 500)]
    q: String,
    /// Names of the objects to look in, separated by commas; all in use if left out.
    #[param(example = "leads,contacts")]
    objects: Option<String>,
    /// Records of each object, 1 to 50; 5 if left out.
    limit: Option<usize>,
    /// The moment to show, in valid time.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge to show.
    #[param(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// What was found, by object.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"results": [{"object": "leads", "total": {"value": 1, "relation": "eq"}, "records": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "object": "leads", "version": 14, "createdAt": "2026-01-30T10:00:00Z", "updatedAt": "2026-02-12T08:01:13Z", "archived": false, "properties": {"name": "Ada Ltd", "stage": "qualified"}}]}]}))]
struct Everywhere {
    /// The objects in which something was found, the one with the best answer first.
    results: Vec<Group>,
    /// The moment asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// What was found in an object.
#[derive(Serialize, ToSchema)]
struct Group {
    /// The object's name.
    #[schema(example = "leads")]
    object: String,
    /// How many records there are in all.
    total: Total,
    /// The best answers first.
    records: Vec<RecordView>,
}

/// Whether to count.
#[derive(Deserialize, ToSchema, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Count {
    /// No.
    None,
    /// Roughly is enough; it is exact all the same.
    Estimate,
    /// Exactly.
    #[default]
    Exact,
}

/// A page of records.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"results": [{"id": "0197b3a0-7c1e-7d52-9a41-3f5c8e2b6d10", "object": "leads", "version": 14, "createdAt": "2026-01-30T10:00:00Z", "updatedAt": "2026-02-12T08:01:13Z", "archived": false, "properties": {"name": "Ada Ltd", "stage": "qualified", "amount": {"amount": "1250.00", "currency": "EUR"}}}], "total": {"value": 250, "relation": "eq"}, "paging": {"next": {"after": "WyIyMDI2LTAzLTAxIl0"}}}))]
struct Records {
    results: Vec<RecordView>,
    /// How many there are in all, unless that was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Total>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
    /// The moment asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The knowledge asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

/// How many there are.
#[derive(Serialize, ToSchema)]
struct Total {
    #[schema(example = 250)]
    value: u64,
    /// `eq`: exactly so many; `gte`: at least.
    #[schema(example = "eq")]
    relation: &'static str,
}

/// An object's records, newest first.
///
/// Shows the object's records, newest first, in pages that stay valid while records change; now, or as of a moment with the values of
/// that moment. Archived records are left out unless asked for.
#[utoipa::path(get, path = "/objects/{object}/records", tag = "records",
    params(("object" = String, Path, example = "leads"), ListQuery),
    responses((status = 200, description = "A page of records", body = Records), (status = 422, body = ProblemBody, description = "Parameters that do not fit")))]
async fn list_records(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Records>, ServiceError> {
    let selection = Selection {
        properties: query.properties.as_deref().map(names),
        with_history: query
            .properties_with_history
            .as_deref()
            .map(names)
            .unwrap_or_default(),
        moment: Moment {
            as_of: query.as_of,
            recorded_as_of: query.recorded_as_of,
        },
    };
    let moment = selection.moment;
    let search = Search::list(
        selection,
        limit(query.limit)?,
        place(query.after.as_deref())?,
        query.archived,
    );
    Ok(axum::Json(Records::new(
        search::search(&app, &ctx, &object, search).await?,
        moment,
    )))
}

/// Records that match filters and words, in any order, now or as of a moment.
///
/// Finds the records that match any of the filter groups and all of the words, in the order asked for, with cursors that work to any
/// depth. Filters can ask about the present, about any moment and about the whole history; with `asOf` the records are shown, filtered
/// and sorted as they were then. Everything that is wrong is told at once with 422.
#[utoipa::path(post, path = "/objects/{object}/search", tag = "records", request_body = SearchBody,
    params(("object" = String, Path, example = "leads"), MomentQuery),
    responses((status = 200, description = "A page of records", body = Records), (status = 422, body = ProblemBody, description = "Filters, sorts or names that do not fit")))]
async fn search_records(
    State(app): State<App>,
    ctx: Ctx,
    Path(object): Path<String>,
    Query(query): Query<MomentQuery>,
    body: Judged<SearchBody>,
) -> Result<axum::Json<Records>, ServiceError> {
    let look = async |body: SearchBody| search::look(&app, &ctx, &object, body.into()).await;
    let mut body = body.and(wrong_page).whole(look).await?;
    let moment = query.or(body.as_of, body.recorded_as_of)?;
    (body.as_of, body.recorded_as_of) = (moment.as_of, moment.recorded_as_of);
    Ok(axum::Json(Records::new(
        search::search(&app, &ctx, &object, body.into()).await?,
        moment,
    )))
}

/// Records of all objects that match words, the best answers first.
///
/// Looks for words in the texts of all records, while they are typed: each word anywhere in a text, without regard to case and accents, and
/// from five letters on with a typo. Shows the best answers of each object, now or as of a moment.
#[utoipa::path(get, path = "/search", tag = "records", params(EverywhereQuery),
    responses((status = 200, description = "What was found, by object", body = Everywhere), (status = 422, body = ProblemBody, description = "Parameters that do not fit")))]
async fn search_everywhere(
    State(app): State<App>,
    ctx: Ctx,
    Query(query): Query<EverywhereQuery>,
) -> Result<axum::Json<Everywhere>, ServiceError> {
    let everywhere = search::Everywhere {
        query: query.q,
        objects: query.objects.as_deref().map(names),
        limit: query.limit,
        moment: Moment {
            as_of: query.as_of,
            recorded_as_of: query.recorded_as_of,
        },
    };
    let found = search::search_everywhere(&app, &ctx, everywhere).await?;
    let results = found.into_iter().map(|group| Group {
        object: group.object,
        total: Total::exactly(group.total),
        records: group.records,
    });
    Ok(axum::Json(Everywhere {
        results: results.collect(),
        as_of: query.as_of,
        recorded_as_of: query.recorded_as_of,
    }))
}

fn wrong_page(body: &SearchBody) -> Vec<FieldError> {
    let checked = [
        limit(body.limit).map(drop),
        place(body.after.as_deref()).map(drop),
    ];
    let wrong = checked.into_iter().filter_map(Result::err);
    wrong.flat_map(ServiceError::into_field_errors).collect()
}

impl From<SearchBody> for Search {
    /// A limit and a cursor that are wrong were refused before.
    fn from(body: SearchBody) -> Self {
        Self {
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
            limit: limit(body.limit).unwrap_or_default(),
            after: place(body.after.as_deref()).unwrap_or_default(),
            count: body.count != Count::None,
            ..Self::default()
        }
    }
}

fn place(after: Option<&str>) -> Result<Option<Place>, ServiceError> {
    after.map(Cursor::read::<Place>).transpose()
}

impl Total {
    fn exactly(value: u64) -> Self {
        Self {
            value,
            relation: "eq",
        }
    }
}

impl Records {
    fn new(found: Found, moment: Moment) -> Self {
        Self {
            results: found.records,
            total: found.total.map(Total::exactly),
            paging: found.next.map(|place| Paging::after(Cursor::write(&place))),
            as_of: moment.as_of,
            recorded_as_of: moment.recorded_as_of,
        }
    }
}
