//! Pages of lists that are newest first.

use leadline_engine::time::Timestamp;
use uuid::Uuid;

/// A page of a list that is newest first.
#[derive(Debug, Clone, Copy)]
pub struct Newest {
    /// Only what was made before this time, or then with a smaller id.
    pub before: Option<(Timestamp, Uuid)>,
    /// How many at most.
    pub limit: i64,
}

impl Newest {
    /// The place to begin below, in two parameters.
    pub(crate) fn place(self) -> (Option<Timestamp>, Option<Uuid>) {
        self.before.unzip()
    }
}
