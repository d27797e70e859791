//! `leadline backup`.

use std::path::PathBuf;

use clap::{Args, CommandFactory, error::ErrorKind};
use leadline_store::db::{DbConfig, back_up_sqlite};

use super::{
    command::{Cli, Failure, block_on},
    database::DatabaseArgs,
};
use crate::config::Overrides;

/// Copy the database to a file, also while a server runs (SQLite; for PostgreSQL there is pg_dump).
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to make; it must not exist.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl Backup {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.database.load(Overrides::default())?;
        let from = sqlite_path(config.database(), "pg_dump --format=custom");
        if !from.exists() {
            return Err(Failure(format!("there is no {}", from.display())));
        }
        block_on(async move {
            back_up_sqlite(from, self.to.clone())
                .await
                .map_err(Failure::of)?;
            let bytes = std::fs::metadata(&self.to).map_err(Failure::of)?.len();
            println!("{} written, {bytes} bytes", self.to.display());
            Ok(())
        })
    }
}

/// The SQLite file; on PostgreSQL the command was called wrongly, and ends here with exit code 2.
pub(super) fn sqlite_path(config: DbConfig, instead: &str) -> PathBuf {
    match config {
        DbConfig::Sqlite { path } => path,
        DbConfig::Postgres { .. } => Cli::command()
            .error(
                ErrorKind::ArgumentConflict,
                format!(
                    "this command is for SQLite; a PostgreSQL database is copied by its own tools: {instead}"
                ),
            )
            .exit(),
    }
}
