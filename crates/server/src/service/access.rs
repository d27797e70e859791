//! Who may do what: roles, permissions, the scopes of tokens, and what each operation of the API needs. Nothing else decides it.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a member of a workspace is. Later ones in this list may do less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, and makes other owners.
    Owner,
    /// Everything but owners.
    Admin,
    /// Records, their history, and the schema.
    Manager,
    /// Records.
    Member,
    /// Looks only.
    Viewer,
}

/// A thing that can be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read records, their history, the schema, and reports.
    ReadRecords,
    /// Take records out in bulk: exports and the feed.
    ExportRecords,
    /// Create, change, archive and restore records.
    WriteRecords,
    /// State that the past was otherwise; import files, undo imports.
    RewriteHistory,
    /// Change objects, properties and lifecycles.
    WriteSchema,
    /// See who the members are.
    ReadUsers,
    /// Invite and change members.
    ManageUsers,
    /// Make and delete own tokens.
    ManageTokens,
    /// Make and change own views, dashboards and saved reports.
    WriteViews,
    /// Change the settings of the workspace.
    ManageWorkspace,
}

/// What a token may be used for. Each includes reading; its owner's role still limits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Reading.
    Read,
    /// Writing records.
    Write,
    /// Changing the schema.
    Schema,
    /// Members, tokens and the settings of the workspace.
    Admin,
}

/// What a caller must have for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing: not even an account.
    Public,
    /// A session or a token.
    SignedIn,
    /// A session; tokens are refused.
    Session,
    /// A permission.
    Needs(Permission),
}

