//! What is known of every request before anything looks at it: its id, from where it came, whether that was over TLS; and its body's bytes.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Instant,
};

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use super::{metrics, problem::Rejection};
use crate::{app::App, service::ctx::RequestId};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// What proxies add; a request that has one of them did not come from this machine's own user.
const FORWARDING: [HeaderName; 4] = [
    FORWARDED_FOR,
    FORWARDED_PROTO,
    HeaderName::from_static("x-real-ip"),
    header::FORWARDED,
];
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The only operation that takes a form: its file.
const UPLOAD_PATH: &str = "/api/v1/imports";

/// What is known of a request.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// Names it in the answer and the log.
    pub request_id: RequestId,
    /// The client's address; behind configured proxies, as they tell it.
    pub address: IpAddr,
    /// Whether the client is on this machine, and meant this machine.
    pub is_local: bool,
    /// Whether the client speaks TLS, as far as configuration and configured proxies tell.
    pub is_https: bool,
    /// The browser, cut to a length that can be shown.
    pub user_agent: Option<String>,
    /// The idempotency key of a public operation. Those of others are with who asks.
    pub idempotency_key: Option<String>,
}

/// Describes the request, and logs and counts its outcome.
pub(super) async fn describe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let info = RequestInfo::of(&app, &request);
    let request_id = info.request_id.clone();
    request.extensions_mut().insert(info);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("-", |path| path.as_str());
    let mut response = next.run(request).await;
    let (status, took) = (response.status(), began.elapsed());
    metrics::count(&method, route, status, took);
    let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request_id = request_id.0, %method, route, status = status.as_u16(), duration_us, "request");
    if let Ok(value) = HeaderValue::from_str(&request_id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Refuses what no operation takes: NUL in the path or the query, and bodies that a form of another site can send.
pub(super) async fn refuse_nonsense(request: Request, next: Next) -> Response {
    if request.uri().path().contains("%00") {
        return Rejection::NoSuchPath.into_response();
    }
    if request
        .uri()
        .query()
        .is_some_and(|query| query.contains("%00"))
    {
        let error = leadline_engine::error::FieldError::new(
            "/query",
            "INVALID_CHARACTER",
            "must not hold the character NUL",
        );
        return Rejection::InvalidQuery(error).into_response();
    }
    let is_safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let is_upload = request.uri().path() == UPLOAD_PATH && is_multipart(request.headers());
    let has_type = request.headers().contains_key(header::CONTENT_TYPE);
    if !is_safe && has_type && !is_upload && !is_json(request.headers()) {
        return Rejection::UnsupportedMediaType.into_response();
    }
    next.run(request).await
}

/// Whether the body says that it is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = content_type(headers);
    kind.eq_ignore_ascii_case("application/json")
        || kind.eq_ignore_ascii_case("application/merge-patch+json")
}

pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    content_type(headers).eq_ignore_ascii_case("multipart/form-data")
}

fn content_type(headers: &HeaderMap) -> &str {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

/// The whole body, up to `limit` bytes.
pub(super) async fn read_body(body: Body, limit: usize) -> Result<Bytes, Rejection> {
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let is_too_large = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("length limit"));
        if is_too_large {
            Rejection::TooLarge
        } else {
            Rejection::MalformedJson("the body ended early".into())
        }
    })
}

impl RequestInfo {
    fn of(app: &App, request: &Request) -> Self {
        let headers = request.headers();
        let peer = request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| {
                address.ip().to_canonical()
            });
        let is_trusted = |address: IpAddr| {
            app.config
                .trusted_proxies
                .iter()
                .any(|network| network.contains(address))
        };
        let is_behind_proxy = is_trusted(peer);
        let address = if is_behind_proxy {
            forwarded_for(headers, peer, is_trusted)
        } else {
            peer
        };
        let is_forwarded = FORWARDING.iter().any(|name| headers.contains_key(name));
        let is_local =
            !is_behind_proxy && !is_forwarded && peer.is_loopback() && names_this_machine(request);
        let is_forwarded_https = is_behind_proxy
            && headers
                .get(FORWARDED_PROTO)
                .is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"));
        let user_agent = headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok());
        Self {
            request_id: RequestId(Uuid::now_v7().to_string()),
            address,
            is_local,
            is_https: app.config.is_https() || is_forwarded_https,
            user_agent: user_agent.map(|text| text.chars().take(200).collect()),
            idempotency_key: None,
        }
    }
}

/// The last address that a configured proxy did not add itself.
fn forwarded_for(headers: &HeaderMap, peer: IpAddr, is_trusted: impl Fn(IpAddr) -> bool) -> IpAddr {
    let hops = headers
        .get_all(FORWARDED_FOR)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = hops
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let mut last = peer;
    for hop in hops.into_iter().rev() {
        let Ok(address) = hop.parse::<IpAddr>() else {
            break;
        };
        last = address.to_canonical();
        if !is_trusted(last) {
            break;
        }
    }
    last
}

/// Whether the host that the client asked for is this machine by a name of its own, so that no foreign name was pointed at it.
fn names_this_machine(request: &Request) -> bool {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    let Some(host) = host.or_else(|| request.uri().host()) else {
        return false;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
