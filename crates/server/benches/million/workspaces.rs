//! Many small workspaces on one node: each asked for the first time, and then all of them in any order.

use std::{sync::Arc, time::Instant};

use crate::{
    data::World,
    ledger,
    numbers::Numbers,
    questions::Question,
    settings::Settings,
    setup::{self, Plan, secret},
    support::{
        client::{Connection, Load, Request, measure},
        server::{Database, Server},
    },
    table::{megabytes, of_load, print_figures},
};

const LEADS: usize = 1_000;
const OWNERS: u32 = 3;
/// How many clients ask at once, and what the slowest of a hundred answers may take then, in milliseconds.
const CLIENTS: [(usize, Option<f64>); 2] = [(1, Some(20.0)), (8, None)];
/// Workspaces have the history of one of so many worlds.
const WORLDS: usize = 8;
const ASKED: [Question; 4] = [
    Question::Page,
    Question::Contains,
    Question::Snapshot,
    Question::CountAsOf,
];

pub(crate) async fn measure_all(database: &Database, settings: &Settings) {
    let (name, count) = (database.name(), settings.workspaces);
    let worlds: Vec<Arc<World>> = (0..WORLDS.min(count) as u64)
        .map(|world| Arc::new(World::new(LEADS, settings.seed + world, OWNERS)))
        .collect();
    fill(database, count, &worlds).await;
    let server = Server::start(database).await;
    let asked: Vec<Vec<Request>> = (0..count)
        .map(|workspace| {
            let world = &worlds[workspace % worlds.len()];
            let requests = |question: &Question| question.requests(world, &secret(workspace));
            ASKED.iter().flat_map(requests).collect()
        })
        .collect();
    let first = first_of_each(&server, &asked).await;
    let mut figures = Vec::from(of_load("first page of each workspace", &first, None));
    // What is measured then has been asked before, nearly all of it.
    let any = |number: u64| any_of(&asked, number);
    measure(&server.address, CLIENTS[1].0, settings.beside, &any).await;
    for (clients, aim) in CLIENTS {
        let load = measure(&server.address, clients, settings.beside, &any).await;
        let what = format!("searches and snapshots over all workspaces, {clients} clients");
        figures.extend(of_load(&what, &load, aim));
    }
    let memory_mb = server.memory_kb() as f64 / 1024.0;
    figures.push(megabytes("memory of the server", memory_mb, None));
    println!("\n{name}, {count} workspaces of {LEADS} leads:");
    print_figures(&figures);
}

async fn fill(database: &Database, count: usize, worlds: &[Arc<World>]) {
    let begun = Instant::now();
    let db = setup::open(database).await;
    for number in 0..count {
        let plan = Plan {
            number,
            owners: OWNERS,
            leads: LEADS,
        };
        let tenant = setup::make(&db, plan).await;
        ledger::fill(&db, tenant, &worlds[number % worlds.len()]).await;
    }
    drop(db);
    crate::emptied::settle(database).await;
    println!(
        "{}: {count} workspaces written in {:.0} s",
        database.name(),
        begun.elapsed().as_secs_f64()
    );
}

/// The first page of each workspace, one after the other.
async fn first_of_each(server: &Server, asked: &[Vec<Request>]) -> Load {
    let begun = Instant::now();
    let mut connection = Connection::open(&server.address).await;
    let mut micros = Vec::with_capacity(asked.len());
    for requests in asked {
        micros.push(connection.ask(&requests[0]).await.1);
    }
    Load::new(micros, begun.elapsed())
}

fn any_of(asked: &[Vec<Request>], number: u64) -> Request {
    let mut numbers = Numbers::new(number);
    let requests = numbers.pick(asked);
    numbers.pick(requests).clone()
}
