//! The commands, and what every one of them has in common: an exit code and one line about what went wrong.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use super::{backup, demo, export, import, migrate, openapi, restore, serve, user, verify};

/// A CRM that keeps every property's full history.
#[derive(Debug, Parser)]
#[command(name = "leadline", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and the web app.
    Serve(serve::Serve),
    /// Bring the database to this release's tables. `serve` does so by itself.
    Migrate(migrate::Migrate),
    /// Import a CSV file as records or as history.
    Import(Box<import::Import>),
    /// Export records, or every value that they ever had.
    Export(export::Export),
    /// Write a demonstration workspace.
    Demo(demo::Demo),
    /// Check the whole history against itself.
    Verify(verify::Verify),
    /// Copy the database to a file.
    Backup(backup::Backup),
    /// Put a copy in place of the database.
    Restore(restore::Restore),
    /// Print the OpenAPI document.
    Openapi,
    /// Create people and help them in.
    User(user::User),
}

/// What went wrong, in one line for a person. Exit code 1.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

impl Cli {
    /// Runs the command. Exit codes: 0 done, 1 failed, 2 called wrongly; `import` has one more.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let result = match self.command {
            Command::Serve(command) => command.run(),
            Command::Migrate(command) => command.run(),
            Command::Import(command) => return exit_code(command.run()),
            Command::Export(command) => command.run(),
            Command::Demo(command) => command.run(),
            Command::Verify(command) => command.run(),
            Command::Backup(command) => command.run(),
            Command::Restore(command) => command.run(),
            Command::Openapi => openapi::run(),
            Command::User(command) => command.run(),
        };
        exit_code(result.map(|()| ExitCode::SUCCESS))
    }
}

impl Failure {
    /// From whatever can say what is wrong.
    pub fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

fn exit_code(result: Result<ExitCode, Failure>) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(Failure(text)) => {
            eprintln!("leadline: {text}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a command's future on a runtime of its own.
///
/// # Errors
/// Those of the future.
pub(super) fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::of)?;
    let result = runtime.block_on(future);
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    result
}
