//! Passwords: which ones are good enough, and their hashes (Argon2id). Hashing is slow and heavy on purpose, so few run at once.

use std::sync::OnceLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use leadline_engine::error::FieldError;
use tokio::sync::Semaphore;

use super::error::ServiceError;
use crate::config::Secret;

/// OWASP's recommendation for Argon2id: 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const SHORTEST: usize = 8;
const LONGEST: usize = 128;
/// So much memory at once is the most that hashing takes.
static RUNNING: Semaphore = Semaphore::const_new(4);
/// The passwords that are tried first everywhere, one a line, in lower case.
const COMMON: &str = include_str!("common_passwords.txt");

/// What is wrong with a new password; `None` when it is good enough. `about` are texts that it must not be: address, name.
#[must_use]
pub fn judge(password: &str, about: &[&str], pointer: &str) -> Option<FieldError> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let is_about = about
        .iter()
        .filter(|text| text.chars().count() >= 4)
        .any(|text| lower == text.to_lowercase());
    if length < SHORTEST {
        Some(FieldError::new(
            pointer,
            "PASSWORD_TOO_SHORT",
            "must have at least 8 characters",
        ))
    } else if length > LONGEST {
        Some(FieldError::new(
            pointer,
            "PASSWORD_TOO_LONG",
            "must have at most 128 characters",
        ))
    } else if is_about || is_monotonous(&lower) || COMMON.lines().any(|common| common == lower) {
        Some(FieldError::new(
            pointer,
            "PASSWORD_TOO_COMMON",
            "is one of the first that are guessed",
        ))
    } else {
        None
    }
}

/// One or two characters over and over.
fn is_monotonous(lower: &str) -> bool {
    let mut seen: Vec<char> = lower.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len() <= 2
}

/// The hash to keep, in PHC form.
///
/// # Errors
/// `Internal` when there is no randomness.
pub async fn hash(password: &Secret) -> Result<String, ServiceError> {
    let password = password.clone();
    slowly(move || {
        let hash = argon2().hash_password(password.reveal().as_bytes());
        hash.map(|hash| hash.to_string())
            .map_err(|error| ServiceError::Internal(format!("hashing: {error}")))
    })
    .await?
}

/// Whether the password is the one that was hashed. Takes the same time when there is no hash: nobody learns whether an account exists.
///
/// # Errors
/// `Internal` when the hash is damaged.
pub async fn is_right(password: &Secret, hash: Option<String>) -> Result<bool, ServiceError> {
    let password = password.clone();
    slowly(move || {
        let has_hash = hash.as_ref().is_some_and(|hash| !hash.is_empty());
        let hash = hash
            .filter(|hash| !hash.is_empty())
            .map_or_else(nobodys_hash, Ok)?;
        let hash = PasswordHash::new(&hash)
            .map_err(|_| ServiceError::Internal("a password's hash is damaged".into()))?;
        Ok(argon2()
            .verify_password(password.reveal().as_bytes(), &hash)
            .is_ok()
            && has_hash)
    })
    .await?
}

/// A hash with today's parameters that no password has.
fn nobodys_hash() -> Result<String, ServiceError> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let password = super::secrets::random();
    let hash = argon2().hash_password(password.reveal().as_bytes());
    let hash = hash
        .map_err(|error| ServiceError::Internal(format!("hashing: {error}")))?
        .to_string();
    Ok(HASH.get_or_init(|| hash).clone())
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None)
        .expect("these constants are within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

async fn slowly<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServiceError> {
    let _permit = RUNNING
        .acquire()
        .await
        .map_err(|error| ServiceError::Internal(error.to_string()))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ServiceError::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_a_reason() {
        let code = |password: &str| {
            judge(password, &["ann@example.com"], "/password").map(|error| error.code.into_owned())
        };
        assert_eq!(code("short").as_deref(), Some("PASSWORD_TOO_SHORT"));
        assert_eq!(code(&"x1".repeat(65)).as_deref(), Some("PASSWORD_TOO_LONG"));
        for common in [
            "password",
            "Password1",
            "12345678",
            "qwertyuiop",
            "aaaaaaaaaa",
            "ann@example.com",
        ] {
            assert_eq!(
                code(common).as_deref(),
                Some("PASSWORD_TOO_COMMON"),
                "{common}"
            );
        }
        assert_eq!(code("violet kettle drum"), None);
        assert_eq!(code(&"é".repeat(4)), Some("PASSWORD_TOO_SHORT".into()));
    }

    #[tokio::test]
    async fn only_the_same_password_is_right_and_no_account_has_none() {
        let password = Secret::new("violet kettle drum");
        let kept = hash(&password).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(is_right(&password, Some(kept.clone())).await.unwrap());
        assert!(
            !is_right(&Secret::new("violet kettle drums"), Some(kept))
                .await
                .unwrap()
        );
        assert!(!is_right(&password, None).await.unwrap());
        assert!(!is_right(&password, Some(String::new())).await.unwrap());
    }
}
