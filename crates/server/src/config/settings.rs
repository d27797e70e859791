//! What can be configured. Each setting is described in `default.toml`, which is compiled in and shown by `--print-config`.

use std::{net::SocketAddr, path::PathBuf};

use leadline_store::db::DbConfig;
use serde::Deserialize;
use url::Url;

use super::{Network, Secret, memory};

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each setting is described in default.toml, once"
)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub database_url: Option<Secret>,
    pub database_connections: usize,
    pub base_url: Option<Url>,
    pub signup: SignupPolicy,
    pub setup_token: Option<Secret>,
    pub trusted_proxies: Vec<Network>,
    pub metrics_token: Option<Secret>,
    pub log_format: LogFormat,
    pub log_level: String,
    pub request_timeout_seconds: u64,
    pub body_limit_bytes: usize,
    pub import_limit_bytes: u64,
    pub timeline_memory_mb: Option<usize>,
    pub timeline_snapshot_records: usize,
    pub session_idle_hours: i64,
    pub session_hours: i64,
    pub invitation_hours: i64,
    pub password_reset_minutes: i64,
    pub stop_delay_ms: u64,
    pub stop_timeout_seconds: u64,
    pub demo: bool,
}

/// Who may sign up and make a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignupPolicy {
    /// The first one.
    First,
    /// Anyone.
    Open,
    /// No one.
    Invite,
}

/// For whom the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// For machines: one JSON object a line.
    Json,
}

impl Config {
    /// Which database to open.
    #[must_use]
    pub fn database(&self) -> DbConfig {
        match &self.database_url {
            Some(url) => DbConfig::Postgres {
                url: url.reveal().to_owned(),
                max_connections: self.database_connections,
            },
            None => DbConfig::Sqlite {
                path: self.data.join("leadline.db"),
            },
        }
    }

    /// Bytes of memory for timelines: as set, or a quarter of what this machine or its container has.
    #[must_use]
    pub fn timeline_memory_bytes(&self) -> usize {
        match self.timeline_memory_mb {
            Some(megabytes) => megabytes.saturating_mul(1 << 20),
            None => memory::available_bytes() / 4,
        }
    }

    /// The public address, without a slash at its end.
    #[must_use]
    pub fn public_url(&self) -> String {
        match &self.base_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    /// Whether people reach this server over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https")
    }
}
