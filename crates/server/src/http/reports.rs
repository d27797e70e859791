//! Reports over the history of a property.

use axum::extract::State;
use serde_json::value::RawValue;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Judged, Query},
    moment::MomentQuery,
    problem::ProblemBody,
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        reports::{self, ReportBody, ReportKind},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(report_time_in_value))
        .routes(routes!(report_funnel))
        .routes(routes!(report_flow))
        .routes(routes!(report_cohort))
        .routes(routes!(report_trend))
        .routes(routes!(report_snapshot))
        .routes(routes!(report_diff))
}

type Answer = Result<axum::Json<Box<RawValue>>, ServiceError>;

/// How long each value is held: visits, records, open visits, and mean, median and quantiles of the visits' durations.
///
/// Measures how long the property kept each value: visits that ended in the range, or with `basis` `all` those that overlap it, on the
/// calendar or in working hours. Quantiles interpolate linearly. Every figure carries the filter that finds exactly its records.
#[utoipa::path(post, path = "/reports/time-in-value", tag = "reports", request_body = ReportBody, params(MomentQuery), responses(
    (status = 200, description = "A line for each value", body = Object, example = json!({"values": [{"value": "new", "visits": 12, "records": 11, "openVisits": 3, "meanSeconds": 86400.0, "medianSeconds": 43200.0, "p75Seconds": 90000.0, "p90Seconds": 172800.0, "filterGroups": []}]})),
    (status = 422, description = "The request breaks rules", body = ProblemBody)))]
async fn report_time_in_value(
    State(app): State<App>,
    ctx: Ctx,
    Query(moment): Query<MomentQuery>,
    body: Judged<ReportBody>,
) -> Answer {
    answer(&app, &ctx, ReportKind::TimeInValue, moment, body).await
}

/// How far records get: for each step how many reached it and the next one, and the median time between.
///
/// Tells of the records that first entered the first of `stages` in the range how many reached each step, what share went on, and how
/// long it took; with `basis` `period` whoever entered a step in the range counts, and with `interval` each interval is told too. Every
/// figure carries the filter that finds exactly its records.
#[utoipa::path(post, path = "/reports/funnel", tag = "reports", request_body = ReportBody, params(MomentQuery), responses(
    (status = 200, description = "A line for each step, and for each interval if one is given", body = Object, example = json!({"steps": [{"value": "new", "reached": 100, "converted": 60, "rate": 0.6, "medianSeconds": 86400.0}]})),
    (status = 422, description = "The request breaks rules", body = ProblemBody)))]
async fn report_funnel(
    State(app): State<App>,
    ctx: Ctx,
    Query(moment): Query<MomentQuery>,
    body: Judged<ReportBody>,
) -> Answer {
    answer(&app, &ctx, ReportKind::Funnel, moment, body).await
}

/// How records move: each pair of values with the number of moves and of records, and the median time before the move.
///
/// Counts the moves between values at a time in the range, with the records that made them and the median time spent before the move;
/// entries have `from: null`. Every figure carries the filter that finds exactly its records.
#[utoipa::path(post, path = "/reports/flow", tag = "reports", request_body = ReportBody, params(MomentQuery), responses(
    (status = 200, description = "A line for each pair, the most frequent first", body = Object, example = json!({"flows": [{"from": "new", "to": "contacted", "count": 7367, "records": 7301, "medianSeconds": 3600.0, "filterGroups": []}]})),
    (status = 422, description = "The request breaks rules", body = ProblemBody)))]
async fn report_flow(
    State(app): State<App>,
    ctx: Ctx,
    Query(moment): Query<MomentQuery>,
    body: Judged<ReportBody>,
) -> Answer {
    answer(&app, &ctx, ReportKind::Flow, moment, body).await
}

