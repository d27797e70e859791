//! What a member prefers, wherever they sign in: looks, language, the dashboard to begin with, whether they want the tour.

use leadline_engine::{error::FieldError, ids::DashboardId};
use leadline_store::{preferences as store, saved};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ctx::Ctx, error::ServiceError, unit_of_work};
use crate::app::App;

/// Most characters of a language tag.
const LONGEST_LOCALE: usize = 35;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// As the device has it.
    Auto,
}

/// How close rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// As usual.
    Comfortable,
    /// Closer.
    Compact,
}

/// What a member prefers; null where they have not said so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[schema(example = json!({"theme": "dark", "locale": "de", "density": "compact", "homeDashboard": null, "tourDone": true}))]
pub struct Preferences {
    /// Light or dark.
    #[schema(required)]
    pub theme: Option<Theme>,
    /// The language, as a tag of BCP 47.
    #[schema(required, example = "de")]
    pub locale: Option<String>,
    /// How close rows stand.
    #[schema(required)]
    pub density: Option<Density>,
    /// The dashboard to begin with.
    #[schema(required)]
    pub home_dashboard: Option<Uuid>,
    /// Whether they have taken the tour of the app, or want none: it is no longer offered.
    #[schema(required)]
    pub tour_done: Option<bool>,
}

/// What to change. What is left out stays as it is; `Some(None)` clears.
#[derive(Debug, Clone, Default)]
pub struct PreferencesDraft {
    /// Light or dark.
    pub theme: Option<Option<Theme>>,
    /// The language.
    pub locale: Option<Option<String>>,
    /// How close rows stand.
    pub density: Option<Option<Density>>,
    /// The dashboard to begin with.
    pub home_dashboard: Option<Option<Uuid>>,
    /// Whether the tour is no longer offered.
    pub tour_done: Option<Option<bool>>,
}

/// What the caller prefers in this workspace.
///
/// # Errors
/// Those of the database.
pub async fn get(app: &App, ctx: &Ctx) -> Result<Preferences, ServiceError> {
    let (workspace, account) = (ctx.workspace, ctx.account()?);
    app.db
        .read(move |tx| Box::pin(async move { read(store::get(tx, workspace, account).await?) }))
        .await
}

/// Changes what the caller prefers in this workspace.
///
/// # Errors
/// Everything that is wrong with the draft.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    draft: PreferencesDraft,
) -> Result<Preferences, ServiceError> {
    let unit_ctx = ctx.clone();
    unit_of_work::write(app, ctx, move |tx| {
        let (ctx, draft) = (unit_ctx.clone(), draft.clone());
        Box::pin(async move {
            let (workspace, account) = (ctx.workspace, ctx.account()?);
            let locale = draft.locale.iter().flatten().next();
            let mut errors: Vec<_> = wrong_locale(locale.map(String::as_str))
                .into_iter()
                .collect();
            if let Some(Some(id)) = draft.home_dashboard {
                let id = DashboardId::from(id);
                if saved::get(tx, workspace, account, id).await?.is_none() {
                    let message = "must be a dashboard that you see";
                    let pointer = "/homeDashboard";
                    errors.push(FieldError::new(pointer, "UNKNOWN_DASHBOARD", message));
                }
            }
            ServiceError::if_any(errors)?;
            let before = read(store::get(tx, workspace, account).await?)?;
            let after = draft.over(before);
            let json = serde_json::to_value(&after)
                .map_err(|error| ServiceError::Internal(error.to_string()))?;
            store::set(tx, workspace, account, &json, ctx.now()).await?;
            Ok(after)
        })
    })
    .await
}

fn read(kept: Option<serde_json::Value>) -> Result<Preferences, ServiceError> {
    match kept {
        None => Ok(Preferences::default()),
        Some(json) => {
            serde_json::from_value(json).map_err(|error| ServiceError::Internal(error.to_string()))
        }
    }
}

fn wrong_locale(locale: Option<&str>) -> Option<FieldError> {
    let is_wrong = locale.is_some_and(|locale| !is_language_tag(locale));
    let message = "must be a language such as en or de-AT";
    is_wrong.then(|| FieldError::new("/locale", "INVALID_LOCALE", message))
}

/// A language of two or three letters, and parts of up to eight letters and digits.
fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    text.len() <= LONGEST_LOCALE
        && (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

impl PreferencesDraft {
    fn over(self, before: Preferences) -> Preferences {
        Preferences {
            theme: self.theme.unwrap_or(before.theme),
            locale: self.locale.unwrap_or(before.locale),
            density: self.density.unwrap_or(before.density),
            home_dashboard: self.home_dashboard.unwrap_or(before.home_dashboard),
            tour_done: self.tour_done.unwrap_or(before.tour_done),
        }
    }
}
