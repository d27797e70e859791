//! Whether the users and records that a write names exist.

use std::collections::{BTreeMap, HashSet};

use leadline_engine::{
    error::FieldError,
    ids::{AccountId, RecordId},
    schema::{Object, PropertyType, Schema},
    validate::{Draft, parse_property},
    value::Value,
};
use leadline_store::{db::Tx, ledger::records, memberships};

use super::apply::{Action, Write};
use crate::service::{ctx::Ctx, error::ServiceError};

/// Links that lead nowhere in this workspace.
#[derive(Debug, Default)]
pub(super) struct Unknown {
    users: HashSet<AccountId>,
    records: HashSet<(String, RecordId)>,
}

/// Looks up everything that the writes link to, set-wise.
pub(super) async fn unknown(
    tx: &mut Tx,
    ctx: &Ctx,
    schema: &Schema,
    object: &Object,
    writes: &[Write],
) -> Result<Unknown, ServiceError> {
    let mut unknown = Unknown::default();
    let mut users: HashSet<AccountId> = HashSet::new();
    let mut links: BTreeMap<String, HashSet<RecordId>> = BTreeMap::new();
    for write in writes {
        let Action::Set(input) = &write.action else {
            continue;
        };
        for (name, json) in input {
            let Some(property) = object.property(name) else {
                continue;
            };
            if !matches!(property.kind, PropertyType::User | PropertyType::Record) {
                continue;
            }
            match parse_property(object, name, json) {
                Ok(Some(Value::User(id))) => users.extend([id]),
                Ok(Some(Value::Record(id))) => links
                    .entry(
                        property
                            .definition
                            .target_object
                            .clone()
                            .unwrap_or_default(),
                    )
                    .or_default()
                    .extend([id]),
                _ => {}
            }
        }
    }
    if !users.is_empty() {
        let ids: Vec<AccountId> = users.iter().copied().collect();
        let known: HashSet<AccountId> = memberships::active_among(tx, ctx.workspace, &ids)
            .await?
            .into_iter()
            .collect();
        unknown.users = users.difference(&known).copied().collect();
    }
    for (target, ids) in links {
        let wanted: Vec<RecordId> = ids.iter().copied().collect();
        let known: HashSet<RecordId> = match schema.object(&target) {
            Some(object) => records::existing(tx, ctx.workspace, object.id, &wanted)
                .await?
                .into_iter()
                .collect(),
            None => HashSet::new(),
        };
        unknown
            .records
            .extend(ids.difference(&known).map(|id| (target.clone(), *id)));
    }
    Ok(unknown)
}

impl Unknown {
    /// Refuses a draft that links to what does not exist.
    pub(super) fn check(&self, object: &Object, draft: &Draft) -> Result<(), ServiceError> {
        if self.users.is_empty() && self.records.is_empty() {
            return Ok(());
        }
        let mut errors = Vec::new();
        for (name, value) in draft {
            let target = || {
                object
                    .property(name)
                    .and_then(|property| property.definition.target_object.clone())
                    .unwrap_or_default()
            };
            match value {
                Some(Value::User(id)) if self.users.contains(id) => {
                    errors.push(FieldError::new(
                        format!("/properties/{name}"),
                        "UNKNOWN_USER",
                        "is no member of this workspace",
                    ));
                }
                Some(Value::Record(id)) if self.records.contains(&(target(), *id)) => {
                    errors.push(FieldError::new(
                        format!("/properties/{name}"),
                        "UNKNOWN_RECORD",
                        format!("is no record of {}", target()),
                    ));
                }
                _ => {}
            }
        }
        ServiceError::if_any(errors)
    }
}