/// What became of the records that first entered the first step in each interval.
///
/// Groups the records that first entered the first of `stages` by the interval in which they did, and tells of each group how many
/// reached each later step, at what rate and after what median time. Every figure carries the filter that finds exactly its records.
#[utoipa::path(post, path = "/reports/cohort", tag = "reports", request_body = ReportBody, params(MomentQuery), responses(
    (status = 200, description = "A row for each interval", body = Object, example = json!({"cohorts": [{"start": "2026-01-01T00:00:00Z", "size": 40, "values": [{"value": "converted", "reached": 8, "rate": 0.2, "medianSeconds": 1209600.0}]}]})),
    (status = 422, description = "The request breaks rules", body = ProblemBody)))]
async fn report_cohort(
    State(app): State<App>,
    ctx: Ctx,
    Query(moment): Query<MomentQuery>,
    body: Judged<ReportBody>,
) -> Answer {
    answer(&app, &ctx, ReportKind::Cohort, moment, body).await
}

/// How many records hold each value at the end of each interval.
///
/// Counts the records that hold each value at the end of each interval of the range; archived records leave when they were archived. Of a
/// range that ends in the future, the last interval ends now. Every figure carries the filter that finds exactly its records.
#[utoipa::path(post, path = "/reports/trend", tag = "reports", request_body = ReportBody, params(MomentQuery), responses(
    (status = 200, description = "A line for each interval", body = Object, example = json!({"intervals": [{"end": "2026-02-01T00:00:00Z", "counts": {"new": 12, "contacted": 7}}]})),
    (status = 422, description = "The request breaks rules", body = ProblemBody)))]
async fn report_trend(
    State(app): State<App>,
    ctx: Ctx,
    Query(moment): Query<MomentQuery>,
    body: Judged<ReportBody>,
) -> Answer {
    answer(&app, &ctx, ReportKind::Trend, moment, body).await
}

/// How many records hold each value, and what their amounts add up to, now or as of a moment.
///
/// Counts the records that hold each value and adds up their amounts by currency, now or as of a moment. Every figure carries the filter
/// that finds exactly its records.
#[utoipa::path(post, path = "/reports/snapshot", tag = "reports", request_body = ReportBody, params(MomentQuery), responses(
    (status = 200, description = "A line for each value", body = Object, example = json!({"values": [{"value": "new", "count": 12, "sums": {"amount": [{"amount": "15000.00", "currency": "EUR"}]}, "filterGroups": []}]})),
    (status = 422, description = "The request breaks rules", body = ProblemBody)))]
async fn report_snapshot(
    State(app): State<App>,
    ctx: Ctx,
    Query(moment): Query<MomentQuery>,
    body: Judged<ReportBody>,
) -> Answer {
    answer(&app, &ctx, ReportKind::Snapshot, moment, body).await
}

/// Which records came in, went out and moved between two moments.
///
/// Counts the records that came in, went out, and moved from one value to another between two moments. Every figure carries the filter
/// that finds exactly its records.
#[utoipa::path(post, path = "/reports/diff", tag = "reports", request_body = ReportBody, params(MomentQuery), responses(
    (status = 200, description = "What changed", body = Object, example = json!({"entered": 12, "left": 3, "moved": 40})),
    (status = 422, description = "The request breaks rules", body = ProblemBody)))]
async fn report_diff(
    State(app): State<App>,
    ctx: Ctx,
    Query(moment): Query<MomentQuery>,
    body: Judged<ReportBody>,
) -> Answer {
    answer(&app, &ctx, ReportKind::Diff, moment, body).await
}

async fn answer(
    app: &App,
    ctx: &Ctx,
    kind: ReportKind,
    query: MomentQuery,
    body: Judged<ReportBody>,
) -> Answer {
    let mut body = body
        .whole(async |body| reports::report(app, ctx, kind, body).await.map(drop))
        .await?;
    let moment = query.or(body.as_of, body.recorded_as_of)?;
    (body.as_of, body.recorded_as_of) = (moment.as_of, moment.recorded_as_of);
    Ok(axum::Json(reports::report(app, ctx, kind, body).await?))
}
