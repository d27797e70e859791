//! The schemas of the workspaces in use, each kept until its version changes.

use std::{collections::HashMap, sync::Arc};

use leadline_engine::{ids::WorkspaceId, schema::Schema};
use leadline_store::{db::Tx, definitions, workspaces};
use parking_lot::Mutex;

use super::error::ServiceError;

/// More workspaces than this make the others be forgotten.
const MANY: usize = 10_000;

/// Schemas by workspace. Exact: the version is read in the caller's unit of work. A version is never used for two schemas, because a change
/// makes it greater than the time of day.
#[derive(Default)]
pub struct SchemaCache(Mutex<HashMap<WorkspaceId, Arc<Schema>>>);

impl SchemaCache {
    /// The schema of a workspace as the unit of work sees it. One indexed read when it is cached.
    ///
    /// # Errors
    /// `NotFound` when there is no such workspace.
    pub async fn get(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
    ) -> Result<Arc<Schema>, ServiceError> {
        let version = workspaces::schema_version(tx, workspace).await?;
        let version = version.ok_or(ServiceError::NotFound)?;
        self.of_version(tx, workspace, version).await
    }

    /// The same for a unit of work that writes records by this schema: it does not change until the unit ends.
    ///
    /// # Errors
    /// `NotFound` when there is no such workspace.
    pub async fn hold(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
    ) -> Result<Arc<Schema>, ServiceError> {
        let version = workspaces::hold_schema(tx, workspace).await?;
        let version = version.ok_or(ServiceError::NotFound)?;
        self.of_version(tx, workspace, version).await
    }

    /// The schema of a workspace in this version, when it is cached.
    pub fn cached(&self, workspace: WorkspaceId, version: i64) -> Option<Arc<Schema>> {
        let cache = self.0.lock();
        let schema = cache.get(&workspace)?;
        (schema.version == version).then(|| schema.clone())
    }

    /// The schema of a workspace in this version or a later one. No read when it is cached.
    ///
    /// # Errors
    /// `NotFound` when there is no such workspace.
    pub async fn of_version(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        version: i64,
    ) -> Result<Arc<Schema>, ServiceError> {
        if let Some(schema) = self.cached(workspace, version) {
            return Ok(schema);
        }
        let schema = Arc::new(
            definitions::load(tx, workspace)
                .await?
                .ok_or(ServiceError::NotFound)?,
        );
        let mut cache = self.0.lock();
        if cache.len() >= MANY {
            cache.clear();
        }
        if cache
            .get(&workspace)
            .is_none_or(|cached| cached.version < schema.version)
        {
            cache.insert(workspace, schema.clone());
        }
        Ok(schema)
    }
}
