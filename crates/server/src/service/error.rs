//! Why a service refuses. `http/problem.rs` turns each kind into a status code, and nothing else does.

use std::borrow::Cow;

use leadline_engine::error::FieldError;
use leadline_store::db::DbError;

/// Why a service refuses.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ServiceError {
    /// There is no such thing in this workspace, or none that the caller may know of.
    #[error("not found")]
    NotFound,
    /// The state of things forbids it.
    #[error("{code}")]
    Conflict {
        /// Stable, in SCREAMING_SNAKE.
        code: Cow<'static, str>,
        /// One sentence for a person.
        detail: String,
        /// Where, if the body's parts are to blame.
        errors: Vec<FieldError>,
    },
    /// The record changed since the version that the caller knows.
    #[error("stale version")]
    Stale,
    /// The input breaks rules: all of them. When all have one code, that is the answer's code too.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// The caller may not do that.
    #[error("{code}")]
    Forbidden {
        /// Stable, in SCREAMING_SNAKE.
        code: &'static str,
        /// One sentence for a person.
        detail: &'static str,
    },
    /// The caller is not known.
    #[error("{code}")]
    Unauthorized {
        /// Stable, in SCREAMING_SNAKE.
        code: &'static str,
        /// One sentence for a person.
        detail: &'static str,
    },
    /// Tried too often.
    #[error("too many requests")]
    TooManyRequests {
        /// When it is worth trying again.
        retry_after_seconds: u64,
    },
    /// The database does not answer now.
    #[error("{0}")]
    Unavailable(String),
    /// The disk is full.
    #[error("the storage is full")]
    StorageFull,
    /// A defect of Leadline. The text is logged and never shown.
    #[error("{0}")]
    Internal(String),
}

impl ServiceError {
    /// The state of things forbids it.
    pub fn conflict(code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self::Conflict {
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
        }
    }

    /// What is wrong with the input; nothing where that is not the reason.
    #[must_use]
    pub fn into_field_errors(self) -> Vec<FieldError> {
        match self {
            Self::Invalid(errors) => errors,
            _ => Vec::new(),
        }
    }

    /// One part of the input breaks a rule.
    pub fn invalid(
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code, message)])
    }

    /// The caller's role or token does not reach so far.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::Forbidden {
            code: "FORBIDDEN",
            detail: "your role does not allow this",
        }
    }

    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// If there are errors: all of them.
    pub fn if_any(errors: Vec<FieldError>) -> Result<(), Self> {
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Self::Invalid(errors))
        }
    }
}

impl From<DbError> for ServiceError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(_) | DbError::Contended { .. } | DbError::Locked { .. } => {
                Self::Unavailable(error.to_string())
            }
            DbError::StorageFull => Self::StorageFull,
            DbError::UniqueViolation { .. }
            | DbError::ForeignKey { .. }
            | DbError::NewerSchema { .. }
            | DbError::Corrupt(_)
            | DbError::Panicked
            | DbError::Other(_) => Self::Internal(error.to_string()),
        }
    }
}
