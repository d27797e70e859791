//! Stopping the server as an operator does, and how soon it answers again.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    data::World,
    product::Asker,
    questions::Question,
    setup::secret,
    support::server::{Database, Server},
};

/// From the start of the process to the first answer.
pub(crate) struct Restarts {
    /// As the graceful stop left its data.
    pub(crate) after_stop: Duration,
    /// Without the files that it keeps of the timelines.
    pub(crate) without_files: Duration,
    /// Megabytes of those files.
    pub(crate) files_mb: u64,
}

/// Stops the server, and starts it twice.
pub(crate) async fn measure(database: &Database, server: Server, world: &World) -> Restarts {
    stop(server);
    let files = database.folder.path().join("timelines");
    let files_mb = size(&files) / 1_000_000;
    let (server, after_stop) = first_answer(database, world).await;
    stop(server);
    let _ = std::fs::remove_dir_all(&files);
    let (server, without_files) = first_answer(database, world).await;
    stop(server);
    Restarts {
        after_stop,
        without_files,
        files_mb,
    }
}

/// Starts the server, and asks for the first page until it is there.
pub(crate) async fn first_answer(database: &Database, world: &World) -> (Server, Duration) {
    let begun = Instant::now();
    let server = Server::start(database).await;
    let requests = Question::Page.requests(world, &secret(0));
    Asker::new(&server, requests).await.ask().await;
    (server, begun.elapsed())
}

/// Tells the server to stop, and waits until it has.
pub(crate) fn stop(mut server: Server) {
    let process = server.child.id().to_string();
    let told = Command::new("kill").args(["-TERM", &process]).status();
    assert!(told.unwrap().success());
    assert!(server.child.wait().unwrap().success());
}

fn size(folder: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .map(|entry| {
            let (path, data) = entry
                .and_then(|entry| Ok((entry.path(), entry.metadata()?)))
                .unwrap();
            if data.is_dir() {
                size(&path)
            } else {
                data.len()
            }
        })
        .sum()
}
