//! What belongs to one member and may be shown to all: views, dashboards, reports. Who sees it is the store's matter, who changes it is decided
//! here.

use leadline_engine::ids::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    access::{Permission, Role},
    ctx::Ctx,
    error::ServiceError,
};

/// How many of each kind a member can have, archived ones too.
const MOST_OF_A_MEMBER: i64 = 1_000;

/// Who sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Its owner alone.
    Private,
    /// All members.
    Shared,
}

impl Visibility {
    /// As the store keeps it.
    pub(super) fn of(is_shared: bool) -> Self {
        if is_shared {
            Self::Shared
        } else {
            Self::Private
        }
    }

    pub(super) fn is_shared(self) -> bool {
        self == Self::Shared
    }
}

/// Refuses changes by others than the owner, managers, and whoever is above those.
///
/// # Errors
/// `Forbidden`.
pub(super) fn require_change(ctx: &Ctx, owner: AccountId) -> Result<(), ServiceError> {
    if ctx.account == Some(owner) || ctx.role.covers(Role::Manager) {
        Ok(())
    } else {
        Err(ServiceError::Forbidden {
            code: "NOT_THE_OWNER",
            detail: "only its owner and managers can change it",
        })
    }
}

/// Refuses to put before everyone what comes from somebody who only looks.
///
/// # Errors
/// `Forbidden`.
pub(super) fn require_sharing(ctx: &Ctx) -> Result<(), ServiceError> {
    ctx.require(Permission::WriteRecords)
}

/// Refuses to change what is no longer as the caller knows it.
///
/// # Errors
/// `Stale`.
pub(super) fn require_version(known: Option<&[i64]>, version: i64) -> Result<(), ServiceError> {
    match known {
        Some(known) if !known.contains(&version) => Err(ServiceError::Stale),
        _ => Ok(()),
    }
}

/// Refuses more than a member can have.
///
/// # Errors
/// `TOO_MANY`.
pub(super) fn require_room(count: i64) -> Result<(), ServiceError> {
    if count < MOST_OF_A_MEMBER {
        return Ok(());
    }
    Err(ServiceError::conflict(
        "TOO_MANY",
        format!("a member can have at most {MOST_OF_A_MEMBER} of them"),
    ))
}

/// The position behind the last one.
pub(super) fn next_position(last: Option<i32>) -> i32 {
    last.map_or(0, |last| last.saturating_add(1))
}
