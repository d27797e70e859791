//! Identifiers: UUIDs (version 7) that cannot be mixed up, because each kind is a type of its own.

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// A UUID of one kind of thing. `Kind` exists only for the compiler.
pub struct Id<Kind>(Uuid, PhantomData<fn() -> Kind>);

/// Kinds of identified things; never instantiated.
pub mod kind {
    /// A tenant.
    pub enum Workspace {}
    /// A person who can sign in.
    pub enum Account {}
    /// A kind of record.
    pub enum Object {}
    /// A field of an object.
    pub enum Property {}
    /// A lead, a contact, ...
    pub enum Record {}
    /// What one write changed on one record.
    pub enum ChangeSet {}
    /// An API token.
    pub enum Token {}
    /// A signed-in browser.
    pub enum Session {}
    /// An invitation to a workspace.
    pub enum Invitation {}
    /// A background job.
    pub enum Job {}
    /// A saved view.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum View {}
    /// A dashboard.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Dashboard {}
    /// A saved report.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Report {}
}

/// Identifies a workspace.
pub type WorkspaceId = Id<kind::Workspace>;
/// Identifies an account (a user).
pub type AccountId = Id<kind::Account>;
/// Identifies an object.
pub type ObjectId = Id<kind::Object>;
/// Identifies a property.
pub type PropertyId = Id<kind::Property>;
/// Identifies a record.
pub type RecordId = Id<kind::Record>;
/// Identifies a change set.
pub type ChangeSetId = Id<kind::ChangeSet>;
/// Identifies an API token.
pub type TokenId = Id<kind::Token>;
/// Identifies a session.
pub type SessionId = Id<kind::Session>;
/// Identifies an invitation.
pub type InvitationId = Id<kind::Invitation>;
/// Identifies a background job.
pub type JobId = Id<kind::Job>;
/// Identifies a saved view.
pub type ViewId = Id<kind::View>;
/// Identifies a dashboard.
pub type DashboardId = Id<kind::Dashboard>;
/// Identifies a saved report.
pub type ReportId = Id<kind::Report>;

impl<Kind> Id<Kind> {
    /// A new identifier (UUID version 7). Within one process, later ones are greater.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7(), PhantomData)
    }

    /// The UUID itself.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        self.0
    }

    /// The 16 bytes, big endian.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl<Kind> Default for Id<Kind> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Kind> From<Uuid> for Id<Kind> {
    fn from(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }
}

impl<Kind> From<Id<Kind>> for Uuid {
    fn from(id: Id<Kind>) -> Self {
        id.0
    }
}

impl<Kind> FromStr for Id<Kind> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self::from)
    }
}

impl<Kind> fmt::Display for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl<Kind> fmt::Debug for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<Kind> Clone for Id<Kind> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Kind> Copy for Id<Kind> {}

impl<Kind> PartialEq for Id<Kind> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<Kind> Eq for Id<Kind> {}

impl<Kind> PartialOrd for Id<Kind> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<Kind> Ord for Id<Kind> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<Kind> hash::Hash for Id<Kind> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<Kind> Serialize for Id<Kind> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, Kind> Deserialize<'de> for Id<Kind> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::from)
    }
}
