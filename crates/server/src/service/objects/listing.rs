//! Pages of definitions: in order of position, gone on with from a place that stays valid while definitions change.

use leadline_engine::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which definitions to list.
#[derive(Debug, Clone, Copy)]
pub struct Listing {
    /// Archived ones only, or only the others.
    pub archived: bool,
    /// The moment to show.
    pub as_of: Option<Timestamp>,
    /// After which place.
    pub after: Option<Place>,
    /// How many at most.
    pub limit: usize,
}

/// A place in a list of definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    position: i32,
    id: Uuid,
}

/// A part of a list, and where it goes on; `None` on the last page.
#[derive(Debug)]
pub struct Page<T> {
    /// What is shown.
    pub results: Vec<T>,
    /// The place of the last of them, when more follow.
    pub next: Option<Place>,
}

impl Place {
    /// The place of a definition.
    #[must_use]
    pub fn new(position: i32, id: Uuid) -> Self {
        Self { position, id }
    }
}

/// The page that a listing asks for. `all` is in order of its places; only what is on the page is shown.
pub(in crate::service) fn page<T>(
    all: impl Iterator<Item = (Place, impl FnOnce() -> T)>,
    listing: &Listing,
) -> Page<T> {
    let mut rest = all
        .filter(|(place, _)| listing.after.is_none_or(|after| *place > after))
        .peekable();
    let mut results = Vec::new();
    let mut last = None;
    while results.len() < listing.limit
        && let Some((place, show)) = rest.next()
    {
        results.push(show());
        last = Some(place);
    }
    Page {
        results,
        next: last.filter(|_| rest.peek().is_some()),
    }
}
