//! What the caller prefers, wherever they sign in.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{extract::Json, json::present, problem::ProblemBody};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        preferences::{self, Density, Preferences, PreferencesDraft, Theme},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_preferences, update_preferences))
}

/// What to change. What is left out stays as it is; null clears.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"theme": "dark", "density": null}))]
struct PreferencesBody {
    /// Light or dark.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Theme>)]
    theme: Option<Option<Theme>>,
    /// The language, as a tag of BCP 47.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, example = "de")]
    locale: Option<Option<String>>,
    /// How close rows stand.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Density>)]
    density: Option<Option<Density>>,
    /// The dashboard to begin with: one that the caller sees.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    home_dashboard: Option<Option<Uuid>>,
    /// Whether the tour of the app was taken or is not wanted.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<bool>)]
    tour_done: Option<Option<bool>>,
}

/// What the caller prefers in this workspace.
///
/// Shows looks, language, density, the dashboard to begin with and whether the tour is done; null where the caller has not said so, and
/// the app decides.
#[utoipa::path(get, path = "/me/preferences", tag = "accounts", responses(
    (status = 200, description = "What the caller prefers", body = Preferences)))]
async fn get_preferences(
    State(app): State<App>,
    ctx: Ctx,
) -> Result<axum::Json<Preferences>, ServiceError> {
    preferences::get(&app, &ctx).await.map(axum::Json)
}

/// Change what the caller prefers in this workspace.
///
/// Changes what the body names and leaves the rest as it is; null clears. It follows the person to every browser in which they sign in to
/// this workspace. It is for people: a token is refused with `SESSION_REQUIRED`.
#[utoipa::path(patch, path = "/me/preferences", tag = "accounts", request_body = PreferencesBody, responses(
    (status = 200, description = "What the caller prefers now", body = Preferences),
    (status = 403, description = "A token has no preferences", body = ProblemBody),
    (status = 422, description = "The input breaks rules", body = ProblemBody)))]
async fn update_preferences(
    State(app): State<App>,
    ctx: Ctx,
    Json(body): Json<PreferencesBody>,
) -> Result<axum::Json<Preferences>, ServiceError> {
    let draft = PreferencesDraft {
        theme: body.theme,
        locale: body.locale,
        density: body.density,
        home_dashboard: body.home_dashboard,
        tour_done: body.tour_done,
    };
    preferences::update(&app, &ctx, draft).await.map(axum::Json)
}
