//! The product asked over HTTP: its answers, and how long they take.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use crate::{
    answers::{Answer, read},
    data::World,
    questions::{Question, search},
    setup::secret,
    support::{
        client::{Connection, Load, Request, micros_since},
        server::Server,
    },
};

/// Times a question is asked at least and at most, whatever the time.
const LEAST: usize = 5;
const MOST: usize = 2_000;
/// All properties that leads have, in two filters that all leads pass together.
const PROPERTIES: [&str; 20] = [
    "name",
    "email",
    "phone",
    "company",
    "stage",
    "source",
    "owner",
    "amount",
    "city",
    "country",
    "score",
    "segment",
    "job_title",
    "website",
    "employees",
    "budget",
    "deadline",
    "is_partner",
    "remarks",
    "called_at",
];

/// Connections that a browser opens to a server.
const BROWSER: usize = 6;

/// Requests that are sent together, over as many connections as a browser has.
pub(crate) struct Asker {
    connections: Vec<Connection>,
    requests: Vec<Request>,
}

impl Asker {
    pub(crate) async fn new(server: &Server, requests: Vec<Request>) -> Self {
        let connections = 0..requests.len().min(BROWSER);
        let opening = connections.map(|_| Connection::open(&server.address));
        Self {
            connections: join_all(opening).await,
            requests,
        }
    }

    /// The answers, and the microseconds until the last of them was there.
    pub(crate) async fn ask(&mut self) -> (Vec<Vec<u8>>, u32) {
        let begun = Instant::now();
        let step = self.connections.len();
        let requests = &self.requests;
        let asking = self.connections.iter_mut().enumerate();
        let bodies = join_all(asking.map(async |(first, connection)| {
            let mut bodies = Vec::new();
            for number in (first..requests.len()).step_by(step) {
                let (body, _) = connection.ask(&requests[number]).await;
                bodies.push((number, body.to_vec()));
            }
            bodies
        }));
        let mut bodies = bodies.await.concat();
        let micros = micros_since(begun);
        bodies.sort_unstable_by_key(|(number, _)| *number);
        (bodies.into_iter().map(|(_, body)| body).collect(), micros)
    }
}

/// Asks a question until the time is over: what was answered, and how long it took.
pub(crate) async fn ask(
    server: &Server,
    world: &World,
    question: Question,
    time: Duration,
) -> (Answer, Load) {
    let requests = question.requests(world, &secret(0));
    let mut asker = Asker::new(server, requests).await;
    let (bodies, _) = asker.ask().await;
    let bodies: Vec<Json> = bodies
        .iter()
        .map(|body| serde_json::from_slice(body).unwrap())
        .collect();
    let answer = read(question, &bodies);
    let begun = Instant::now();
    let mut micros = Vec::new();
    while micros.len() < LEAST || (begun.elapsed() < time && micros.len() < MOST) {
        micros.push(asker.ask().await.1);
    }
    (answer, Load::new(micros, begun.elapsed()))
}

/// Asks something that needs all of the leads' properties, so that all are in memory.
pub(crate) async fn load_all(server: &Server) {
    let holds = |name: &&str| json!({"filters": [{"property": name, "operator": "HAS_PROPERTY"}]});
    let groups: Vec<Json> = PROPERTIES.iter().map(holds).collect();
    let body = json!({"filterGroups": groups, "limit": 1});
    let request = search(&body).with(&format!("Bearer {}", secret(0)));
    Asker::new(server, vec![request]).await.ask().await;
}
