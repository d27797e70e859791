//! A workspace, imports into it with the real binary, and the leads that they made.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::{Value as Json, json};

use crate::support::server::{Database, Server, status};

/// Makes the workspace, and a token for it.
pub(crate) async fn sign_up(server: &Server) -> String {
    let body = json!({"workspaceName": "Bench", "name": "Ada", "email": "ada@leadline.example", "password": "violet kettle drum"});
    let answer = server
        .http
        .post(url(server, "/auth/signup"))
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
    let answer = server
        .http
        .post(url(server, "/tokens"))
        .header("cookie", cookie)
        .json(&body)
        .send()
        .await
        .unwrap();
    let token: Json = answer.json().await.unwrap();
    token["secret"].as_str().unwrap().to_owned()
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

/// Ids of some thousands of leads.
pub(crate) async fn ids(server: &Server, token: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut after = String::new();
    for _ in 0..20 {
        let url = format!(
            "{}?limit=1000{after}",
            url(server, "/objects/leads/records")
        );
        let page: Json = server
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

fn url(server: &Server, path: &str) -> String {
    format!("http://{}/api/v1{path}", server.address)
}
