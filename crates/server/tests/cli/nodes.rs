//! Several server processes on one PostgreSQL, and jobs that outlive the one that runs them.

use leadline_store::{
    db::{Db, DbError},
    testing::TestDatabase,
};
use serde_json::{Value, json};

use crate::{
    binary::{Binary, Server},
    client::Client,
};

/// Rows of the file, each a record of its own.
const ROWS: u64 = 4_000;

#[tokio::test(flavor = "multi_thread")]
async fn an_import_and_its_undo_go_on_at_another_node_when_theirs_is_killed() {
    let Some(mut database) = TestDatabase::postgres().await else {
        return;
    };
    database.close();
    let cluster = Cluster {
        binary: Binary::on(&database),
        db: Db::open(database.config()).await.unwrap(),
    };
    let first = cluster.binary.serve().await;
    let ann = Client::sign_up(&first, "Mill").await;
    let mut file = "name,email\n".to_owned();
    (0..ROWS).for_each(|row| file.push_str(&format!("Lead {row},lead{row}@example.com\n")));
    let options = json!({"object": "leads", "kind": "records", "idProperty": "email", "mapping": [
        {"column": "name", "property": "name"}, {"column": "email", "property": "email"},
    ]});
    let queued = ann.upload(&file, &options).await;
    let import = format!("/imports/{}", queued["id"].as_str().unwrap());
    until(&ann, &import, |job| job["rowsRead"].as_u64() > Some(0)).await;

    let (second, ann) = cluster.kill_and_replace(first, &ann, &import).await;
    let done = until(&ann, &import, has_ended).await;
    assert_eq!(
        ["status", "rowsRead", "created", "updated", "refused"].map(|name| &done[name]),
        [
            &json!("succeeded"),
            &json!(ROWS),
            &json!(ROWS),
            &json!(0),
            &json!(0)
        ]
    );
    assert_eq!(leads(&ann).await, ROWS);
    assert_eq!(ann.feed().await.len() as u64, ROWS);

    ann.post(&format!("{import}/undo"), json!({})).await;
    while leads(&ann).await == ROWS {}
    let (_third, ann) = cluster.kill_and_replace(second, &ann, &import).await;
    let undone = until(&ann, &import, has_ended).await;
    assert_eq!(undone["status"], "undone");
    assert_eq!(leads(&ann).await, 0);
    assert_eq!(ann.feed().await.len() as u64, 2 * ROWS);
    let verified = cluster.binary.run(&["verify"]).await.ok();
    assert!(
        verified
            .out
            .contains(&format!(" {ROWS} records, {} change sets", 2 * ROWS)),
        "{}",
        verified.out
    );
}

struct Cluster {
    binary: Binary,
    db: Db,
}

impl Cluster {
    /// Starts another server while the first is in the middle of a job, kills the first, and lets the time pass that a job is held for.
    async fn kill_and_replace(
        &self,
        first: Server,
        client: &Client,
        job: &str,
    ) -> (Server, Client) {
        let other = self.binary.serve().await;
        first.kill().await;
        let client = client.moved_to(&other);
        let waiting = client.get(job).await;
        assert_eq!(waiting["status"], "running", "it ended too soon: {waiting}");
        let expired: Result<u64, DbError> = self
            .db
            .write(|tx| {
                let sql = "update job set lease_until = 0 where status = 'running' and lease_owner is not null";
                Box::pin(async move { tx.execute(sql, &[]).await })
            })
            .await;
        assert_eq!(expired, Ok(1));
        (other, client)
    }
}

fn has_ended(job: &Value) -> bool {
    !["queued", "running"]
        .map(Some)
        .contains(&job["status"].as_str())
}

async fn until(client: &Client, job: &str, is_so: fn(&Value) -> bool) -> Value {
    loop {
        let job = client.get(job).await;
        if is_so(&job) {
            return job;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

async fn leads(client: &Client) -> u64 {
    let search = json!({"count": "exact", "limit": 1});
    let found = client.post("/objects/leads/search", search).await;
    found["total"]["value"].as_u64().unwrap()
}
