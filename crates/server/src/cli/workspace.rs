//! Finds the workspace that a command works in, and says what a service refused.

use leadline_engine::ids::WorkspaceId;
use leadline_store::workspaces::{self, Workspace};

use super::command::Failure;
use crate::{
    app::App,
    service::{ctx::Ctx, error::ServiceError},
};

/// Leadline itself at work in the workspace of this name or id.
///
/// # Errors
/// If there is none, or several have the name.
pub(super) async fn system_ctx(app: &App, workspace: &str) -> Result<Ctx, Failure> {
    let id: Option<WorkspaceId> = workspace.parse().ok();
    let name = workspace.to_owned();
    let found: Vec<Workspace> = app
        .db
        .read(move |tx| {
            let name = name.clone();
            Box::pin(async move {
                match id {
                    Some(id) => Ok(workspaces::get(tx, id).await?.into_iter().collect()),
                    None => Ok::<_, ServiceError>(workspaces::find_by_name(tx, &name).await?),
                }
            })
        })
        .await
        .map_err(explain)?;
    match found.as_slice() {
        [one] => Ok(Ctx::system(one.id, app.clock.clone())),
        [] => Err(Failure(format!("there is no workspace {workspace:?}"))),
        several => {
            let ids: Vec<String> = several
                .iter()
                .map(|workspace| workspace.id.to_string())
                .collect();
            Err(Failure(format!(
                "several workspaces have this name; give one by its id: {}",
                ids.join(", ")
            )))
        }
    }
}

/// What a service refused, in one line for a person.
pub(super) fn explain(error: ServiceError) -> Failure {
    match error {
        ServiceError::NotFound => Failure("there is no such object".into()),
        ServiceError::Conflict { detail, .. } => Failure(detail),
        ServiceError::Invalid(errors) => {
            let texts: Vec<String> = errors
                .iter()
                .map(|error| format!("{} {} ({})", error.pointer, error.message, error.code))
                .collect();
            Failure(texts.join("; "))
        }
        other => Failure::of(other),
    }
}
