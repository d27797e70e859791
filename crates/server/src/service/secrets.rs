//! Secrets that Leadline makes: 256 random bits for sessions, tokens and links. Only their hash is kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use sha2::{Digest, Sha256};

use crate::config::Secret;

/// 256 random bits, as 43 characters that need no escaping anywhere.
#[must_use]
pub fn random() -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>()))
}

/// What is kept of a secret.
#[must_use]
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// A secret that only the holder of `credential` can make again from `salt`, so that an answer can be repeated for an idempotency key
/// though the database holds neither the secret nor the credential.
#[must_use]
pub fn derive(credential: &Secret, purpose: &str, salt: &str) -> Secret {
    let mut mac = Hmac::<Sha256>::new_from_slice(credential.reveal().as_bytes())
        .expect("HMAC takes keys of any length");
    for part in [purpose, salt] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    Secret::new(URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}
