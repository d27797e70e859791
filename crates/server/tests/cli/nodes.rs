//! Several server processes on one PostgreSQL, and jobs that outlive the one that runs them.

use futures_util::future::join_all;
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

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_acknowledged_every_node_answers() {
    let Some(mut database) = TestDatabase::postgres().await else {
        return;
    };
    database.close();
    let binary = Binary::on(&database);
    let mut nodes = vec![binary.serve().await];
    let ann = Client::sign_up(&nodes[0], "Mill").await;
    let mut writers = Vec::new();
    for name in ["one", "two", "three"] {
        let lead = ann.create_lead(name).await.unwrap();
        let lead = lead["id"].as_str().unwrap().to_owned();
        writers.push(Writer { lead, written: 0 });
    }
    nodes.push(binary.serve().await);
    nodes.push(binary.serve().await);
    let at = |node: &Server| ann.moved_to(node);

    // All write and ask at once, each at another node than it wrote to.
    let everywhere = [at(&nodes[0]), at(&nodes[1]), at(&nodes[2])];
    let rounds = writers.iter_mut().zip(&everywhere);
    join_all(rounds.map(|(writer, home)| writer.write_and_ask(home, &everywhere))).await;

    // One stands still while the others go on, and answers nothing old when it goes on too.
    nodes[2].freeze().await;
    let awake = [at(&nodes[0]), at(&nodes[1])];
    let rounds = writers.iter_mut().zip(awake.iter().cycle());
    join_all(rounds.map(|(writer, home)| writer.write_and_ask(home, &awake))).await;
    nodes[2].thaw().await;
    for writer in &writers {
        writer.ask(&at(&nodes[2])).await;
    }

    // One fails, others write, and it comes back.
    nodes.remove(1).kill().await;
    let left = [at(&nodes[0]), at(&nodes[1])];
    let rounds = writers.iter_mut().zip(left.iter().cycle());
    join_all(rounds.map(|(writer, home)| writer.write_and_ask(home, &left))).await;
    nodes.push(binary.serve().await);
    for writer in &writers {
        for node in &nodes {
            writer.ask(&at(node)).await;
        }
    }
    drop(nodes);
    binary.run(&["verify"]).await.ok();
}

/// Someone who writes values that nobody else does.
struct Writer {
    lead: String,
    written: usize,
}

impl Writer {
    /// Writes at one node and asks another one, some times.
    async fn write_and_ask(&mut self, home: &Client, others: &[Client]) {
        for round in 0..12 {
            self.written += 1;
            let body = json!({"properties": {"city": self.value()}});
            home.patch(&format!("/objects/leads/{}", self.lead), body)
                .await;
            self.ask(&others[round % others.len()]).await;
        }
    }

    /// Asks a node for what was written last, in the present and in the history, and for what was written before.
    async fn ask(&self, node: &Client) {
        let is = |operator: &str, value: String| json!({"property": "city", "operator": operator, "value": value});
        let found = async |filter: Value| {
            let body = json!({"filterGroups": [{"filters": [filter]}]});
            let found = node.post("/objects/leads/search", body).await;
            let found = found["results"].as_array().unwrap().iter();
            found.map(|lead| lead["id"].clone()).collect::<Vec<_>>()
        };
        for operator in ["EQ", "EVER"] {
            assert_eq!(found(is(operator, self.value())).await, [json!(self.lead)]);
        }
        let before = format!("{} {}", self.lead, self.written - 1);
        assert_eq!(found(is("EQ", before)).await, Vec::<Value>::new());
    }

    fn value(&self) -> String {
        format!("{} {}", self.lead, self.written)
    }
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
