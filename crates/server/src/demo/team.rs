//! Who works at Northwind.

use leadline_engine::{
    ids::{AccountId, WorkspaceId},
    ledger::{Actor, ActorKind},
    time::Timestamp,
};
use leadline_store::{accounts::Account, db::Tx, memberships};

use super::{EMAIL, dice::Dice};
use crate::service::{
    access::Role,
    accounts::{add_account, new_account, new_membership},
    error::ServiceError,
};

/// Name, address, role.
const MEMBERS: [(&str, &str, Role); 5] = [
    ("Ingrid Solberg", EMAIL, Role::Owner),
    ("Mateo Quiroga", "mateo@leadline.example", Role::Manager),
    ("Aisha Bello", "aisha@leadline.example", Role::Member),
    ("Kenji Watanabe", "kenji@leadline.example", Role::Member),
    ("Zofia Lewandowska", "zofia@leadline.example", Role::Member),
];

/// The five.
pub(super) struct Team {
    accounts: Vec<Account>,
    since: Timestamp,
}

impl Team {
    /// The owner can sign in by the first of the hashes' passwords.
    pub(super) fn new(since: Timestamp, (owner_hash, other_hash): (String, String)) -> Self {
        let account = |(name, email, _): &(&str, &str, Role)| {
            let hash = if *email == EMAIL {
                &owner_hash
            } else {
                &other_hash
            };
            new_account(name, email, hash.clone(), since)
        };
        Self {
            accounts: MEMBERS.iter().map(account).collect(),
            since,
        }
    }

    pub(super) async fn add_accounts(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        for account in &self.accounts {
            add_account(tx, account, "/email").await?;
        }
        Ok(())
    }

    pub(super) async fn add_members(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
    ) -> Result<(), ServiceError> {
        for (account, (_, _, role)) in self.accounts.iter().zip(MEMBERS) {
            let membership = new_membership(workspace, account.id, role, self.since);
            memberships::insert(tx, &membership).await?;
        }
        Ok(())
    }

    pub(super) fn owner(&self) -> AccountId {
        self.accounts[0].id
    }

    pub(super) fn manager(&self) -> AccountId {
        self.accounts[1].id
    }

    /// Who works on a new lead, and how quick they are: some get more of them, some take longer.
    pub(super) fn seller(&self, dice: &mut Dice) -> Seller {
        let (index, pace) = dice.weighted(&[
            ((1, 1.1), 12.0),
            ((2, 0.7), 34.0),
            ((3, 1.0), 30.0),
            ((4, 1.5), 24.0),
        ]);
        Seller {
            id: self.accounts[index].id,
            pace,
        }
    }
}

/// Someone who sells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seller {
    pub(super) id: AccountId,
    /// How long they take, compared with others.
    pub(super) pace: f64,
}

/// A person as the actor of a change.
pub(super) fn user(id: AccountId) -> Actor {
    Actor {
        kind: ActorKind::User,
        id: Some(id.uuid()),
    }
}
