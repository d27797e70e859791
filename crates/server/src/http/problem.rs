//! Errors as HTTP answers (RFC 9457): the only place that chooses status codes for them.

use std::{any::Any, borrow::Cow};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leadline_engine::error::FieldError;
use serde::Serialize;
use tower_http::csrf::ProtectionError;
use utoipa::ToSchema;

use super::request::RequestInfo;
use crate::service::{error::ServiceError, records::BatchError};

/// An error, before it is known to which request it answers.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    retry_after_seconds: Option<u64>,
    /// The methods that the path knows, where the request had another one.
    allowed: Vec<Method>,
    /// Logged, never shown.
    cause: Option<String>,
}

/// What is wrong with a request before any service sees it.
#[derive(Debug, Clone)]
pub enum Rejection {
    /// The body is no JSON.
    MalformedJson(String),
    /// The body is JSON, and not what the operation takes.
    InvalidBody(Vec<FieldError>),
    /// A parameter of the query is unknown or malformed.
    InvalidQuery(FieldError),
    /// The path names nothing.
    NoSuchPath,
    /// The path names something that knows other methods: these.
    NoSuchMethod(Vec<Method>),
    /// The body is larger than what is accepted.
    TooLarge,
    /// The body has another content type than the operation takes.
    UnsupportedMediaType,
    /// A browser sent it for another site.
    CrossSite,
    /// It took too long.
    Timeout,
    /// A panic was caught.
    Panic,
}

/// The body of every error.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A URI that names the kind of error.
    #[schema(example = "urn:leadline:problem:NOT_FOUND")]
    r#type: String,
    /// The status in words.
    #[schema(example = "Not Found")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// One sentence for a person.
    detail: Cow<'static, str>,
    /// Stable, in SCREAMING_SNAKE.
    #[schema(example = "NOT_FOUND")]
    code: Cow<'static, str>,
    /// Names the request in the server's log.
    request_id: String,
    /// Everything that is wrong with the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<InputError>)]
    errors: Vec<FieldError>,
}

/// One thing wrong with an input.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputError {
    /// A JSON pointer into the body; `/query/…` for a parameter of the query.
    #[schema(example = "/properties/email")]
    pointer: String,
    /// Stable, in SCREAMING_SNAKE.
    #[schema(example = "INVALID_EMAIL")]
    code: String,
    /// One sentence for a person.
    message: String,
}

