//! What handlers take from a request: JSON bodies, query parameters, ids in the path, `If-Match`. Each refuses in the API's own words.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use leadline_engine::error::FieldError;
use serde::de::DeserializeOwned;

use super::{
    json,
    problem::{Problem, Rejection},
    request::{self, RequestInfo},
};
use crate::{
    app::App,
    service::{ctx::Ctx, error::ServiceError},
};

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// The parameters of the query; unknown ones are refused, as in bodies.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// Parts of the path. What cannot be read (an id that is no UUID) names nothing: 404.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// The version that `If-Match` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMatch {
    /// No header, or `*`: whatever the version is.
    Any,
    /// This version only.
    Version(i64),
    /// A tag that no version has.
    Never,
}

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        if !request::is_json(request.headers()) {
            return Err(Rejection::UnsupportedMediaType);
        }
        let bytes = request::read_body(request.into_body(), app.config.body_limit_bytes).await?;
        json::parse(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Self::Rejection> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|query| Self(query.0))
            .map_err(|rejection| {
                let text = std::error::Error::source(&rejection)
                    .map(ToString::to_string)
                    .unwrap_or_default();
                Rejection::InvalidQuery(query_error(&text))
            })
    }
}

fn query_error(text: &str) -> FieldError {
    if let Some((_, rest)) = text.split_once("unknown field `") {
        let name = rest
            .split("`, expected")
            .next()
            .unwrap_or_default()
            .trim_end_matches('`');
        return FieldError::new(
            format!("/query/{name}"),
            "UNKNOWN_PARAMETER",
            "this parameter is not known here",
        );
    }
    if let Some((_, rest)) = text.split_once("missing field `") {
        return FieldError::new(
            format!("/query/{}", rest.trim_end_matches('`')),
            "MISSING_PARAMETER",
            "this parameter is required",
        );
    }
    match text.split_once(": ") {
        Some((name, reason)) => FieldError::new(
            format!("/query/{name}"),
            "INVALID_PARAMETER",
            reason.to_owned(),
        ),
        None => FieldError::new("/query", "INVALID_PARAMETER", text.to_owned()),
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let path = axum::extract::Path::from_request_parts(parts, app).await;
        path.map(|path| Self(path.0))
            .map_err(|_| Rejection::NoSuchPath)
    }
}

impl FromRequestParts<App> for IfMatch {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

impl IfMatch {
    fn of(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(header::IF_MATCH) else {
            return Self::Any;
        };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Self::Any;
        }
        let version = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .and_then(|tag| tag.parse().ok());
        version.map_or(Self::Never, Self::Version)
    }

    /// Refuses any version but the one named.
    ///
    /// # Errors
    /// `Stale`.
    pub fn check(self, version: i64) -> Result<(), ServiceError> {
        match self {
            Self::Any => Ok(()),
            Self::Version(wanted) if wanted == version => Ok(()),
            Self::Version(_) | Self::Never => Err(ServiceError::Stale),
        }
    }
}

impl FromRequestParts<App> for Ctx {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Self::Rejection> {
        let ctx = parts.extensions.get::<Ctx>().cloned();
        ctx.ok_or_else(|| {
            ServiceError::Internal("a public operation asked who the caller is".into()).into()
        })
    }
}

impl FromRequestParts<App> for RequestInfo {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Self::Rejection> {
        let info = parts.extensions.get::<RequestInfo>().cloned();
        info.ok_or_else(|| {
            ServiceError::Internal("a request without its own description".into()).into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_names_a_version() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, value.parse().unwrap());
            IfMatch::of(&headers)
        };
        assert_eq!(of("\"14\""), IfMatch::Version(14));
        assert_eq!(of("*"), IfMatch::Any);
        assert_eq!(of("W/\"14\""), IfMatch::Never);
        assert_eq!(of("14"), IfMatch::Never);
        assert_eq!(IfMatch::of(&HeaderMap::new()), IfMatch::Any);
    }
}
