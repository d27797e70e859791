//! What handlers take from a request: JSON bodies, query parameters, ids in the path, `If-Match`. Each refuses in the API's own words.

use axum::{
    body::Bytes,
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

/// A JSON body with everything that is wrong with its structure, for operations that say at once what else is wrong.
#[derive(Debug)]
pub struct Judged<T> {
    body: T,
    errors: Vec<FieldError>,
}

/// The parameters of the query; unknown ones are refused, as in bodies.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// Parts of the path. What cannot be read (an id that is no UUID) names nothing: 404.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// The versions that `If-Match` names; `None` without the header, and for `*`: whatever the version is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(pub Option<Vec<i64>>);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        json::parse(&json_bytes(request, app).await?).map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Judged<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let json::Parsed { body, errors } =
            json::parse_leniently(&json_bytes(request, app).await?)?;
        match body {
            Some(body) => Ok(Self { body, errors }),
            None => Err(Rejection::InvalidBody(errors)),
        }
    }
}

impl<T> Judged<T> {
    /// Adds what else is wrong on the face of it.
    #[must_use]
    pub fn and(mut self, look: impl FnOnce(&T) -> Vec<FieldError>) -> Self {
        let found = look(&self.body);
        merge(&mut self.errors, found);
        self
    }

    /// The body, if its structure is right. If not, `look` finds what else is wrong with it and changes nothing: placeholders stand in for
    /// what is missing or of the wrong type.
    ///
    /// # Errors
    /// `Invalid` with everything.
    pub async fn whole(
        self,
        look: impl AsyncFnOnce(T) -> Result<(), ServiceError>,
    ) -> Result<T, ServiceError> {
        let Self { body, mut errors } = self;
        if errors.is_empty() {
            return Ok(body);
        }
        match look(body).await {
            Err(ServiceError::Invalid(more)) => {
                merge(&mut errors, more);
                Err(ServiceError::Invalid(errors))
            }
            _ => Err(ServiceError::Invalid(errors)),
        }
    }
}

/// Adds errors, but not those that a placeholder brought about.
fn merge(errors: &mut Vec<FieldError>, more: Vec<FieldError>) {
    let told = errors.len();
    for error in more {
        if !errors[..told].iter().any(|known| known.covers(&error)) {
            errors.push(error);
        }
    }
}

async fn json_bytes(request: Request, app: &App) -> Result<Bytes, Rejection> {
    if !request::is_json(request.headers()) {
        return Err(Rejection::UnsupportedMediaType);
    }
    request::read_body(request.into_body(), app.config.body_limit_bytes).await
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
    /// A tag that no version has, as a weak one, names nothing.
    fn of(headers: &HeaderMap) -> Self {
        let values: Vec<_> = headers.get_all(header::IF_MATCH).into_iter().collect();
        let tags = values
            .iter()
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .map(str::trim);
        if values.is_empty() || tags.clone().any(|tag| tag == "*") {
            return Self(None);
        }
        let version = |tag: &str| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok();
        Self(Some(tags.filter_map(version).collect()))
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
    fn if_match_names_versions() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, value.parse().unwrap());
            IfMatch::of(&headers)
        };
        let only = |versions: &[i64]| IfMatch(Some(versions.to_vec()));
        assert_eq!(of("\"14\""), only(&[14]));
        assert_eq!(of("\"9\", \"14\",\"x\""), only(&[9, 14]));
        assert_eq!(of("*"), IfMatch(None));
        assert_eq!(of("W/\"14\""), only(&[]));
        assert_eq!(of("14"), only(&[]));
        assert_eq!(IfMatch::of(&HeaderMap::new()), IfMatch(None));
    }
}
