//! `/livez`, `/readyz`: whether the process lives, and whether it can serve.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};

use crate::app::App;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /livez`: the process answers.
pub(super) async fn get_livez() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers too, is migrated (which the start made sure of), and the server is not stopping.
pub(super) async fn get_readyz(State(app): State<App>) -> (StatusCode, &'static str) {
    if !app.is_ready() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match tokio::time::timeout(PATIENCE, app.db.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n"),
        Ok(Err(_)) | Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        ),
    }
}
