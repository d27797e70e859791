//! The real binary: started, asked, and stopped.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// Where the history is kept.
pub(crate) struct Database {
    /// The server's data.
    pub(crate) folder: TempDir,
    /// Of PostgreSQL; without one it is SQLite, in the folder.
    pub(crate) url: Option<String>,
}

/// The server at work; killed when dropped.
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) child: Child,
    pub(crate) http: reqwest::Client,
}

impl Database {
    /// SQLite; PostgreSQL too where `LEADLINE_TEST_POSTGRES_URL` names an empty one. `BENCH_DATABASE=sqlite` or `postgres` leaves one of them.
    pub(crate) fn available() -> Vec<Self> {
        let chosen = std::env::var("BENCH_DATABASE").unwrap_or_default();
        let postgres = std::env::var("LEADLINE_TEST_POSTGRES_URL").ok();
        let sqlite = (chosen != "postgres").then_some(None);
        let postgres = postgres.filter(|_| chosen != "sqlite").map(Some);
        sqlite
            .into_iter()
            .chain(postgres)
            .map(|url| Self {
                folder: tempfile::tempdir().unwrap(),
                url,
            })
            .collect()
    }

    pub(crate) fn name(&self) -> &'static str {
        match &self.url {
            None => "SQLite",
            Some(_) => "PostgreSQL",
        }
    }

    /// SQLite's file.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("leadline.db")
    }

    /// The binary that was built with the benchmark, or the one that `BENCH_SERVER` names, with this database.
    pub(crate) fn command(&self) -> Command {
        let built = || env!("CARGO_BIN_EXE_leadline").to_owned();
        let mut command = Command::new(std::env::var("BENCH_SERVER").unwrap_or_else(|_| built()));
        let own = std::env::vars()
            .map(|(name, _)| name)
            .filter(|name| name.starts_with("LEADLINE_"));
        for name in own {
            command.env_remove(name);
        }
        command
            .env("LEADLINE_LOG_LEVEL", "warn")
            // What takes too long is to be seen, not to be cut off.
            .env("LEADLINE_REQUEST_TIMEOUT_SECONDS", "600")
            .env("LEADLINE_DATA", self.folder.path());
        if let Some(url) = &self.url {
            command.env("LEADLINE_DATABASE_URL", url);
        }
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

    pub(crate) fn memory_kb(&self) -> u64 {
        status(self.child.id(), "VmRSS:").unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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

/// A figure in kB that the kernel keeps of a process.
pub(crate) fn status(process: u32, field: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_whitespace().next()?.parse().ok()
}
