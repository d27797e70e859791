//! `leadline migrate`.

use clap::Args;
use leadline_store::db::Db;

use super::{
    command::{Failure, block_on},
    database::DatabaseArgs,
};
use crate::config::Overrides;

/// Bring the database to this release's tables.
#[derive(Debug, Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    database: DatabaseArgs,
}

impl Migrate {
    pub(super) fn run(self) -> Result<(), Failure> {
        let config = self.database.load(Overrides::default())?;
        block_on(async move {
            let db = Db::open(config.database()).await.map_err(Failure::of)?;
            let migrated = db.migrate().await.map_err(Failure::of)?;
            println!("schema version {} (was {})", migrated.to, migrated.from);
            Ok(())
        })
    }
}