/// What each operation needs, by operationId. One that is not here is refused to everyone, and fails a test.
pub const OPERATIONS: &[(&str, Access)] = &[
    ("get_openapi", Access::Public),
    ("create_signup", Access::Public),
    ("create_login", Access::Public),
    ("create_logout", Access::Session),
    ("create_switch", Access::Session),
    ("create_password_reset", Access::Public),
    ("confirm_password_reset", Access::Public),
    ("update_password", Access::Session),
    ("get_me", Access::SignedIn),
    ("update_me", Access::Session),
    ("list_tokens", Access::Needs(Permission::ManageTokens)),
    ("create_token", Access::Needs(Permission::ManageTokens)),
    ("delete_token", Access::Needs(Permission::ManageTokens)),
    ("list_sessions", Access::Session),
    ("delete_session", Access::Session),
    ("list_users", Access::Needs(Permission::ReadUsers)),
    ("create_user", Access::Needs(Permission::ManageUsers)),
    ("update_user", Access::Needs(Permission::ManageUsers)),
    ("list_invitations", Access::Needs(Permission::ManageUsers)),
    ("create_invitation", Access::Needs(Permission::ManageUsers)),
    ("delete_invitation", Access::Needs(Permission::ManageUsers)),
    ("accept_invitation", Access::Public),
    ("list_objects", Access::Needs(Permission::ReadRecords)),
    ("create_object", Access::Needs(Permission::WriteSchema)),
    ("get_object", Access::Needs(Permission::ReadRecords)),
    ("update_object", Access::Needs(Permission::WriteSchema)),
    ("archive_object", Access::Needs(Permission::WriteSchema)),
    ("list_properties", Access::Needs(Permission::ReadRecords)),
    ("create_property", Access::Needs(Permission::WriteSchema)),
    ("get_property", Access::Needs(Permission::ReadRecords)),
    ("update_property", Access::Needs(Permission::WriteSchema)),
    ("archive_property", Access::Needs(Permission::WriteSchema)),
    ("create_record", Access::Needs(Permission::WriteRecords)),
    ("get_record", Access::Needs(Permission::ReadRecords)),
    ("update_record", Access::Needs(Permission::WriteRecords)),
    ("archive_record", Access::Needs(Permission::WriteRecords)),
    ("unarchive_record", Access::Needs(Permission::WriteRecords)),
    ("list_change_sets", Access::Needs(Permission::ReadRecords)),
    ("get_record_diff", Access::Needs(Permission::ReadRecords)),
    (
        "create_correction",
        Access::Needs(Permission::RewriteHistory),
    ),
    ("restore_record", Access::Needs(Permission::WriteRecords)),
    ("create_records", Access::Needs(Permission::WriteRecords)),
    ("update_records", Access::Needs(Permission::WriteRecords)),
    ("upsert_records", Access::Needs(Permission::WriteRecords)),
    ("archive_records", Access::Needs(Permission::WriteRecords)),
    ("unarchive_records", Access::Needs(Permission::WriteRecords)),
    ("read_records", Access::Needs(Permission::ReadRecords)),
    ("list_associations", Access::Needs(Permission::ReadRecords)),
    (
        "create_association",
        Access::Needs(Permission::WriteRecords),
    ),
    (
        "remove_association",
        Access::Needs(Permission::WriteRecords),
    ),
    (
        "report_time_in_value",
        Access::Needs(Permission::ReadRecords),
    ),
    ("report_funnel", Access::Needs(Permission::ReadRecords)),
    ("report_flow", Access::Needs(Permission::ReadRecords)),
    ("report_cohort", Access::Needs(Permission::ReadRecords)),
    ("report_trend", Access::Needs(Permission::ReadRecords)),
    ("report_snapshot", Access::Needs(Permission::ReadRecords)),
    ("report_diff", Access::Needs(Permission::ReadRecords)),
    ("convert_lead", Access::Needs(Permission::WriteRecords)),
    ("list_line_items", Access::Needs(Permission::ReadRecords)),
    ("create_line_item", Access::Needs(Permission::WriteRecords)),
    ("update_line_item", Access::Needs(Permission::WriteRecords)),
    ("archive_line_item", Access::Needs(Permission::WriteRecords)),
    ("list_activities", Access::Needs(Permission::ReadRecords)),
    ("create_activity", Access::Needs(Permission::WriteRecords)),
    ("get_activity", Access::Needs(Permission::ReadRecords)),
    ("update_activity", Access::Needs(Permission::WriteRecords)),
    ("archive_activity", Access::Needs(Permission::WriteRecords)),
    ("list_notes", Access::Needs(Permission::ReadRecords)),
    ("create_note", Access::Needs(Permission::WriteRecords)),
    ("get_note", Access::Needs(Permission::ReadRecords)),
    ("update_note", Access::Needs(Permission::WriteRecords)),
    ("archive_note", Access::Needs(Permission::WriteRecords)),
    ("list_tasks", Access::Needs(Permission::ReadRecords)),
    ("create_task", Access::Needs(Permission::WriteRecords)),
    ("get_task", Access::Needs(Permission::ReadRecords)),
    ("update_task", Access::Needs(Permission::WriteRecords)),
    ("archive_task", Access::Needs(Permission::WriteRecords)),
    (
        "get_record_timeline",
        Access::Needs(Permission::ReadRecords),
    ),
    ("list_records", Access::Needs(Permission::ReadRecords)),
    ("search_records", Access::Needs(Permission::ReadRecords)),
    ("read_board", Access::Needs(Permission::ReadRecords)),
    ("search_everywhere", Access::Needs(Permission::ReadRecords)),
    ("create_import", Access::Needs(Permission::RewriteHistory)),
    ("list_imports", Access::Needs(Permission::ReadRecords)),
    ("get_import", Access::Needs(Permission::ReadRecords)),
    (
        "list_import_errors",
        Access::Needs(Permission::RewriteHistory),
    ),
    ("undo_import", Access::Needs(Permission::RewriteHistory)),
    ("create_export", Access::Needs(Permission::ExportRecords)),
    ("list_exports", Access::Needs(Permission::ExportRecords)),
    ("get_export", Access::Needs(Permission::ExportRecords)),
    ("get_export_file", Access::Needs(Permission::ExportRecords)),
    ("list_changes", Access::Needs(Permission::ExportRecords)),
    ("stream_events", Access::Needs(Permission::ExportRecords)),
    ("list_views", Access::Needs(Permission::ReadRecords)),
    ("create_view", Access::Needs(Permission::WriteViews)),
    ("get_view", Access::Needs(Permission::ReadRecords)),
    ("update_view", Access::Needs(Permission::WriteViews)),
    ("archive_view", Access::Needs(Permission::WriteViews)),
    ("list_dashboards", Access::Needs(Permission::ReadRecords)),
    ("create_dashboard", Access::Needs(Permission::WriteViews)),
    ("get_dashboard", Access::Needs(Permission::ReadRecords)),
    ("update_dashboard", Access::Needs(Permission::WriteViews)),
    ("archive_dashboard", Access::Needs(Permission::WriteViews)),
    ("list_saved_reports", Access::Needs(Permission::ReadRecords)),
    ("create_saved_report", Access::Needs(Permission::WriteViews)),
    ("get_saved_report", Access::Needs(Permission::ReadRecords)),
    ("update_saved_report", Access::Needs(Permission::WriteViews)),
    (
        "archive_saved_report",
        Access::Needs(Permission::WriteViews),
    ),
    ("get_preferences", Access::SignedIn),
    ("update_preferences", Access::Session),
    ("get_workspace", Access::Needs(Permission::ReadRecords)),
    (
        "update_workspace",
        Access::Needs(Permission::ManageWorkspace),
    ),
];

