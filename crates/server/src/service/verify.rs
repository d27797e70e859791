//! Checks the whole ledger against itself: every record by [`leadline_engine::verify`], every key against the record that holds it,
//! every link against the records at its ends and the links before it.
//!
//! Each range of records is read in a snapshot of its own, so this can run beside writers, in memory that does not grow with the ledger.

mod keys;
mod links;
mod range;

use std::fmt;

use futures_util::{StreamExt, stream};
use leadline_engine::{
    ids::{RecordId, WorkspaceId},
    schema::Schema,
};
use leadline_store::{
    db::{Db, Tx},
    definitions,
    ledger::ranges::{self, Range},
    workspaces::{self, Workspace},
};

use super::error::ServiceError;

/// Records that are read and checked together.
const RECORDS_PER_RANGE: i64 = 256;
/// Ranges in work at once, for each processor: one is read while another is checked.
const RANGES_PER_PROCESSOR: usize = 2;
/// Workspaces read at once.
const WORKSPACES_PER_PAGE: i64 = 100;

/// What was checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verified {
    /// Workspaces.
    pub workspaces: u64,
    /// Records.
    pub records: u64,
    /// Change sets.
    pub change_sets: u64,
    /// Rows of closed and superseded values.
    pub spans: u64,
    /// Keys.
    pub keys: u64,
    /// Links between records, ended ones too.
    pub links: u64,
}

/// The first row that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its name.
    pub workspace_name: Box<str>,
    /// The name of the object, where it is known.
    pub object: Option<Box<str>>,
    /// The record.
    pub record: RecordId,
    /// The property, if it is one's row.
    pub property: Option<Box<str>>,
    /// The version of the record.
    pub version: Option<i64>,
    /// What is wrong.
    pub what: Box<str>,
}

/// How far the work is: a workspace, records checked, records in all.
pub type Progress<'a> = dyn Fn(&Workspace, u64, u64) + Send + Sync + 'a;

/// Checks all workspaces, or those of one name. Stops at the first row that is wrong.
///
/// # Errors
/// `NotFound` when no workspace has the name; those of the database.
pub async fn verify(
    db: &Db,
    name: Option<&str>,
    progress: &Progress<'_>,
) -> Result<Result<Verified, Finding>, ServiceError> {
    let mut verified = Verified::default();
    let mut after = None;
    loop {
        let page = list(db, name.map(str::to_owned), after).await?;
        for workspace in &page {
            match verify_workspace(db, workspace, progress).await? {
                Ok(one) => verified.add(one),
                Err(finding) => return Ok(Err(finding)),
            }
        }
        after = page.last().map(|workspace| workspace.id);
        if name.is_some() || after.is_none() {
            break;
        }
    }
    if name.is_some() && verified.workspaces == 0 {
        return Err(ServiceError::NotFound);
    }
    Ok(Ok(verified))
}

async fn verify_workspace(
    db: &Db,
    workspace: &Workspace,
    progress: &Progress<'_>,
) -> Result<Result<Verified, Finding>, ServiceError> {
    let id = workspace.id;
    let (stored_keys, records) = db
        .snapshot(move |tx| {
            Box::pin(async move { ranges::counts(tx, id).await.map_err(ServiceError::from) })
        })
        .await?;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let mut checks = stream::unfold(Some(None), |after| {
        let db = db.clone();
        async move {
            let after = after?;
            let range = next_range(&db, id, after).await;
            let next = match &range {
                Ok(Range { until, .. }) => until.map(Some),
                Err(_) => None,
            };
            Some((range, next))
        }
    })
    .map(|range| {
        let (db, workspace) = (db.clone(), workspace.clone());
        async move {
            let range = range?;
            let check = tokio::spawn(async move { range::check(&db, &workspace, range).await });
            check
                .await
                .map_err(|error| ServiceError::Internal(error.to_string()))?
        }
    })
    .buffered(processors * RANGES_PER_PROCESSOR)
    .boxed();
    let mut verified = Verified {
        workspaces: 1,
        ..Verified::default()
    };
    while let Some(check) = checks.next().await {
        match check? {
            Ok(one) => verified.add(one),
            Err(finding) => return Ok(Err(finding)),
        }
        progress(
            workspace,
            verified.records,
            (records as u64).max(verified.records),
        );
    }
    // Every key that is due is there. If the number is right too, there is no other one; if not, it is looked for.
    if verified.keys != stored_keys as u64
        && let Some(finding) = keys::find_stray(db, workspace).await?
    {
        return Ok(Err(finding));
    }
    Ok(Ok(verified))
}

async fn list(
    db: &Db,
    name: Option<String>,
    after: Option<WorkspaceId>,
) -> Result<Vec<Workspace>, ServiceError> {
    db.read(move |tx| {
        let name = name.clone();
        Box::pin(async move {
            Ok(match name {
                Some(name) => workspaces::find_by_name(tx, &name).await?,
                None => workspaces::list(tx, after, WORKSPACES_PER_PAGE).await?,
            })
        })
    })
    .await
}

async fn next_range(
    db: &Db,
    workspace: WorkspaceId,
    after: Option<RecordId>,
) -> Result<Range, ServiceError> {
    db.read(move |tx| {
        Box::pin(async move {
            let until = ranges::end(tx, workspace, after, RECORDS_PER_RANGE).await?;
            Ok(Range { after, until })
        })
    })
    .await
}

async fn load_schema(tx: &mut Tx, workspace: WorkspaceId) -> Result<Schema, ServiceError> {
    definitions::load(tx, workspace)
        .await?
        .ok_or(ServiceError::NotFound)
}

impl Verified {
    fn add(&mut self, other: Self) {
        let Self {
            workspaces,
            records,
            change_sets,
            spans,
            keys,
            links,
        } = other;
        self.workspaces += workspaces;
        self.records += records;
        self.change_sets += change_sets;
        self.spans += spans;
        self.keys += keys;
        self.links += links;
    }
}

impl Finding {
    fn new(workspace: &Workspace, record: RecordId, what: &str) -> Self {
        Self {
            workspace: workspace.id,
            workspace_name: workspace.name.as_str().into(),
            object: None,
            record,
            property: None,
            version: None,
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "workspace {:?} ({}), ",
            self.workspace_name, self.workspace
        )?;
        match &self.object {
            Some(object) => write!(f, "{object} {}", self.record)?,
            None => write!(f, "record {}", self.record)?,
        }
        if let Some(property) = &self.property {
            write!(f, ", property {property}")?;
        }
        if let Some(version) = self.version {
            write!(f, ", version {version}")?;
        }
        write!(f, ": {}", self.what)
    }
}

#[cfg(test)]
mod tests;
