//! Whether the users and records that a write names exist.

use std::collections::{BTreeMap, HashSet};

use leadline_engine::{
    error::FieldError,
    ids::{AccountId, RecordId},
    schema::{Object, Property, PropertyType, Schema},
    spans::Statement,
    validate::parse_property,
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
    for (property, value) in writes.iter().flat_map(|write| links_of(object, write)) {
        match value {
            Value::User(id) => users.extend([id]),
            Value::Record(id) => links
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

/// The values of a write that may be links. A restore brings back what was checked before; an import looks its links up itself.
fn links_of<'w>(object: &'w Object, write: &'w Write) -> Vec<(&'w Property, Value)> {
    let may_link =
        |property: &Property| matches!(property.kind, PropertyType::User | PropertyType::Record);
    match &write.action {
        Action::Set(input) => {
            let link = |(name, json): (&'w String, _)| {
                let property = object
                    .property(name)
                    .filter(|property| may_link(property))?;
                let value = parse_property(object, name, json).ok()??;
                Some((&**property, value))
            };
            input.iter().filter_map(link).collect()
        }
        Action::Correct {
            property,
            statements,
        } if may_link(property) => {
            let values = statements
                .iter()
                .filter_map(|statement| statement.value.clone());
            values.map(|value| (&**property, value)).collect()
        }
        Action::Correct { .. }
        | Action::Archive(_)
        | Action::TakeBack { .. }
        | Action::Restore { .. }
        | Action::History { .. } => Vec::new(),
    }
}

impl Unknown {
    /// Statements that link to what does not exist are refused.
    pub(super) fn check_statements(
        &self,
        property: &Property,
        statements: &[Statement],
    ) -> Result<(), ServiceError> {
        let error = |(index, statement): (usize, &Statement)| {
            let value = statement.value.as_ref()?;
            self.error(property, value, format!("/set/{index}/value"))
        };
        ServiceError::if_any(statements.iter().enumerate().filter_map(error).collect())
    }

    /// The values of a write that link to what does not exist.
    pub(super) fn errors(&self, object: &Object, write: &Write) -> Vec<FieldError> {
        if self.users.is_empty() && self.records.is_empty() {
            return Vec::new();
        }
        let error = |(property, value): (&Property, Value)| {
            self.error(property, &value, format!("/properties/{}", property.name))
        };
        links_of(object, write)
            .into_iter()
            .filter_map(error)
            .collect()
    }

    fn error(&self, property: &Property, value: &Value, pointer: String) -> Option<FieldError> {
        let target = || {
            property
                .definition
                .target_object
                .clone()
                .unwrap_or_default()
        };
        match value {
            Value::User(id) if self.users.contains(id) => Some(FieldError::new(
                pointer,
                "UNKNOWN_USER",
                "is no member of this workspace",
            )),
            Value::Record(id) if self.records.contains(&(target(), *id)) => Some(FieldError::new(
                pointer,
                "UNKNOWN_RECORD",
                format!("is no record of {}", target()),
            )),
            _ => None,
        }
    }
}
