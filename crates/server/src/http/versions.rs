//! Answers that carry a version: it is their ETag.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::router::API;

/// What is in a version.
pub(super) fn tagged(version: i64, body: impl Serialize) -> Response {
    (etag(version), axum::Json(body)).into_response()
}

/// What was made, and where it is from now on: a path below that of the API.
pub(super) fn created(path: &str, version: i64, body: impl Serialize) -> Response {
    let location = [(header::LOCATION, format!("{API}{path}"))];
    (StatusCode::CREATED, location, tagged(version, body)).into_response()
}

/// The version as the ETag.
fn etag(version: i64) -> [(HeaderName, HeaderValue); 1] {
    let tag = HeaderValue::try_from(format!("\"{version}\""))
        .expect("a number in quotes can be a header");
    [(header::ETAG, tag)]
}
