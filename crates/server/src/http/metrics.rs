//! What is counted, and `/metrics` in Prometheus' format: for whoever has the configured token, or without one for this machine only.

use std::{sync::OnceLock, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::{auth::bearer, request::RequestInfo};
use crate::{app::App, service::error::ServiceError};

const SECONDS: [f64; 11] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0,
];

/// One recorder for the process.
fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        let builder = builder
            .set_buckets(&SECONDS)
            .unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        let _another_one_is_there = metrics::set_global_recorder(recorder);
        handle
    })
}

pub(super) fn count(method: &Method, route: &str, status: StatusCode, took: Duration) {
    recorder();
    let labels = [
        ("method", method.as_str().to_owned()),
        ("route", route.to_owned()),
        ("status", status.as_u16().to_string()),
    ];
    metrics::counter!("leadline_http_requests_total", &labels).increment(1);
    metrics::histogram!("leadline_http_request_seconds", &labels[..2]).record(took.as_secs_f64());
}

/// `GET /metrics`.
pub(super) async fn get_metrics(
    State(app): State<App>,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response {
    let is_allowed = match &app.config.metrics_token {
        Some(token) => bearer(&headers).is_some_and(|given| token.equals(given)),
        None => info.is_local,
    };
    if !is_allowed {
        return ServiceError::Unauthorized {
            code: "UNAUTHENTICATED",
            detail: "send the metrics token",
        }
        .into_response();
    }
    let handle = recorder();
    handle.run_upkeep();
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        handle.render(),
    )
        .into_response()
}
