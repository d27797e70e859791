//! Pages: limits and opaque cursors, the same for every list.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use leadline_store::pages::{Newest, Placed};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

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

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// 1 to 1,000; 100 if left out.
    pub(super) limit: Option<usize>,
    /// The cursor of the page before.
    pub(super) after: Option<String>,
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

impl PageQuery {
    /// The page of a list that is newest first, with one entry more than is asked for: it tells whether there is another page.
    pub(super) fn newest(&self) -> Result<(Newest, usize), ServiceError> {
        let asked = limit(self.limit)?;
        let before = self.after.as_deref().map(Cursor::read).transpose()?;
        let page = Newest {
            before,
            limit: asked as i64 + 1,
        };
        Ok((page, asked))
    }
}

/// The page of a list that people have put in order, with one entry more than is asked for.
pub(super) fn placed(
    asked: Option<usize>,
    after: Option<String>,
    archived: Option<bool>,
) -> Result<(Placed, usize), ServiceError> {
    let asked = limit(asked)?;
    let page = Placed {
        archived: archived.unwrap_or(false),
        after: after.as_deref().map(Cursor::read).transpose()?,
        limit: asked as i64 + 1,
    };
    Ok((page, asked))
}

/// Leaves as many as were asked for, and tells where the next page begins.
pub(super) fn cut<T, P: Serialize>(
    results: &mut Vec<T>,
    asked: usize,
    place: impl Fn(&T) -> P,
) -> Option<Paging> {
    if results.len() <= asked {
        return None;
    }
    results.truncate(asked);
    results
        .last()
        .map(|last| Paging::after(Cursor::write(&place(last))))
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
