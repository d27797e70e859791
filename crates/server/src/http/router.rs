//! Every route, and what surrounds them.

use std::time::Duration;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate as _, SizeAbove},
    },
    csrf::CsrfLayer,
};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use super::{
    accounts, activities, assets, associations,
    auth::{self, Gate},
    boards, changes, conversions, csp, dashboards, docs, exports, happenings, imports, line_items,
    metrics, notes, objects, openapi, operation, preferences,
    problem::{self, Rejection},
    profile, properties, record_batches, records, reports, request, saved_reports, search, tasks,
    tokens, users, views, workspaces,
};
use crate::app::App;

/// Where the API lies.
pub const API: &str = "/api/v1";
/// Answers smaller than this are not worth compressing.
const COMPRESSED_FROM_BYTES: u64 = 4096;

/// The whole server.
pub fn router(app: &App) -> Router {
    let (api, document) = api();
    let gate = Gate::new(&document);
    let api = api.layer(middleware::from_fn_with_state(
        (app.clone(), gate),
        auth::authenticate,
    ));
    Router::new()
        .merge(api)
        .route("/api/docs", get(docs::get_docs))
        .route("/livez", get(operation::get_livez))
        .route("/readyz", get(operation::get_readyz))
        .route("/metrics", get(metrics::get_metrics))
        .fallback(assets::get_page)
        .layer(middleware::from_fn(request::refuse_nonsense))
        .layer(same_origin(app))
        .layer(middleware::from_fn_with_state(app.clone(), limit_time))
        .layer(CatchPanicLayer::custom(problem::of_panic))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                .compress_when(
                    SizeAbove::new(COMPRESSED_FROM_BYTES)
                        // An encoder would hold events back.
                        .and(NotForContentType::const_new("text/event-stream")),
                ),
        )
        .layer(middleware::from_fn(problem::finish))
        .layer(middleware::from_fn_with_state(app.clone(), csp::secure))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            request::describe,
        ))
        .with_state(app.clone())
}

/// The operations of the API, and the document that describes them.
pub(super) fn api() -> (Router<App>, OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(openapi::base())
        .nest(API, operations())
        .split_for_parts();
    openapi::describe_refusals(&mut document);
    (router, document)
}

/// One line for each noun.
fn operations() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(openapi::routes())
        .merge(accounts::routes())
        .merge(profile::routes())
        .merge(tokens::routes())
        .merge(users::routes())
        .merge(objects::routes())
        .merge(properties::routes())
        .merge(records::routes())
        .merge(record_batches::routes())
        .merge(search::routes())
        .merge(boards::routes())
        .merge(conversions::routes())
        .merge(line_items::routes())
        .merge(happenings::routes())
        .merge(activities::routes())
        .merge(notes::routes())
        .merge(tasks::routes())
        .merge(reports::routes())
        .merge(associations::routes())
        .merge(imports::routes())
        .merge(exports::routes())
        .merge(changes::routes())
        .merge(views::routes())
        .merge(dashboards::routes())
        .merge(saved_reports::routes())
        .merge(preferences::routes())
        .merge(workspaces::routes())
}

/// Refuses unsafe requests that a page of another site made a browser send.
fn same_origin(app: &App) -> CsrfLayer {
    let layer = CsrfLayer::new();
    match &app.config.base_url {
        Some(url) => layer
            .clone()
            .add_trusted_origin(url.origin().ascii_serialization())
            .unwrap_or(layer),
        None => layer,
    }
}

/// Ends requests that take too long to answer. Uploads are given their own time by their service.
async fn limit_time(State(app): State<App>, request: Request, next: Next) -> Response {
    if request::is_multipart(request.headers()) {
        return next.run(request).await;
    }
    let limit = Duration::from_secs(app.config.request_timeout_seconds);
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => Rejection::Timeout.into_response(),
    }
}
