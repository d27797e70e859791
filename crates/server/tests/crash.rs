//! `kill -9` under load: every acknowledged write is there afterwards, none is half there, and `leadline verify` finds the history sound.
//!
//! `LEADLINE_CRASHES=50 scripts/with-postgres --durable cargo nextest run -p leadline-server --test crash` does so fifty times on each database.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that meets what it does not expect must fail"
)]

use std::{
    collections::HashMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use leadline_store::{db::DbConfig, testing::TestDatabase};
use parking_lot::Mutex;
use rand::RngExt;
use serde_json::{Value as Json, json};

/// Clients that write at the same time.
const CLIENTS: usize = 6;
/// Records of one batch, all or none of which must be there.
const BATCH: u64 = 20;
/// How long a server is left to work, in milliseconds.
const LIFE_MS: std::ops::Range<u64> = 50..700;

#[tokio::test]
async fn no_acknowledged_write_is_lost_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap().to_owned();
    Trial::new(vec![("LEADLINE_DATA".into(), data)])
        .run(crashes(4))
        .await;
}

#[tokio::test]
async fn no_acknowledged_write_is_lost_on_postgresql() {
    let Some(mut database) = TestDatabase::postgres().await else {
        return;
    };
    database.close();
    let DbConfig::Postgres { url, .. } = database.config() else {
        panic!("it is a PostgreSQL database")
    };
    Trial::new(vec![("LEADLINE_DATABASE_URL".into(), url)])
        .run(crashes(3))
        .await;
}

fn crashes(default: usize) -> usize {
    std::env::var("LEADLINE_CRASHES").map_or(default, |number| number.parse().unwrap())
}

/// One database, its server, and what the server acknowledged.
struct Trial {
    environment: Vec<(String, String)>,
    clients: Arc<Clients>,
}

/// What all clients share.
#[derive(Default)]
struct Clients {
    http: reqwest::Client,
    token: Mutex<String>,
    acknowledged: Mutex<HashMap<String, Acknowledged>>,
    /// Marks of batches whose answer never came.
    unanswered: Mutex<Vec<String>>,
    counter: AtomicU64,
}

/// The last state of a record that the server confirmed.
#[derive(Debug, Clone)]
struct Acknowledged {
    version: u64,
    city: String,
}

struct Server {
    process: Child,
    url: String,
}

impl Trial {
    fn new(environment: Vec<(String, String)>) -> Self {
        // The second test finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            environment,
            clients: Arc::default(),
        }
    }

    async fn run(self, crashes: usize) {
        let mut server = self.start();
        self.clients.sign_up(&server.url).await;
        for crash in 1..=crashes {
            let load: Vec<_> = (0..CLIENTS)
                .map(|number| {
                    let (clients, url) = (Arc::clone(&self.clients), server.url.clone());
                    tokio::spawn(async move {
                        match number {
                            0 => clients.write_batches(&url).await,
                            _ => clients.write_records(&url).await,
                        }
                    })
                })
                .collect();
            let life = rand::rng().random_range(LIFE_MS);
            tokio::time::sleep(Duration::from_millis(life)).await;
            server.process.kill().unwrap();
            server.process.wait().unwrap();
            for client in load {
                client.await.unwrap();
            }
            self.verify(crash);
            server = self.start();
            self.clients.check(&server.url, crash).await;
        }
        server.process.kill().unwrap();
        server.process.wait().unwrap();
        let acknowledged = self.clients.acknowledged.lock();
        let writes: u64 = acknowledged.values().map(|record| record.version).sum();
        assert!(!acknowledged.is_empty(), "nothing was written");
        println!(
            "{crashes} crashes, {writes} acknowledged writes of {} records, none lost",
            acknowledged.len()
        );
    }

    fn start(&self) -> Server {
        let mut process = self
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let url = output
            .lines()
            .map(Result::unwrap)
            .find_map(|line| Some(line.split_once("http://")?.1.trim().to_owned()));
        let url = url.unwrap_or_else(|| panic!("the server ended: {:?}", process.wait()));
        Server {
            process,
            url: format!("http://{url}/api/v1"),
        }
    }

    fn verify(&self, crash: usize) {
        let output = self.command().arg("verify").output().unwrap();
        assert!(
            output.status.success(),
            "after crash {crash}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn command(&self) -> Command {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_leadline")));
        let own = std::env::vars()
            .map(|(name, _)| name)
            .filter(|name| name.starts_with("LEADLINE_"));
        for name in own {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().cloned());
        command
    }
}

