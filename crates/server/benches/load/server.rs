//! The real binary: started, asked, and stopped.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// Where the history is kept.
pub(crate) enum Database {
    Sqlite { file: PathBuf, folder: TempDir },
    Postgres { url: String },
}

/// The server at work; killed when dropped.
pub(crate) struct Server {
    pub(crate) address: String,
    child: Child,
    http: reqwest::Client,
}

impl Database {
    /// SQLite; PostgreSQL too where `LEADLINE_TEST_POSTGRES_URL` names an empty one.
    pub(crate) fn available() -> Vec<Self> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("leadline.db");
        let postgres = std::env::var("LEADLINE_TEST_POSTGRES_URL")
            .ok()
            .map(|url| Self::Postgres { url });
        [Self::Sqlite { file, folder }]
            .into_iter()
            .chain(postgres)
            .collect()
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres { .. } => "PostgreSQL",
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadline"));
        let own = std::env::vars()
            .map(|(name, _)| name)
            .filter(|name| name.starts_with("LEADLINE_"));
        for name in own {
            command.env_remove(name);
        }
        command.env("LEADLINE_LOG_LEVEL", "warn");
        match self {
            Self::Sqlite { folder, .. } => command.env("LEADLINE_DATA", folder.path()),
            Self::Postgres { url } => command.env("LEADLINE_DATABASE_URL", url),
        };
        command
    }
}

impl Server {
    /// Starts it, and waits until it is ready.
    pub(crate) async fn start(database: &Database) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut child = database
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let address = output
            .lines()
            .map(Result::unwrap)
            .find_map(|line| Some(line.split_once("http://")?.1.trim().to_owned()))
            .unwrap();
        let server = Self {
            address,
            child,
            http: reqwest::Client::new(),
        };
        while !server
            .http
            .get(format!("http://{}/readyz", server.address))
            .send()
            .await
            .is_ok_and(|answer| answer.status() == 200)
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server
    }

    /// Makes the workspace, and a token for it.
    pub(crate) async fn sign_up(&self) -> String {
        let body = json!({"workspaceName": "Bench", "name": "Ada", "email": "ada@leadline.example", "password": "violet kettle drum"});
        let answer = self
            .http
            .post(self.url("/auth/signup"))
            .json(&body)
            .send()
            .await
            .unwrap();
        let cookie = answer.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let body = json!({"name": "load", "scopes": ["read", "write"]});
        let answer = self
            .http
            .post(self.url("/tokens"))
            .header("cookie", cookie)
            .json(&body)
            .send()
            .await
            .unwrap();
        let token: Json = answer.json().await.unwrap();
        token["secret"].as_str().unwrap().to_owned()
    }

    /// Ids of some thousands of leads.
    pub(crate) async fn ids(&self, token: &str) -> Vec<String> {
        let mut ids = Vec::new();
        let mut after = String::new();
        for _ in 0..20 {
            let url = format!("{}?limit=1000{after}", self.url("/objects/leads/records"));
            let page: Json = self
                .http
                .get(url)
                .bearer_auth(token)
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            ids.extend(
                page["results"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|lead| lead["id"].as_str().unwrap().to_owned()),
            );
            match page["paging"]["next"]["after"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        ids
    }

    pub(crate) fn memory_kb(&self) -> u64 {
        status(self.child.id(), "VmRSS:").unwrap_or_default()
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Imports a file of history: rows, how long it took, and the most memory in kB that was seen.
#[expect(
    clippy::disallowed_methods,
    reason = "the memory of another process can only be sampled"
)]
pub(crate) fn import(database: &Database, file: &Path, mapping: &str) -> (u64, Duration, u64) {
    let started = Instant::now();
    let mut child = database
        .command()
        .args([
            "import",
            "--workspace",
            "Bench",
            "--object",
            "leads",
            "--kind",
            "history",
            "--map",
            mapping,
        ])
        .arg(file)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    let result = loop {
        if let Some(result) = child.try_wait().unwrap() {
            break result;
        }
        peak = peak.max(status(child.id(), "VmHWM:").unwrap_or_default());
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(result.success());
    let rows = BufReader::new(std::fs::File::open(file).unwrap())
        .lines()
        .count() as u64
        - 1;
    (rows, started.elapsed(), peak)
}

/// What `leadline verify` says.
pub(crate) fn verify(database: &Database) -> String {
    let output = database.command().arg("verify").output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn status(process: u32, field: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_whitespace().next()?.parse().ok()
}
