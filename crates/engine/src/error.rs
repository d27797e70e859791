//! What can be wrong with an input: every problem has a place, a stable code and a sentence.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One thing wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// A JSON pointer (RFC 6901) into the request body.
    pub pointer: String,
    /// Stable, in SCREAMING_SNAKE.
    pub code: Cow<'static, str>,
    /// One sentence for a person.
    pub message: String,
}

impl FieldError {
    /// A problem at `pointer`.
    pub fn new(
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.into(),
            message: message.into(),
        }
    }

    /// The same problem, seen from one level further out.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.pointer.insert_str(0, prefix);
        self
    }

    /// Whether `other` is about the same place, or one within it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other
            .pointer
            .strip_prefix(&*self.pointer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Escapes one segment of a JSON pointer.
#[must_use]
pub fn pointer_segment(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}
