//! `backup` and `restore`.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use parking_lot::Mutex;
use serde_json::Value;

use crate::{binary::Binary, client::Client};

/// Writes at the same time.
const WRITERS: usize = 3;
/// Writes before the backup begins.
const WRITES: usize = 30;

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_served_elsewhere_as_a_prefix_of_what_was_written() {
    let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let binary = Binary::on_folder(home.path());
    let server = binary.serve().await;
    let ann = Client::sign_up(&server, "Mill").await;
    let load = Load::begin(&ann);
    let before = load.reached(WRITES).await;
    let copy = home.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    let made = binary.run(&["backup", "--to", copy]).await.ok();
    assert!(made.out.contains("copy.db written"), "{}", made.out);
    load.end().await;

    let there = Binary::on_folder(&elsewhere.path().join("new"));
    let restored = there.run(&["restore", "--from", copy]).await.ok();
    assert!(restored.out.contains("sound:"), "{}", restored.out);
    let verified = there.run(&["verify"]).await.ok();
    assert!(
        verified.out.starts_with("sound: 1 workspaces"),
        "{}",
        verified.out
    );
    let second = there.serve().await;
    let copied = ann.moved_to(&second);
    for record in &before {
        let path = format!("/objects/leads/{}", record["id"].as_str().unwrap());
        assert_eq!(&copied.get(&path).await, record);
    }
    let (all, kept) = (ann.feed().await, copied.feed().await);
    assert!(kept.len() >= before.len() && kept.len() <= all.len());
    assert_eq!(kept, all[..kept.len()]);
}

/// Clients that write until they are told to end.
struct Load {
    acknowledged: Arc<Mutex<Vec<Value>>>,
    ending: Arc<AtomicBool>,
    writers: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    fn begin(client: &Client) -> Self {
        let (acknowledged, ending) = (Arc::<Mutex<Vec<Value>>>::default(), Arc::default());
        let writers = (0..WRITERS).map(|writer| {
            let (client, acknowledged) = (client.clone(), Arc::clone(&acknowledged));
            let ending: Arc<AtomicBool> = Arc::clone(&ending);
            tokio::spawn(async move {
                for number in 0.. {
                    if ending.load(Ordering::Relaxed) {
                        return;
                    }
                    let lead = client.create_lead(&format!("lead{writer}.{number}")).await;
                    acknowledged.lock().push(lead.unwrap());
                }
            })
        });
        let writers = writers.collect();
        Self {
            acknowledged,
            ending,
            writers,
        }
    }

    /// What was acknowledged when there was this much.
    async fn reached(&self, count: usize) -> Vec<Value> {
        loop {
            let now = self.acknowledged.lock().clone();
            if now.len() >= count {
                return now;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn end(self) {
        self.ending.store(true, Ordering::Relaxed);
        for writer in self.writers {
            writer.await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_database_is_replaced_only_when_that_is_asked_for_and_nobody_uses_it() {
    let home = tempfile::tempdir().unwrap();
    let binary = Binary::on_folder(home.path());
    let server = binary.serve().await;
    let ann = Client::sign_up(&server, "Mill").await;
    ann.create_lead("first").await.unwrap();
    let copy = home.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    binary.run(&["backup", "--to", copy]).await.ok();
    binary
        .run(&["backup", "--to", copy])
        .await
        .fails(1, "exists already");
    ann.create_lead("second").await.unwrap();
    let restore = ["restore", "--from", copy];
    let force = ["restore", "--force", "--from", copy];
    binary.run(&restore).await.fails(1, "--force replaces it");
    binary
        .run(&force)
        .await
        .fails(1, "is in use by another process");
    assert_eq!(ann.feed().await.len(), 2);
    server.kill().await;
    binary.run(&restore).await.fails(1, "--force replaces it");
    binary.run(&force).await.ok();
    let server = binary.serve().await;
    assert_eq!(ann.moved_to(&server).feed().await.len(), 1);
}

#[tokio::test]
async fn what_is_no_copy_never_takes_the_place_of_a_database() {
    let home = tempfile::tempdir().unwrap();
    let binary = Binary::on_folder(home.path());
    binary
        .run(&[
            "user",
            "create",
            "--workspace",
            "Mill",
            "--name",
            "Ann",
            "ann@example.com",
        ])
        .await
        .ok();
    let other = home.path().join("other");
    let restore = async |path: &Path, part: &str| {
        let arguments = ["restore", "--force", "--from", path.to_str().unwrap()];
        binary.run(&arguments).await.fails(1, part);
        let verified = binary.run(&["verify", "--workspace", "Mill"]).await.ok();
        assert!(
            verified.out.starts_with("sound: 1 workspaces"),
            "{}",
            verified.out
        );
    };
    restore(&other, "No such file").await;
    std::fs::write(
        &other,
        "This is no database, but it is long enough to be one. ".repeat(200),
    )
    .unwrap();
    restore(&other, "damaged").await;
    std::fs::remove_file(&other).unwrap();
    // A database, of something else.
    let lines = std::fs::read(home.path().join("leadline.db")).unwrap();
    std::fs::write(&other, &lines[..lines.len() / 2]).unwrap();
    restore(&other, "damaged").await;
    std::fs::write(&other, "").unwrap();
    restore(&other, "is no database of Leadline").await;
    let left: Vec<_> = std::fs::read_dir(home.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().contains("partial")),
        "{left:?}"
    );
}

#[tokio::test]
async fn a_backup_of_nothing_is_refused_and_makes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let binary = Binary::on_folder(&home.path().join("absent"));
    let copy = home.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    binary
        .run(&["backup", "--to", copy])
        .await
        .fails(1, "there is no");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn postgresql_is_copied_by_its_own_tools() {
    let home = tempfile::tempdir().unwrap();
    let binary = Binary::on_folder(home.path());
    let url = "postgres://nobody:secret@127.0.0.1:1/nothing";
    for (command, tool) in [
        (
            ["backup", "--to", "copy.db", "--database-url", url],
            "pg_dump",
        ),
        (
            ["restore", "--from", "copy.db", "--database-url", url],
            "pg_restore",
        ),
    ] {
        let run = binary.run(&command).await.fails(2, tool);
        assert!(
            run.err.contains("PostgreSQL") && !run.err.contains("secret"),
            "{}",
            run.err
        );
    }
}
