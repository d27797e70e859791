//! The binary under test, on a database of its own.

use std::{path::Path, process::Stdio, time::Duration};

use leadline_store::{db::DbConfig, testing::TestDatabase};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// The binary, with settings that say which database to use.
#[derive(Clone)]
pub(crate) struct Binary {
    settings: Vec<(&'static str, String)>,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
    command: String,
}

/// A server process; killed when it is dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    process: Child,
    /// Read no more, but open: a server must be able to print.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Binary {
    /// On the SQLite file of a folder.
    pub(crate) fn on_folder(folder: &Path) -> Self {
        Self {
            settings: vec![("LEADLINE_DATA", folder.to_str().unwrap().to_owned())],
        }
    }

    /// On a database for tests.
    pub(crate) fn on(database: &TestDatabase) -> Self {
        match database.config() {
            DbConfig::Sqlite { path } => Self::on_folder(path.parent().unwrap()),
            DbConfig::Postgres { url, .. } => Self {
                settings: vec![("LEADLINE_DATABASE_URL", url)],
            },
        }
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::null());
        let output = tokio::time::timeout(PATIENCE, command.output()).await;
        let output = output
            .unwrap_or_else(|_| panic!("{arguments:?} does not end"))
            .unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            command: arguments.join(" "),
        }
    }

    /// Starts a server, and waits until it listens.
    pub(crate) async fn serve(&self) -> Server {
        let mut process = self
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
        loop {
            let line = tokio::time::timeout(PATIENCE, output.next_line()).await;
            let Some(line) = line.unwrap().unwrap() else {
                panic!("the server ended: {:?}", process.wait().await);
            };
            if let Some((_, address)) = line.split_once("http://") {
                return Server {
                    url: format!("http://{}/api/v1", address.trim()),
                    process,
                    _output: output,
                };
            }
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
        command
            .envs(self.settings.iter().cloned())
            .kill_on_drop(true);
        command
    }
}

impl Run {
    /// Expects that all went well.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}: {}{}", self.command, self.out, self.err);
        self
    }

    /// Expects an exit code, and a message with this part: one that tells, and does not panic.
    #[track_caller]
    pub(crate) fn fails(self, code: i32, part: &str) -> Self {
        let Self {
            out, err, command, ..
        } = &self;
        assert_eq!(self.code, code, "{command}: {out}{err}");
        assert!(
            err.contains(part) && !err.contains("panicked"),
            "{command}: {err}"
        );
        self
    }
}

impl Server {
    /// Lets it stand still, as a machine does that is starved or paused.
    pub(crate) async fn freeze(&self) {
        self.signal("-STOP").await;
    }

    /// Lets it go on.
    pub(crate) async fn thaw(&self) {
        self.signal("-CONT").await;
    }

    async fn signal(&self, signal: &str) {
        let id = self.process.id().unwrap().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().await;
        assert!(sent.unwrap().success());
    }

    /// Ends it as a failing machine does.
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }
}
