//! Which database a command works on: the options that most commands share.

use std::path::PathBuf;

use clap::Args;

use super::command::Failure;
use crate::{
    app::App,
    clock::Clock,
    config::{self, Config, Overrides},
    logs,
};

/// Which database to work on.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArgs {
    /// File with settings; `leadline serve --print-config` shows them all.
    #[arg(long, env = "LEADLINE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the SQLite file [default: ./data].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL instead of SQLite; better given as LEADLINE_DATABASE_URL or LEADLINE_DATABASE_URL_FILE.
    #[arg(long, value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

impl DatabaseArgs {
    /// The settings, as the command line changes them; starts logging.
    ///
    /// # Errors
    /// If a setting is unknown or malformed.
    pub fn load(&self, others: Overrides) -> Result<Config, Failure> {
        let overrides = Overrides {
            data: self.data.clone(),
            database_url: self.database_url.clone(),
            ..others
        };
        let config = config::load(self.config.as_deref(), &overrides).map_err(Failure::of)?;
        logs::init(config.log_format, &config.log_level).map_err(Failure)?;
        Ok(config)
    }
}

/// The application on the database that the command names, for commands that work without a server.
///
/// # Errors
/// If the settings are wrong, or the database cannot be opened (a server has the SQLite file) or migrated.
pub async fn open_app(args: &DatabaseArgs) -> Result<App, Failure> {
    let config = args.load(Overrides::default())?;
    App::open(config, Clock::System).await.map_err(Failure::of)
}
