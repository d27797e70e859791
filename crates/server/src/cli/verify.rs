//! `leadline verify`.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use leadline_store::db::{Db, DbConfig, DbError, back_up_sqlite};

use super::{
    command::{Failure, block_on},
    database::DatabaseArgs,
};
use crate::{
    config::Overrides,
    service::{
        error::ServiceError,
        verify::{self, Verified},
    },
};

/// Check the whole history against itself: hashes, versions, times, spans, current values, keys, links.
///
/// Names the first row that is wrong and ends with exit code 1. Can run while a server does.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Check only workspaces of this name.
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl Verify {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.database.load(Overrides::default())?;
        block_on(async move {
            match open(config.database()).await {
                Err(DbError::Locked { path }) => {
                    eprintln!(
                        "{} is in use: checking a copy of it as it is now",
                        path.display()
                    );
                    verify_copy(&path, self.workspace.as_deref()).await
                }
                opened => {
                    let db = opened.map_err(Failure::of)?;
                    verify_all(&db, self.workspace.as_deref()).await
                }
            }
        })
    }
}

/// Checks a database, with a progress bar on a terminal, and prints what was found.
pub(super) async fn verify_all(db: &Db, workspace: Option<&str>) -> Result<(), Failure> {
    let started = Instant::now();
    let bar = ProgressBar::new(0);
    if let Ok(style) =
        ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} records, {eta} left")
    {
        bar.set_style(style);
    }
    let outcome = verify::verify(db, workspace, &|workspace, checked, all| {
        if bar.message() != workspace.name {
            bar.set_message(workspace.name.clone());
        }
        bar.set_length(all);
        bar.set_position(checked);
    })
    .await;
    bar.finish_and_clear();
    match outcome {
        Ok(Ok(verified)) => {
            println!("{}", summary(&verified, started.elapsed()));
            Ok(())
        }
        Ok(Err(finding)) => Err(Failure(format!("damaged: {finding}"))),
        Err(ServiceError::NotFound) => Err(Failure("there is no workspace of this name".into())),
        Err(error) => Err(Failure::of(error)),
    }
}

/// A database with this release's tables; it is not migrated, since a check must change nothing.
async fn open(config: DbConfig) -> Result<Db, DbError> {
    if let DbConfig::Sqlite { path } = &config
        && !path.exists()
    {
        return Err(DbError::Unavailable(format!(
            "there is no {}",
            path.display()
        )));
    }
    Db::open(config).await
}

async fn verify_copy(path: &Path, workspace: Option<&str>) -> Result<(), Failure> {
    let folder = tempfile::tempdir_in(path.parent().unwrap_or(Path::new(".")));
    let folder = folder.map_err(Failure::of)?;
    let copy = folder.path().join("leadline.db");
    back_up_sqlite(path.to_path_buf(), copy.clone())
        .await
        .map_err(Failure::of)?;
    let db = Db::open(DbConfig::Sqlite { path: copy })
        .await
        .map_err(Failure::of)?;
    verify_all(&db, workspace).await
}

fn summary(verified: &Verified, took: Duration) -> String {
    let Verified {
        workspaces,
        records,
        change_sets,
        spans,
        keys,
        links,
    } = verified;
    format!(
        "sound: {workspaces} workspaces, {records} records, {change_sets} change sets, {spans} past values, {keys} keys, {links} links, checked in {:.1} s",
        took.as_secs_f64()
    )
}
