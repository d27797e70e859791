//! The moment of a question: in the query, and of one that comes as a POST also in the body.

use leadline_engine::time::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::service::{error::ServiceError, records::Moment};

/// The moment, in the query.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MomentQuery {
    /// As `asOf` in the body.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// As `recordedAsOf` in the body.
    #[param(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

impl MomentQuery {
    /// The moment, which the body may give instead.
    ///
    /// # Errors
    /// `Invalid` where the two differ.
    pub(super) fn or(
        self,
        as_of: Option<Timestamp>,
        recorded_as_of: Option<Timestamp>,
    ) -> Result<Moment, ServiceError> {
        Ok(Moment {
            as_of: one("/asOf", self.as_of, as_of)?,
            recorded_as_of: one("/recordedAsOf", self.recorded_as_of, recorded_as_of)?,
        })
    }
}

/// The moment at which to show one thing.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ShownAt {
    /// The moment to show, in valid time.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge to show.
    #[param(value_type = Option<String>, format = DateTime)]
    recorded_as_of: Option<Timestamp>,
}

impl From<ShownAt> for Moment {
    fn from(query: ShownAt) -> Self {
        Self {
            as_of: query.as_of,
            recorded_as_of: query.recorded_as_of,
        }
    }
}

fn one(
    pointer: &str,
    query: Option<Timestamp>,
    body: Option<Timestamp>,
) -> Result<Option<Timestamp>, ServiceError> {
    match (query, body) {
        (Some(query), Some(body)) if query != body => Err(ServiceError::invalid(
            pointer,
            "AMBIGUOUS_MOMENT",
            "the query names another moment",
        )),
        (query, body) => Ok(body.or(query)),
    }
}
