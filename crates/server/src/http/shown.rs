//! How people and workspaces are shown, in every answer alike.

use leadline_store::{accounts::Account, workspaces::Workspace};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct User {
    id: Uuid,
    #[schema(example = "ann@example.com")]
    email: String,
    #[schema(example = "Ann")]
    name: String,
}

/// A workspace.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Workspace)]
pub(super) struct WorkspaceView {
    id: Uuid,
    #[schema(example = "Acme")]
    name: String,
    /// IANA name of the zone in which its days begin.
    #[schema(example = "Europe/Amsterdam")]
    time_zone: String,
    /// ISO 4217.
    #[schema(example = "EUR")]
    currency: String,
}

impl From<Account> for User {
    fn from(account: Account) -> Self {
        Self {
            id: account.id.uuid(),
            email: account.email,
            name: account.name,
        }
    }
}

impl From<Workspace> for WorkspaceView {
    fn from(workspace: Workspace) -> Self {
        let Workspace {
            id,
            name,
            time_zone,
            currency,
            ..
        } = workspace;
        Self {
            id: id.uuid(),
            name,
            time_zone,
            currency,
        }
    }
}
