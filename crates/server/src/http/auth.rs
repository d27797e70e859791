//! Who asks: the session cookie or the bearer token, looked up on every request; and whether the operation is for them. An operation that
//! `service/access.rs` does not list is refused.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use sha2::{Digest, Sha256};
use utoipa::openapi::{OpenApi, path::Operation};

use super::{
    problem::{Problem, Rejection},
    request::{self, RequestInfo},
};
use crate::{
    app::App,
    config::Secret,
    service::{
        access::{self, Access},
        ctx::{Ctx, Idempotency},
        error::ServiceError,
        sessions, tokens,
    },
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const LONGEST_KEY: usize = 255;
/// The cookie over TLS: bound to this host, sent over TLS only.
const SECURE_COOKIE: &str = "__Host-leadline";
const PLAIN_COOKIE: &str = "leadline";

/// What each operation needs, by path as the router knows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate(Arc<HashMap<String, Methods>>);

/// The methods of a path and what each needs; `None` where nobody has said it.
type Methods = Vec<(Method, Option<Access>)>;

impl Gate {
    /// Reads the document that describes the routes.
    pub(super) fn new(document: &OpenApi) -> Self {
        let mut gate: HashMap<String, Methods> = HashMap::new();
        for (path, method, operation) in operations(document) {
            let id = operation.operation_id.as_deref();
            let access = id.and_then(access::of_operation);
            gate.entry(path.to_owned())
                .or_default()
                .push((method, access));
        }
        Self(Arc::new(gate))
    }

    /// What the operation needs; `None` when nobody has said it.
    ///
    /// # Errors
    /// `NoSuchMethod` when the path knows no such method.
    fn access(&self, method: &Method, path: &str) -> Result<Option<Access>, Rejection> {
        let method = if *method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let known = self.0.get(path).map_or(&[][..], Vec::as_slice);
        match known.iter().find(|(own, _)| own == method) {
            Some((_, access)) => Ok(*access),
            None => {
                let allowed = known.iter().map(|(method, _)| method.clone()).collect();
                Err(Rejection::NoSuchMethod(allowed))
            }
        }
    }
}

/// Every operation of a document.
pub(super) fn operations(document: &OpenApi) -> impl Iterator<Item = (&str, Method, &Operation)> {
    document.paths.paths.iter().flat_map(|(path, item)| {
        let all = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::PATCH, &item.patch),
            (Method::DELETE, &item.delete),
        ];
        all.into_iter().filter_map(move |(method, operation)| {
            operation
                .as_ref()
                .map(|operation| (path.as_str(), method, operation))
        })
    })
}

/// Finds out who asks and lets the request pass to its handler, or not.
pub(super) async fn authenticate(
    State((app, gate)): State<(App, Gate)>,
    request: Request,
    next: Next,
) -> Response {
    match admit(&app, &gate, request).await {
        Ok(request) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn admit(app: &App, gate: &Gate, mut request: Request) -> Result<Request, Problem> {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.ok_or(Rejection::NoSuchPath)?;
    let access = gate.access(request.method(), path.as_str())?;
    let access = access.ok_or_else(ServiceError::forbidden)?;
    let info = request.extensions().get::<RequestInfo>().cloned();
    let info =
        info.ok_or_else(|| ServiceError::Internal("a request without its own description".into()))?;
    if access == Access::Public {
        let idempotency_key = idempotency_key(&request)?;
        request.extensions_mut().insert(RequestInfo {
            idempotency_key,
            ..info
        });
        return Ok(request);
    }
    let mut ctx = identify(app, &info, request.headers()).await?;
    match access {
        Access::Public | Access::SignedIn => {}
        Access::Session if ctx.session.is_some() => {}
        Access::Session => {
            return Err(ServiceError::Forbidden {
                code: "SESSION_REQUIRED",
                detail: "this is for people, not for tokens",
            }
            .into());
        }
        Access::Needs(permission) => ctx.require(permission)?,
    }
    if let Some(key) = idempotency_key(&request)? {
        let (with_body, request_hash) = hash_request(app, request).await?;
        request = with_body;
        ctx.idempotency = Some(Idempotency { key, request_hash });
    }
    request.extensions_mut().insert(ctx);
    Ok(request)
}

async fn identify(app: &App, info: &RequestInfo, headers: &HeaderMap) -> Result<Ctx, ServiceError> {
    if let Some(token) = bearer(headers) {
        return tokens::identify(app, info, Secret::new(token)).await;
    }
    match session_cookie(info, headers) {
        Some(session) => sessions::identify(app, info, session).await,
        None => Err(ServiceError::Unauthorized {
            code: "UNAUTHENTICATED",
            detail: "sign in, or send a token",
        }),
    }
}

/// The token of `Authorization: Bearer …`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

fn cookie_name(info: &RequestInfo) -> &'static str {
    if info.is_https {
        SECURE_COOKIE
    } else {
        PLAIN_COOKIE
    }
}

fn session_cookie(info: &RequestInfo, headers: &HeaderMap) -> Option<Secret> {
    CookieJar::from_headers(headers)
        .get(cookie_name(info))
        .map(|cookie| Secret::new(cookie.value()))
}

/// The cookie that carries a session; without one, the cookie that removes it.
pub(super) fn cookie(info: &RequestInfo, session: Option<&Secret>) -> Cookie<'static> {
    let value = session
        .map(|secret| secret.reveal().to_owned())
        .unwrap_or_default();
    let mut cookie = Cookie::new(cookie_name(info), value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(info.is_https);
    if session.is_none() {
        cookie.make_removal();
    }
    cookie
}

fn idempotency_key(request: &Request) -> Result<Option<String>, ServiceError> {
    let Some(value) = request.headers().get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    if !matches!(*request.method(), Method::POST | Method::PATCH) {
        return Ok(None);
    }
    match value.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= LONGEST_KEY => Ok(Some(key.to_owned())),
        _ => Err(ServiceError::invalid(
            "/headers/idempotency-key",
            "INVALID_IDEMPOTENCY_KEY",
            "must have 1 to 255 visible ASCII characters",
        )),
    }
}

/// SHA-256 of method, path and body. Of an upload the file is not read here; its service adds it.
async fn hash_request(app: &App, request: Request) -> Result<(Request, [u8; 32]), Rejection> {
    let (parts, body) = request.into_parts();
    let mut hasher = Sha256::new();
    hasher.update(parts.method.as_str());
    hasher.update([0]);
    hasher.update(parts.uri.path_and_query().map_or("", |path| path.as_str()));
    hasher.update([0]);
    let body = if request::is_multipart(&parts.headers) {
        body
    } else {
        let bytes = request::read_body(body, app.config.body_limit_bytes).await?;
        hasher.update(&bytes);
        Body::from(bytes)
    };
    Ok((Request::from_parts(parts, body), hasher.finalize().into()))
}
