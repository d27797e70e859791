//! Reads the settings: the compiled defaults, then the file, then the environment, then the command line.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use figment::{
    Figment, Profile,
    providers::{Env, Format, Serialized, Toml},
    value::{Dict, Map, Value},
};
use serde::Serialize;

use super::{Config, settings::SignupPolicy};

/// The defaults, with a comment on each setting.
pub const DEFAULTS: &str = include_str!("default.toml");

/// Variables that begin like settings and are none: for tests, scripts, and the name of the file itself.
const NO_SETTINGS: [&str; 4] = ["CONFIG", "SHARED_DATA", "BIN", "JUNIT"];
/// Settings that can be read from a file of their own.
const SECRETS: [&str; 3] = ["database_url", "setup_token", "metrics_token"];

/// What the command line sets.
#[derive(Debug, Default, Clone, Serialize)]
#[expect(
    missing_docs,
    reason = "each setting is described in default.toml, once"
)]
pub struct Overrides {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demo: Option<bool>,
}

/// A setting that is unknown, malformed or unreadable. The text names the setting, and no secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// As figment tells it.
    #[error("{0}")]
    Setting(Box<figment::Error>),
    /// A file that a variable names cannot be read.
    #[error("{variable} names {path}, which cannot be read: {reason}", path = path.display())]
    Unreadable {
        /// The variable.
        variable: String,
        /// The file it names.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// Two sources for one secret.
    #[error("{0} and {0}_FILE are both set")]
    Twice(String),
    /// A combination that makes no sense.
    #[error("{0}")]
    Invalid(String),
}

/// Reads the settings.
///
/// # Errors
/// If a setting is unknown or malformed, or a file that one names cannot be read.
pub fn load(file: Option<&Path>, overrides: &Overrides) -> Result<Config, ConfigError> {
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    if let Some(file) = file {
        figment = figment.merge(Toml::file_exact(file));
    }
    let figment = figment
        .merge(environment())
        .merge(secret_files()?)
        .merge(Serialized::defaults(overrides));
    let config: Config = figment
        .extract()
        .map_err(|error| ConfigError::Setting(Box::new(error)))?;
    check(config)
}

fn check(config: Config) -> Result<Config, ConfigError> {
    let invalid = |text: &str| Err(ConfigError::Invalid(text.to_owned()));
    if let Some(url) = &config.base_url {
        let is_plain_root = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !is_plain_root {
            return invalid("base_url must be such as https://crm.example.com, without a path");
        }
    }
    if config.database_connections == 0
        || config.request_timeout_seconds == 0
        || config.body_limit_bytes == 0
    {
        return invalid(
            "database_connections, request_timeout_seconds and body_limit_bytes must be positive",
        );
    }
    if config
        .setup_token
        .as_ref()
        .is_some_and(|token| token.reveal().len() < 16)
        && config.signup == SignupPolicy::First
    {
        return invalid("setup_token must have at least 16 characters");
    }
    Ok(config)
}

fn environment() -> Env {
    Env::prefixed("LEADLINE_").filter(|key| {
        let is_secret_file = SECRETS
            .iter()
            .any(|secret| key == format!("{secret}_file").as_str());
        let is_for_tests = key.as_str().to_ascii_uppercase().starts_with("TEST_");
        !is_secret_file && !is_for_tests && !NO_SETTINGS.iter().any(|name| key == *name)
    })
}

fn secret_files() -> Result<SecretFiles, ConfigError> {
    let mut found = Dict::new();
    for secret in SECRETS {
        let direct = format!("LEADLINE_{}", secret.to_ascii_uppercase());
        let variable = format!("{direct}_FILE");
        let Some(path) = std::env::var_os(&variable).map(PathBuf::from) else {
            continue;
        };
        if std::env::var_os(&direct).is_some() {
            return Err(ConfigError::Twice(direct));
        }
        let text = std::fs::read_to_string(&path).map_err(|reason| ConfigError::Unreadable {
            variable,
            path: path.clone(),
            reason,
        })?;
        found.insert(
            secret.to_owned(),
            Value::from(text.trim_end_matches(['\r', '\n'])),
        );
    }
    Ok(SecretFiles(found))
}

struct SecretFiles(Dict);

impl figment::Provider for SecretFiles {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named("secret files")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.0.clone())]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("leadline.toml");
        std::fs::write(&file, text).unwrap();
        load(Some(&file), &Overrides::default())
    }

    #[test]
    fn the_defaults_are_a_whole_configuration() {
        let config = load(None, &Overrides::default()).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.signup, SignupPolicy::First);
        assert!(!config.is_https());
    }

    #[test]
    fn unknown_settings_are_refused_by_name() {
        let error = with_file("listne = \"127.0.0.1:1\"")
            .unwrap_err()
            .to_string();
        assert!(error.contains("listne"), "{error}");
    }

    #[test]
    fn secrets_are_not_shown() {
        let config = with_file(
            "database_url = \"postgres://u:hunter22@h/d\"\nmetrics_token = \"canary-canary\"",
        )
        .unwrap();
        let shown = format!("{config:?}");
        assert!(
            !shown.contains("hunter22") && !shown.contains("canary"),
            "{shown}"
        );
    }

    #[test]
    fn a_public_address_has_no_path() {
        assert!(with_file("base_url = \"https://x.example/crm\"").is_err());
        assert!(with_file("base_url = \"ftp://x.example\"").is_err());
        assert!(
            with_file("base_url = \"https://x.example\"")
                .unwrap()
                .is_https()
        );
    }
}