/// What an operation needs; `None` for one that is not listed.
#[must_use]
pub fn of_operation(operation_id: &str) -> Option<Access> {
    OPERATIONS
        .iter()
        .find(|(id, _)| *id == operation_id)
        .map(|(_, access)| *access)
}

impl Role {
    /// All roles, the mightiest first.
    pub const ALL: [Self; 5] = [
        Self::Owner,
        Self::Admin,
        Self::Manager,
        Self::Member,
        Self::Viewer,
    ];

    /// The name in the API and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether it may do no less than `other`.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self as u8 <= other as u8
    }

    /// What it may do.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .into_iter()
            .filter(move |permission| self.covers(permission.least_role()))
    }
}

impl Permission {
    /// All permissions.
    pub const ALL: [Self; 10] = [
        Self::ReadRecords,
        Self::ExportRecords,
        Self::WriteRecords,
        Self::RewriteHistory,
        Self::WriteSchema,
        Self::ReadUsers,
        Self::ManageUsers,
        Self::ManageTokens,
        Self::WriteViews,
        Self::ManageWorkspace,
    ];

    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadRecords => "records.read",
            Self::ExportRecords => "records.export",
            Self::WriteRecords => "records.write",
            Self::RewriteHistory => "history.rewrite",
            Self::WriteSchema => "schema.write",
            Self::ReadUsers => "users.read",
            Self::ManageUsers => "users.manage",
            Self::ManageTokens => "tokens.manage",
            Self::WriteViews => "views.write",
            Self::ManageWorkspace => "workspace.manage",
        }
    }

    /// The least mighty role that has it.
    #[must_use]
    pub fn least_role(self) -> Role {
        match self {
            Self::ReadRecords | Self::ReadUsers | Self::ManageTokens | Self::WriteViews => {
                Role::Viewer
            }
            Self::WriteRecords | Self::ExportRecords => Role::Member,
            Self::RewriteHistory | Self::WriteSchema => Role::Manager,
            Self::ManageUsers | Self::ManageWorkspace => Role::Admin,
        }
    }

    /// The scope that a token needs for it.
    #[must_use]
    pub fn scope(self) -> Scope {
        match self {
            Self::ReadRecords | Self::ExportRecords | Self::ReadUsers => Scope::Read,
            Self::WriteRecords | Self::RewriteHistory | Self::WriteViews => Scope::Write,
            Self::WriteSchema => Scope::Schema,
            Self::ManageUsers | Self::ManageTokens | Self::ManageWorkspace => Scope::Admin,
        }
    }
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Schema, Self::Admin];

    /// The name in the API and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Schema => "schema",
            Self::Admin => "admin",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }

    /// Whether a token with this scope may do what `other` allows: nobody changes what they may not read.
    #[must_use]
    pub fn includes(self, other: Self) -> bool {
        self == other || other == Self::Read
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mightier_role_may_do_all_that_a_lesser_one_may() {
        for pair in Role::ALL.windows(2) {
            let lesser: Vec<_> = pair[1].permissions().collect();
            assert!(
                lesser
                    .iter()
                    .all(|permission| pair[0].permissions().any(|own| own == *permission))
            );
        }
        assert_eq!(Role::Owner.permissions().count(), Permission::ALL.len());
    }

    #[test]
    fn an_operation_that_is_not_listed_has_no_access() {
        assert_eq!(of_operation("launch_rockets"), None);
    }
}
