//! Pages: limits and opaque cursors, the same for every list.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::service::error::ServiceError;

/// Entries of a page when nothing is said.
const DEFAULT_LIMIT: usize = 100;
/// Most entries of a page.
const MAX_LIMIT: usize = 1_000;

/// Where a list goes on; absent on its last page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Paging {
    next: Next,
}

/// The next page.
#[derive(Debug, Serialize, ToSchema)]
struct Next {
    /// To be given as `after`.
    after: String,
}

/// A place in a list, opaque to callers.
pub(super) struct Cursor;

impl Paging {
    pub(super) fn after(after: String) -> Self {
        Self {
            next: Next { after },
        }
    }
}

impl Cursor {
    /// A place as text for a URL.
    pub(super) fn write<T: Serialize>(place: &T) -> String {
        let json = serde_json::to_vec(place).expect("places are plain data");
        URL_SAFE_NO_PAD.encode(json)
    }

    /// Reads what [`Cursor::write`] wrote.
    pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, ServiceError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let place = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        place.ok_or_else(|| {
            ServiceError::invalid("/after", "INVALID_CURSOR", "is no cursor of this list")
        })
    }
}

/// The number of entries asked for.
pub(super) fn limit(asked: Option<usize>) -> Result<usize, ServiceError> {
    match asked.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => Ok(limit),
        _ => Err(ServiceError::invalid(
            "/limit",
            "INVALID_LIMIT",
            format!("must be 1 to {MAX_LIMIT}"),
        )),
    }
}
