//! Who asks, and for which workspace: the first argument of every service.

use std::net::IpAddr;

use leadline_engine::{
    ids::{AccountId, SessionId, WorkspaceId},
    ledger::{Actor, ActorKind, Source},
    time::Timestamp,
};

use super::{
    access::{Permission, Role, Scope},
    error::ServiceError,
    secrets,
};
use crate::{clock::Clock, config::Secret};

/// Who asks, and for which workspace.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// The tenant. Every read and write of the store takes it.
    pub workspace: WorkspaceId,
    /// The person, also behind a token; `None` for Leadline itself.
    pub account: Option<AccountId>,
    /// What is written into change sets.
    pub actor: Actor,
    /// How changes come unless the request says otherwise.
    pub source: Source,
    /// The person's role in the workspace.
    pub role: Role,
    /// What the token is limited to; `None` for sessions and for Leadline itself, which are not limited.
    pub scopes: Option<Vec<Scope>>,
    /// The session, if it is one.
    pub session: Option<SessionId>,
    /// The session's or token's own secret, from which secrets shown once are derived.
    pub credential: Secret,
    /// Names this request in answers and logs.
    pub request_id: RequestId,
    /// From where the request came.
    pub address: Option<IpAddr>,
    /// The time of day.
    pub clock: Clock,
    /// The version of the workspace's schema when the request came; 0 where it was not looked up.
    pub schema_version: i64,
    /// Under which key the answer is kept, when the caller gave one.
    pub idempotency: Option<Idempotency>,
}

/// Names a request in answers and logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// The caller's key for a write, and what it was given with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// As sent.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub request_hash: [u8; 32],
}

impl Ctx {
    /// Leadline itself at work in a workspace: the command line and jobs.
    #[must_use]
    pub fn system(workspace: WorkspaceId, clock: Clock) -> Self {
        Self {
            workspace,
            account: None,
            actor: Actor::SYSTEM,
            source: Source::System,
            role: Role::Owner,
            scopes: None,
            session: None,
            credential: Secret::new(""),
            request_id: RequestId(String::new()),
            address: None,
            clock,
            schema_version: 0,
            idempotency: None,
        }
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether the caller may do it: the role has the permission, and the token its scope.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        let is_in_scope = self
            .scopes
            .as_ref()
            .is_none_or(|scopes| scopes.iter().any(|own| own.includes(permission.scope())));
        self.role.covers(permission.least_role()) && is_in_scope
    }

    /// Refuses what the caller may not do.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn require(&self, permission: Permission) -> Result<(), ServiceError> {
        if self.may(permission) {
            Ok(())
        } else if self.role.covers(permission.least_role()) {
            Err(ServiceError::Forbidden {
                code: "INSUFFICIENT_SCOPE",
                detail: "the token's scopes do not allow this",
            })
        } else {
            Err(ServiceError::forbidden())
        }
    }

    /// The person behind the request.
    ///
    /// # Errors
    /// `Forbidden` when it is Leadline itself.
    pub fn account(&self) -> Result<AccountId, ServiceError> {
        self.account.ok_or_else(ServiceError::forbidden)
    }

    /// The same for a request whose body holds a password: what is kept of the body then says nothing to whoever reads the database, and the
    /// key answers only to the same session or token.
    #[must_use]
    pub fn with_secret_body(&self) -> Self {
        let mut ctx = self.clone();
        if let Some(idempotency) = &mut ctx.idempotency {
            let body = hex::encode(idempotency.request_hash);
            let derived = secrets::derive(&self.credential, "request", &body);
            idempotency.request_hash = secrets::hash(derived.reveal());
        }
        ctx
    }

    /// The actor as the idempotency keys are kept under: `user:…`, `token:…`.
    #[must_use]
    pub fn actor_key(&self) -> String {
        let kind = match self.actor.kind {
            ActorKind::User => "user",
            ActorKind::Token => "token",
            ActorKind::Automation => "automation",
            ActorKind::System => "system",
        };
        format!("{kind}:{}", self.actor.id.unwrap_or_default())
    }
}
