//! Properties that serve as keys of upserts and imports.

use std::sync::Arc;

use leadline_engine::schema::{Object, Property, PropertyDefinition, Schema};
use leadline_store::{
    db::Tx,
    definitions,
    ledger::{record_keys, record_keys::Claim, records},
    workspaces,
};

use super::{ctx::Ctx, error::ServiceError, records::find_object};

/// Records whose keys are read at once.
const PAGE: i64 = 1_000;

/// The schema in which the property is indexed, so that it can be a key: as it is, or after its values have been read once.
///
/// # Errors
/// `Invalid` when the property cannot be a key.
pub async fn make_key(
    tx: &mut Tx,
    ctx: &Ctx,
    schema: Arc<Schema>,
    object: &str,
    property: &str,
) -> Result<Arc<Schema>, ServiceError> {
    if find_key(find_object(&schema, object)?, property)?.is_indexed() {
        return Ok(schema);
    }
    workspaces::lock_schema(tx, ctx.workspace).await?;
    let schema = definitions::load(tx, ctx.workspace)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let object = find_object(&schema, object)?;
    let found = find_key(object, property)?;
    if !found.is_indexed() {
        let indexed = Property {
            definition: PropertyDefinition {
                indexed: true,
                ..found.definition.clone()
            },
            ..(**found).clone()
        };
        definitions::update_property(tx, ctx.workspace, &indexed).await?;
        workspaces::bump_schema_version(tx, ctx.workspace, ctx.now()).await?;
        index(tx, ctx, object, &indexed).await?;
    }
    // Not from the cache, nor into it: this unit of work may be undone.
    let schema = definitions::load(tx, ctx.workspace).await?;
    schema.map(Arc::new).ok_or(ServiceError::NotFound)
}

/// Reads the keys of all records into the index.  Returns the claims that a unique property refuses.
///
/// # Errors
/// Those of the database.
pub async fn index(
    tx: &mut Tx,
    ctx: &Ctx,
    object: &Object,
    property: &Property,
) -> Result<Vec<Claim>, ServiceError> {
    let mut refused = Vec::new();
    let mut after = None;
    record_keys::forget(tx, ctx.workspace, property.id).await?;
    loop {
        let ids = records::ids_after(tx, ctx.workspace, object.id, after, PAGE).await?;
        let Some(last) = ids.last() else {
            return Ok(refused);
        };
        after = Some(*last);
        let mut claims = Vec::new();
        for record in records::get_many(tx, ctx.workspace, object, &ids)
            .await?
            .into_iter()
            .filter(|record| !record.archived)
        {
            let key = record
                .values
                .get(&property.name)
                .and_then(|value| value.key(property.kind))
                .filter(|key| !key.is_empty());
            claims.extend(key.map(|value| Claim {
                property: property.id,
                value,
                record: record.id,
                is_unique: property.definition.unique,
            }));
        }
        refused.extend(record_keys::claim(tx, ctx.workspace, &claims).await?);
    }
}

fn find_key<'o>(object: &'o Object, name: &str) -> Result<&'o Arc<Property>, ServiceError> {
    let unfit = || {
        ServiceError::invalid(
            "/idProperty",
            "NOT_A_KEY",
            format!(
                "{} have no property {name:?} that can be a key",
                object.definition.plural_label
            ),
        )
    };
    object
        .property(name)
        .filter(|property| property.is_settable() && property.kind.can_be_key())
        .ok_or_else(unfit)
}