impl Clients {
    async fn sign_up(&self, url: &str) {
        let body = json!({
            "workspaceName": "Crash", "name": "Ada", "email": "ada@leadline.example", "password": "violet kettle drum",
        });
        let answer = self.http.post(format!("{url}/auth/signup")).json(&body);
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 201);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let body = json!({"name": "load", "scopes": ["read", "write"]});
        let answer = self
            .http
            .post(format!("{url}/tokens"))
            .header("cookie", cookie)
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        let token: Json = answer.json().await.unwrap();
        *self.token.lock() = token["secret"].as_str().unwrap().to_owned();
    }

    /// Makes records, and changes each of them a few times, until the server is gone.
    async fn write_records(&self, url: &str) {
        loop {
            let number = self.next();
            let email = format!("lead{number}@example.com");
            let body = json!({"properties": {"name": "Bo", "email": email, "city": "0"}});
            let Some(created) = self
                .send("POST", format!("{url}/objects/leads"), &body)
                .await
            else {
                return;
            };
            let id = created["id"].as_str().unwrap().to_owned();
            self.acknowledge(&created);
            for city in 1..4 {
                let body = json!({"properties": {"city": format!("{city}")}});
                let path = format!("{url}/objects/leads/{id}");
                let Some(updated) = self.send("PATCH", path, &body).await else {
                    return;
                };
                self.acknowledge(&updated);
            }
        }
    }

    /// Makes batches of records of one mark each, until the server is gone.
    async fn write_batches(&self, url: &str) {
        loop {
            let mark = format!("batch{}", self.next());
            let input = |_| json!({"properties": {"name": "Cy", "company": mark, "city": "0"}});
            let inputs: Vec<Json> = (0..BATCH).map(input).collect();
            let path = format!("{url}/objects/leads/batch/create");
            match self.send("POST", path, &json!({"inputs": inputs})).await {
                Some(answer) => {
                    let results = answer["results"].as_array().unwrap();
                    assert_eq!(results.len() as u64, BATCH);
                    results.iter().for_each(|record| self.acknowledge(record));
                }
                None => {
                    self.unanswered.lock().push(mark);
                    return;
                }
            }
        }
    }

    /// The answer; `None` when the server is gone before it came whole.
    async fn send(&self, method: &str, url: String, body: &Json) -> Option<Json> {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self
            .http
            .request(method, url)
            .bearer_auth(self.token.lock().clone())
            .json(body);
        let answer = request.send().await.ok()?;
        let status = answer.status();
        let body: Json = answer.json().await.ok()?;
        assert!(status.is_success(), "{status}: {body}");
        Some(body)
    }

    fn acknowledge(&self, record: &Json) {
        let id = record["id"].as_str().unwrap().to_owned();
        let state = state(record);
        self.acknowledged.lock().insert(id, state);
    }

    /// Every acknowledged write is there; the one that was under way when the server died may be.
    async fn check(&self, url: &str, crash: usize) {
        let known = self.acknowledged.lock().clone();
        let ids: Vec<&String> = known.keys().collect();
        for ids in ids.chunks(1_000) {
            let inputs: Vec<Json> = ids.iter().map(|id| json!({"id": id})).collect();
            let path = format!("{url}/objects/leads/batch/read");
            let answer = self.send("POST", path, &json!({"inputs": inputs})).await;
            let answer = answer.unwrap();
            let found = answer["results"].as_array().unwrap();
            assert_eq!(
                found.len(),
                ids.len(),
                "after crash {crash}: records are lost"
            );
            for record in found {
                let before = &known[record["id"].as_str().unwrap()];
                let now = state(record);
                let is_kept = now.version == before.version && now.city == before.city
                    || now.version == before.version + 1;
                assert!(is_kept, "after crash {crash}: {before:?} became {now:?}");
                self.acknowledge(record);
            }
        }
        let unanswered = std::mem::take(&mut *self.unanswered.lock());
        for mark in unanswered {
            let filter = json!({"property": "company", "operator": "EQ", "value": mark});
            let search = json!({"filterGroups": [{"filters": [filter]}], "count": "exact"});
            let path = format!("{url}/objects/leads/search");
            let answer = self.send("POST", path, &search).await.unwrap();
            let total = answer["total"]["value"].as_u64().unwrap();
            assert!(
                total == 0 || total == BATCH,
                "after crash {crash}: {total} of {BATCH} records of a batch"
            );
        }
    }

    fn next(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }
}

fn state(record: &Json) -> Acknowledged {
    Acknowledged {
        version: record["version"].as_u64().unwrap(),
        city: record["properties"]["city"].as_str().unwrap().to_owned(),
    }
}
