//! The HTTP answer to a request for a page or a file of the web app.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{Asset, get, page};

const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// The page holds a nonce, which must not be used twice.
const NEVER: HeaderValue = HeaderValue::from_static("no-store");

/// Answers for the web app: a file, or the page for every path that a client route may have.
///
/// The caller has already answered what is not the web app's (`/api`, `/livez`, ...), and puts `nonce` into the content
/// security policy that it sets on the answer.
#[must_use]
pub fn respond(method: &Method, path: &str, request: &HeaderMap, nonce: &str) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (
            StatusCode::METHOD_NOT_ALLOWED,
            [(header::ALLOW, "GET, HEAD")],
        )
            .into_response();
    }
    match get(path) {
        Some(asset) if asset.path != "index.html" => file(asset, request),
        None if names_a_file(path) => (StatusCode::NOT_FOUND, "Not found").into_response(),
        _ => (
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            [(header::CACHE_CONTROL, NEVER)],
            page(nonce),
        )
            .into_response(),
    }
}

fn file(asset: &Asset, request: &HeaderMap) -> Response {
    let mut response = if is_known(asset, request) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match asset.brotli {
            Some(small) if accepts_brotli(request) => {
                ([(header::CONTENT_ENCODING, "br")], Body::from(small)).into_response()
            }
            _ => Body::from(asset.bytes).into_response(),
        }
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.content_type),
    );
    headers.insert(header::ETAG, HeaderValue::from_static(asset.etag));
    headers.insert(
        header::CACHE_CONTROL,
        if asset.is_immutable {
            FOR_GOOD
        } else {
            ASK_AGAIN
        },
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Client routes have no dot in their last part and do not lie where the build puts its files.
fn names_a_file(path: &str) -> bool {
    path.starts_with("/assets/")
        || path
            .rsplit('/')
            .next()
            .is_some_and(|last| last.contains('.'))
}

fn is_known(asset: &Asset, request: &HeaderMap) -> bool {
    list_of(request, header::IF_NONE_MATCH)
        .any(|etag| etag == "*" || etag.trim_start_matches("W/") == asset.etag)
}

fn accepts_brotli(request: &HeaderMap) -> bool {
    list_of(request, header::ACCEPT_ENCODING).any(|coding| {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = parameters
            .trim()
            .strip_prefix("q=")
            .is_some_and(|weight| weight.parse() == Ok(0.0));
        name.trim() == "br" && !is_refused
    })
}

fn list_of(request: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    request
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(str::trim))
}
