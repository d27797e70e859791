//! Looks for a stored key that no record holds.

use std::collections::{HashMap, HashSet};

use leadline_engine::{
    ids::{PropertyId, RecordId},
    write::record_key,
};
use leadline_store::{
    db::Db,
    ledger::ranges::{self, StoredKey},
    workspaces::Workspace,
};

use super::{Finding, load_schema};
use crate::service::error::ServiceError;

/// Keys looked at in one unit of work.
const KEYS_PER_PAGE: i64 = 1_000;

/// The first key that is not its record's, in the order of the index.
pub(super) async fn find_stray(
    db: &Db,
    workspace: &Workspace,
) -> Result<Option<Finding>, ServiceError> {
    let mut after: Option<StoredKey> = None;
    loop {
        let (stray, last) = look_at_page(db, workspace, after).await?;
        if stray.is_some() || last.is_none() {
            return Ok(stray);
        }
        after = last;
    }
}

async fn look_at_page(
    db: &Db,
    workspace: &Workspace,
    after: Option<StoredKey>,
) -> Result<(Option<Finding>, Option<StoredKey>), ServiceError> {
    let workspace = workspace.clone();
    db.snapshot(move |tx| {
        let (workspace, after) = (workspace.clone(), after.clone());
        Box::pin(async move {
            let schema = load_schema(tx, workspace.id).await?;
            let page = ranges::keys_after(tx, workspace.id, after.as_ref(), KEYS_PER_PAGE).await?;
            let records = ranges::records_of_keys(tx, workspace.id, &schema, &page).await?;
            let mut due: HashSet<(PropertyId, String, RecordId)> = HashSet::new();
            let mut names = HashMap::new();
            for object in schema.objects() {
                let indexed = object
                    .properties
                    .iter()
                    .filter(|property| property.is_indexed());
                for property in indexed {
                    names.insert(
                        property.id,
                        (
                            Box::from(object.name.as_str()),
                            Box::from(property.name.as_str()),
                        ),
                    );
                    let of_object = records
                        .iter()
                        .filter(|record| record.object_id == object.id);
                    due.extend(of_object.filter_map(|record| {
                        let value = ranges::stored_key(&record_key(record, property)?);
                        Some((property.id, value, record.id))
                    }));
                }
            }
            let is_stray =
                |key: &&StoredKey| !due.contains(&(key.property, key.value.clone(), key.record));
            let finding = page.iter().find(is_stray).map(|key| {
                let (object, property) = names.get(&key.property).cloned().unzip();
                Finding {
                    object,
                    property,
                    ..Finding::new(
                        &workspace,
                        key.record,
                        "a stored key is not that of its current value",
                    )
                }
            });
            Ok((finding, page.into_iter().last()))
        })
    })
    .await
}
