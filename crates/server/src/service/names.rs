//! Names and addresses that people give: what may stand in them.

use leadline_engine::{error::FieldError, validate::is_email};

const LONGEST: usize = 200;

/// What is wrong with a name for people; `None` when nothing is.
#[must_use]
pub fn judge(name: &str, pointer: &str) -> Option<FieldError> {
    if name.trim().is_empty() {
        Some(FieldError::new(pointer, "REQUIRED", "must not be empty"))
    } else if name.chars().count() > LONGEST {
        Some(FieldError::new(
            pointer,
            "TOO_LONG",
            "must have at most 200 characters",
        ))
    } else if name.chars().any(char::is_control) {
        Some(FieldError::new(
            pointer,
            "INVALID_CHARACTER",
            "must be one line without control characters",
        ))
    } else {
        None
    }
}

/// What is wrong with an address of mail; `None` when nothing is.
#[must_use]
pub fn judge_email(email: &str, pointer: &str) -> Option<FieldError> {
    let is_good = is_email(email.trim());
    (!is_good).then(|| {
        FieldError::new(
            pointer,
            "INVALID_EMAIL",
            "must be an address of mail such as ann@example.com",
        )
    })
}

/// The form in which addresses are compared.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}
