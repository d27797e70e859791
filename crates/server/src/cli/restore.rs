//! `leadline restore`.

use std::path::PathBuf;

use clap::Args;
use leadline_store::db::{Db, restore_sqlite};

use super::{
    backup::sqlite_path,
    command::{Failure, block_on},
    database::DatabaseArgs,
    verify::verify_all,
};
use crate::config::Overrides;

/// Put a copy that `backup` made in place of the database, while no server runs, and check it.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The copy.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Replace a database that exists.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl Restore {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.database.load(Overrides::default())?;
        let to = sqlite_path(config.database(), "pg_restore");
        if to.exists() && !self.force {
            return Err(Failure(format!(
                "{} exists; --force replaces it",
                to.display()
            )));
        }
        block_on(async move {
            restore_sqlite(self.from.clone(), to.clone())
                .await
                .map_err(Failure::of)?;
            let db = Db::open(config.database()).await.map_err(Failure::of)?;
            db.migrate().await.map_err(Failure::of)?;
            verify_all(&db, None).await?;
            println!("{} restored from {}", to.display(), self.from.display());
            Ok(())
        })
    }
}
