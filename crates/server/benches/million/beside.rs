//! Searches and reports by many, beside a steady stream of writes.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};

use crate::{
    data::{NEVER, World},
    ledger::lead_id,
    questions::Question,
    setup::secret,
    support::{
        client::{Connection, Load, Request, measure},
        server::Server,
    },
};

const CLIENTS: usize = 8;
/// Writes a second, and the connections that they come by.
const WRITES: u64 = 100;
const WRITERS: usize = 10;
/// What the clients ask, in turn; reports are the rarer.
const ASKED: [Question; 10] = [
    Question::Page,
    Question::Contains,
    Question::Page,
    Question::Snapshot,
    Question::PageAsOf,
    Question::Ever,
    Question::Words,
    Question::CountAsOf,
    Question::Flow,
    Question::Times,
];

/// What the clients waited for answers, and the writers.
pub(crate) async fn measure_both(server: &Server, world: &World, time: Duration) -> (Load, Load) {
    let bearer = format!("Bearer {}", secret(0));
    let asked: Vec<Request> = ASKED
        .iter()
        .flat_map(|question| question.requests(world, &secret(0)))
        .collect();
    let ask = |number: u64| asked[number as usize * 7 % asked.len()].clone();
    let written: Vec<usize> = (0..world.leads())
        .filter(|lead| world.archived[*lead] == NEVER)
        .collect();
    let write = |number: u64| {
        let lead = lead_id(written[number as usize * 7_919 % written.len()]);
        let body = format!(
            r#"{{"properties":{{"amount":{{"amount":"{}.25","currency":"EUR"}}}}}}"#,
            1 + number
        );
        let path = format!("/api/v1/objects/leads/{lead}");
        Request::json("PATCH", &path, &body).with(&bearer)
    };
    join(
        measure(&server.address, CLIENTS, time, &ask),
        paced(&server.address, time, &write),
    )
    .await
}

/// Sends requests at a steady pace, and measures each from when it was due: who is late makes the next ones wait.
async fn paced(address: &str, time: Duration, request: &(impl Fn(u64) -> Request + Sync)) -> Load {
    let started = Instant::now();
    let one = |writer: usize| async move {
        let mut connection = Connection::open(address).await;
        let mut micros = Vec::new();
        for number in (writer as u64..).step_by(WRITERS) {
            let due = started + Duration::from_micros(number * 1_000_000 / WRITES);
            if due >= started + time {
                return micros;
            }
            tokio::time::sleep_until(due.into()).await;
            connection.ask(&request(number)).await;
            micros.push(crate::support::client::micros_since(due));
        }
        micros
    };
    let micros = join_all((0..WRITERS).map(one)).await.concat();
    Load::new(micros, started.elapsed())
}
