//! `leadline demo`.

use clap::Args;

use super::{
    command::{Failure, block_on},
    database::{DatabaseArgs, open_app},
};
use crate::{app::App, demo};

/// Write a demonstration workspace: two years of a sales team's work. `serve --demo` does so by itself.
#[derive(Debug, Args)]
pub(super) struct Demo {
    #[command(flatten)]
    database: DatabaseArgs,
}

impl Demo {
    pub(super) fn run(self) -> Result<(), Failure> {
        block_on(async move {
            let app = open_app(&self.database).await?;
            write(&app).await
        })
    }
}

/// Writes the demonstration unless it is there, and prints who can sign in. Only where nobody else can: everyone knows the password.
pub(super) async fn write(app: &App) -> Result<(), Failure> {
    if !app.config.listen.ip().is_loopback() {
        return Err(Failure(format!(
            "the demonstration's password is known to everyone, so it is only for a server that listens on this machine, not on {}",
            app.config.listen
        )));
    }
    if demo::write(app).await.map_err(Failure::of)? {
        println!("Workspace {:?} written", demo::WORKSPACE);
    }
    println!("Login:    {}", demo::EMAIL);
    println!("Password: {}", demo::PASSWORD);
    Ok(())
}
