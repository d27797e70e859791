//! The figures of docs/performance.md: the real binary under load, beside a bare handler and the same SQL without Leadline.
//!
//! `make bench`, or `BENCH_LEADS=20000 scripts/with-postgres --durable cargo bench -p leadline-server --bench load`. `BENCH_SECONDS` is how
//! long each line is measured. Prints Markdown tables.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that meets what it does not expect must fail"
)]

mod bare;
mod files;
mod import;
mod raw_postgres;
mod raw_sqlite;
#[path = "../support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use support::{
    client::{Load, Request, measure},
    number, runtime,
    server::{self, Database, Server},
};

const CONNECTIONS: [usize; 3] = [1, 8, 32];

/// How much is measured.
#[derive(Clone, Copy)]
struct Size {
    leads: u64,
    each: Duration,
}

/// A line of the tables.
struct Line {
    what: &'static str,
    by: String,
    loads: Vec<(usize, Load)>,
}

fn main() {
    if std::env::var("BENCH_ROLE").as_deref() == Ok("bare") {
        return runtime().block_on(bare::serve());
    }
    let size = Size {
        leads: number("BENCH_LEADS", 100_000),
        each: Duration::from_secs(number("BENCH_SECONDS", 5)),
    };
    runtime().block_on(run(size));
}

async fn run(size: Size) {
    println!(
        "{} leads, 12 properties and 5 later changes each; {} s a line; {} processors; load average before: {}",
        size.leads,
        size.each.as_secs(),
        std::thread::available_parallelism().map_or(0, usize::from),
        std::fs::read_to_string("/proc/loadavg")
            .unwrap_or_default()
            .trim()
    );
    let files = files::write(size.leads);
    let bare = bare::Process::start();
    let mut lines = vec![
        over_http(
            "GET, constant JSON",
            "bare axum handler",
            &bare.address,
            size.each,
            |_| Request::get("/"),
        )
        .await,
    ];
    for database in Database::available() {
        measure_database(&database, &files, size, &mut lines).await;
    }
    drop(bare);
    print(&lines);
}

async fn measure_database(
    database: &Database,
    files: &files::Files,
    size: Size,
    lines: &mut Vec<Line>,
) {
    let name = database.name();
    let started = Instant::now();
    let server = Server::start(database).await;
    let first_start = started.elapsed();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let empty_kb = server.memory_kb();
    let token = import::sign_up(&server).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!(
        "\n{name}: first start to ready {} ms (with migration), memory of the empty server {} MB, after a sign-up {} MB",
        first_start.as_millis(),
        empty_kb / 1024,
        server.memory_kb() / 1024
    );
    drop(server);
    for (what, file, mapping) in [
        ("first values", &files.first, files::FIRST),
        ("later changes", &files.changes, files::CHANGES),
    ] {
        let (rows, took, peak_kb) = import::import(database, file, mapping);
        println!(
            "{name}: history import, {what}: {rows} rows in {:.1} s, {:.0} rows/s, peak memory {} MB",
            took.as_secs_f64(),
            rows as f64 / took.as_secs_f64(),
            peak_kb / 1024
        );
    }
    let started = Instant::now();
    let server = Server::start(database).await;
    println!(
        "{name}: start to ready with data {} ms",
        started.elapsed().as_millis()
    );
    let ids = import::ids(&server, &token).await;
    let authorisation = format!("Bearer {token}");
    let id = |number: u64| ids[(number as usize).wrapping_mul(7_919) % ids.len()].clone();
    let get = |number| {
        Request::get(&format!("/api/v1/objects/leads/{}", id(number))).with(&authorisation)
    };
    let history = |number| {
        Request::get(&format!("/api/v1/objects/leads/{}/history", id(number))).with(&authorisation)
    };
    let patch = |number: u64| {
        let body =
            format!(r#"{{"properties":{{"amount":{{"amount":"{number}.00","currency":"EUR"}}}}}}"#);
        Request::json(
            "PATCH",
            &format!("/api/v1/objects/leads/{}", id(number)),
            &body,
        )
        .with(&authorisation)
    };
    let search = |number: u64| {
        let stage = files::STAGES[number as usize % files::STAGES.len()];
        let body = format!(
            r#"{{"filterGroups":[{{"filters":[{{"property":"stage","operator":"EQ","value":"{stage}"}}]}}],"sorts":[{{"property":"name","direction":"asc"}}],"limit":50}}"#
        );
        Request::json("POST", "/api/v1/objects/leads/search", &body).with(&authorisation)
    };
    let by = format!("Leadline, {name}");
    let started = Instant::now();
    measure(&server.address, 1, Duration::from_millis(1), &search).await;
    println!(
        "{name}: first search, which loads the columns, {} ms",
        started.elapsed().as_millis()
    );
    lines.push(over_http("GET one record", &by, &server.address, size.each, get).await);
    lines.push(
        over_http(
            "history of one record",
            &by,
            &server.address,
            size.each,
            history,
        )
        .await,
    );
    lines.push(
        over_http(
            "search, page of 50",
            &by,
            &server.address,
            size.each,
            search,
        )
        .await,
    );
    lines.push(over_http("PATCH one property", &by, &server.address, size.each, patch).await);
    println!(
        "{name}: memory of the server after the load {} MB",
        server.memory_kb() / 1024
    );
    drop(server);
    let started = Instant::now();
    let summary = server::verify(database);
    println!(
        "{name}: leadline verify: {} ({:.1} s)",
        summary.trim(),
        started.elapsed().as_secs_f64()
    );
    match &database.url {
        None => raw_sqlite::measure_all(&database.file(), size.each, lines),
        Some(url) => raw_postgres::measure_all(url, size.each, lines).await,
    }
}

async fn over_http(
    what: &'static str,
    by: &str,
    address: &str,
    each: Duration,
    request: impl Fn(u64) -> Request + Sync,
) -> Line {
    let mut loads = Vec::new();
    for connections in CONNECTIONS {
        loads.push((
            connections,
            measure(address, connections, each, &request).await,
        ));
    }
    Line {
        what,
        by: by.to_owned(),
        loads,
    }
}

fn print(lines: &[Line]) {
    println!(
        "\n| what | by | connections | requests/s | p50 ms | p99 ms |\n| --- | --- | ---: | ---: | ---: | ---: |"
    );
    for line in lines {
        for (connections, load) in &line.loads {
            println!(
                "| {} | {} | {connections} | {:.0} | {:.2} | {:.2} |",
                line.what,
                line.by,
                load.per_second(),
                load.quantile_ms(0.5),
                load.quantile_ms(0.99)
            );
        }
    }
}