impl Problem {
    fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_seconds: None,
            allowed: Vec::new(),
            cause: None,
        }
    }

    fn caused_by(mut self, cause: String) -> Self {
        self.cause = Some(cause);
        self
    }

    fn invalid(errors: Vec<FieldError>) -> Self {
        let first = errors.first().map(|error| error.code.clone());
        let code = first
            .filter(|code| errors.iter().all(|error| error.code == *code))
            .unwrap_or(Cow::Borrowed("INVALID_INPUT"));
        let detail = match &errors[..] {
            [only] => Cow::Owned(format!("{}: {}", only.pointer, only.message)),
            _ => Cow::Borrowed("the input breaks rules; errors lists them all"),
        };
        Self {
            errors,
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
        }
    }

    /// The status that it answers with; batches name it for each item.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What a batch says of one of its inputs.
    #[must_use]
    pub fn into_batch_error(self, index: usize) -> BatchError {
        let errors = self
            .errors
            .iter()
            .map(|error| serde_json::json!(error))
            .collect();
        BatchError {
            index,
            status: self.status.as_u16(),
            code: self.code.into_owned(),
            message: self.detail.into_owned(),
            errors,
        }
    }

    /// The answer to a request.
    fn respond(self, request_id: &str) -> Response {
        let body = ProblemBody {
            r#type: format!("urn:leadline:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: self.detail,
            code: self.code,
            request_id: request_id.to_owned(),
            errors: self.errors,
        };
        let json = serde_json::to_vec(&body).expect("texts and numbers can be written as JSON");
        let mut response = (
            self.status,
            [(header::CONTENT_TYPE, "application/problem+json")],
            json,
        )
            .into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let allowed: Vec<_> = self.allowed.iter().map(Method::as_str).collect();
        if let Ok(value) = HeaderValue::from_str(&allowed.join(", "))
            && !allowed.is_empty()
        {
            response.headers_mut().insert(header::ALLOW, value);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    /// Of an answer that was not made here: by the router or a layer.
    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Rejection::NoSuchPath.into(),
            StatusCode::PAYLOAD_TOO_LARGE => Rejection::TooLarge.into(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Rejection::UnsupportedMediaType.into(),
            StatusCode::METHOD_NOT_ALLOWED => Rejection::NoSuchMethod(Vec::new()).into(),
            _ if status.is_server_error() => Self::new(
                status,
                "INTERNAL_ERROR",
                "something went wrong; the request id names it in the log",
            ),
            _ => Self::new(status, "BAD_REQUEST", "the request is malformed"),
        }
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound => {
                Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "there is no such thing")
            }
            ServiceError::Conflict {
                code,
                detail,
                errors,
            } => Self {
                errors,
                ..Self::new(StatusCode::CONFLICT, code, detail)
            },
            ServiceError::Stale => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "STALE_VERSION",
                "it has changed since that version",
            ),
            ServiceError::Invalid(errors) => Self::invalid(errors),
            ServiceError::Forbidden { code, detail } => {
                Self::new(StatusCode::FORBIDDEN, code, detail)
            }
            ServiceError::Unauthorized { code, detail } => {
                Self::new(StatusCode::UNAUTHORIZED, code, detail)
            }
            ServiceError::TooManyRequests {
                retry_after_seconds,
            } => Self {
                retry_after_seconds: Some(retry_after_seconds),
                ..Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "TOO_MANY_REQUESTS",
                    "too many tries; Retry-After says when to try again",
                )
            },
            ServiceError::Unavailable(cause) => Self {
                retry_after_seconds: Some(1),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "UNAVAILABLE",
                    "the database does not answer now; try again",
                )
            }
            .caused_by(cause),
            ServiceError::StorageFull => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "STORAGE_FULL",
                "the server's storage is full",
            )
            .caused_by(error.to_string()),
            ServiceError::Internal(cause) => {
                Self::of_status(StatusCode::INTERNAL_SERVER_ERROR).caused_by(cause)
            }
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::MalformedJson(detail) => {
                Self::new(StatusCode::BAD_REQUEST, "MALFORMED_JSON", detail)
            }
            Rejection::InvalidBody(errors) => Self::invalid(errors),
            Rejection::InvalidQuery(error) => Self::invalid(vec![error]),
            Rejection::NoSuchPath => {
                Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "there is no such thing")
            }
            Rejection::NoSuchMethod(allowed) => Self {
                allowed,
                ..Self::new(
                    StatusCode::METHOD_NOT_ALLOWED,
                    "METHOD_NOT_ALLOWED",
                    "this path does not know the method; see Allow",
                )
            },
            Rejection::TooLarge => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "BODY_TOO_LARGE",
                "the body is larger than this server accepts",
            ),
            Rejection::UnsupportedMediaType => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "this operation takes another content type",
            ),
            Rejection::CrossSite => Self::new(
                StatusCode::FORBIDDEN,
                "CROSS_SITE_REQUEST",
                "a page of another site sent this request",
            ),
            Rejection::Timeout => Self {
                retry_after_seconds: Some(1),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "TIMEOUT",
                    "the request took too long",
                )
            }
            .caused_by("the request timed out".into()),
            Rejection::Panic => Self::of_status(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

impl IntoResponse for Problem {
    /// An answer without a body yet: [`finish`] writes it, with the request's id.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for ServiceError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

/// Answers for a panic.
pub(super) fn of_panic(_message: Box<dyn Any + Send + 'static>) -> Response<Body> {
    Rejection::Panic.into_response()
}

/// Writes the body of every error of the API, also of those that the router and the layers made.
pub(super) async fn finish(request: Request, next: Next) -> Response {
    let request_id = request
        .extensions()
        .get::<RequestInfo>()
        .map(|info| info.request_id.0.clone())
        .unwrap_or_default();
    let is_api = request.uri().path().starts_with("/api/");
    let is_head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    let is_cross_site = response.extensions().get::<ProtectionError>().is_some();
    let own = response.extensions_mut().remove::<Problem>();
    let status = response.status();
    let problem = match own {
        Some(problem) => problem,
        None if is_cross_site => Rejection::CrossSite.into(),
        None if is_api && (status.is_client_error() || status.is_server_error()) => {
            Problem::of_status(status)
        }
        None => return response,
    };
    if let Some(cause) = &problem.cause {
        tracing::error!(request_id, cause, code = %problem.code, "a request failed");
    }
    let mut answer = problem.respond(&request_id);
    if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    if is_head {
        *answer.body_mut() = Body::empty();
    }
    answer
}
