//! `leadline user`: a first owner without sign-up, and links for new passwords.

use clap::{Args, Subcommand};

use super::{
    command::{Failure, block_on},
    database::{DatabaseArgs, open_app},
};
use crate::service::{accounts, error::ServiceError};

/// Create people and help them in.
#[derive(Debug, Args)]
pub(super) struct User {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Create a person and a workspace that they own; prints a link with which they set their password.
    Create(Create),
    /// Print a link with which a person sets a new password; it can be used once.
    ResetPassword(ResetPassword),
}

#[derive(Debug, Args)]
struct Create {
    /// Name of the new workspace.
    #[arg(long)]
    workspace: String,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// The person's address of mail.
    email: String,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, Args)]
struct ResetPassword {
    /// The person's address of mail.
    email: String,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl User {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.command {
            UserCommand::Create(command) => block_on(command.run()),
            UserCommand::ResetPassword(command) => block_on(command.run()),
        }
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let app = open_app(&self.database).await?;
        accounts::create_owner(&app, &self.workspace, &self.name, &self.email)
            .await
            .map_err(explain)?;
        let link = accounts::password_reset_link(&app, &self.email)
            .await
            .map_err(explain)?;
        println!("{link}");
        Ok(())
    }
}

impl ResetPassword {
    async fn run(self) -> Result<(), Failure> {
        let app = open_app(&self.database).await?;
        let link = accounts::password_reset_link(&app, &self.email)
            .await
            .map_err(explain)?;
        println!("{link}");
        Ok(())
    }
}

fn explain(error: ServiceError) -> Failure {
    match error {
        ServiceError::NotFound => Failure("there is no account with this address".into()),
        ServiceError::Conflict { detail, .. } => Failure(detail),
        ServiceError::Invalid(errors) => Failure(
            errors
                .iter()
                .map(|e| format!("{} {}", e.pointer, e.message))
                .collect::<Vec<_>>()
                .join("; "),
        ),
        other => Failure::of(other),
    }
}
