//! A million leads with ten million changes: what questions over HTTP take, beside the same questions in SQL and as bare loops.
//!
//! `make bench-million`, or `BENCH_LEADS=20000 scripts/with-postgres --durable cargo bench -p leadline-server --bench million`. Prints Markdown
//! tables. The data come from a seed and go into the ledger as the rows that live writes would have left (`leadline verify` checks that where
//! there are few, or with `BENCH_VERIFY=1`). All three answers to a question must be the same. `BENCH_GROWTH=10000,100000` compares sizes,
//! `BENCH_WORKSPACES=1000` measures many small workspaces, `BENCH_DATABASE=postgres` one of the two; `BENCH_SECONDS`, `BENCH_SQL_SECONDS` and `BENCH_BESIDE_SECONDS` say how long;
//! see `settings.rs`.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that meets what it does not expect must fail"
)]

mod analyst;
mod answers;
mod beside;
mod data;
mod emptied;
mod floor;
mod ledger;
mod numbers;
mod pages;
mod paths;
mod product;
mod questions;
mod restart;
mod settings;
mod setup;
mod statements;
#[path = "../support/mod.rs"]
mod support;
mod table;
mod texts;
mod workspaces;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use analyst::Analyst;
use answers::{Answer, difference};
use data::World;
use questions::Question;
use settings::Settings;
use setup::Plan;
use support::{
    runtime,
    server::{self, Database, Server},
};
use table::{Figure, Row, Sql, ms};

const OWNERS: u32 = 200;
/// SQL that is quicker is asked again, and the better time counts: the first may have read from the disk.
const QUICK: Duration = Duration::from_secs(2);

fn main() {
    let settings = Settings::new();
    println!(
        "{} processors; load average before: {}",
        std::thread::available_parallelism().map_or(0, usize::from),
        load_average()
    );
    runtime().block_on(run(&settings));
}

async fn run(settings: &Settings) {
    for database in Database::available() {
        emptied::check(&database).await;
        if settings.workspaces > 0 {
            workspaces::measure_all(&database, settings).await;
        } else if settings.growth.is_empty() {
            measure_all(&database, settings).await;
        } else {
            grow(database, settings).await;
            continue;
        }
        emptied::empty(&database).await;
    }
}

/// Everything about one size.
async fn measure_all(database: &Database, settings: &Settings) {
    let world = fill(database, settings, settings.leads).await;
    let (server, first_search) = restart::first_answer(database, &world).await;
    let (mut rows, found) = ask_all(&server, &world, settings).await;
    product::load_all(&server).await;
    let memory_mb = server.memory_kb() as f64 / 1024.0;
    let restarts = restart::measure(database, server, &world).await;
    ask_analyst(database, settings, &mut rows, &found).await;
    ask_floor(&world, &mut rows, &found);
    println!(
        "\n{}, {} leads, {} change sets; load average {}:",
        database.name(),
        world.leads(),
        world.changes(),
        load_average()
    );
    table::print_questions(&rows);
    let mut figures = vec![
        table::seconds("first start to the first search", first_search, None),
        table::seconds(
            "restart to the first search, without files",
            restarts.without_files,
            Some(10.0),
        ),
        table::seconds(
            &format!(
                "restart to the first search after a graceful stop ({} MB of files)",
                restarts.files_mb
            ),
            restarts.after_stop,
            Some(1.5),
        ),
        table::megabytes(
            "memory with all properties loaded",
            memory_mb,
            Some(1_024.0),
        ),
    ];
    figures.extend(beside_writes(database, settings, &world).await);
    table::print_figures(&figures);
}

/// Last, since it changes the data.
async fn beside_writes(database: &Database, settings: &Settings, world: &World) -> Vec<Figure> {
    let (server, _) = restart::first_answer(database, world).await;
    for question in Question::ALL {
        product::ask(&server, world, question, Duration::ZERO).await;
    }
    let mut figures = Vec::new();
    for (what, asked, aim) in [
        ("searches of 8 clients", beside::SEARCHES, Some(100.0)),
        (
            "searches and reports of 8 clients",
            beside::WITH_REPORTS,
            None,
        ),
    ] {
        let (answers, writes) = beside::measure_both(&server, world, &asked, settings.beside).await;
        figures.extend(table::of_load(what, &answers, aim));
        figures.extend(table::of_load(
            "100 PATCHes a second beside them",
            &writes,
            Some(50.0),
        ));
    }
    restart::stop(server);
    figures
}

/// The same questions at several sizes.
async fn grow(mut database: Database, settings: &Settings) {
    let mut sizes = Vec::new();
    for &leads in &settings.growth {
        let world = fill(&database, settings, leads).await;
        let (server, _) = restart::first_answer(&database, &world).await;
        sizes.push((leads, ask_all(&server, &world, settings).await.0));
        restart::stop(server);
        emptied::empty(&database).await;
        database.folder = tempfile::tempdir().unwrap();
    }
    println!("\n{}:", database.name());
    table::print_growth(&sizes);
}

async fn fill(database: &Database, settings: &Settings, leads: usize) -> Arc<World> {
    let name = database.name();
    let begun = Instant::now();
    let world = Arc::new(World::new(leads, settings.seed, OWNERS));
    let plan = Plan {
        number: 0,
        owners: OWNERS,
        leads,
    };
    let db = setup::open(database).await;
    let tenant = setup::make(&db, plan).await;
    ledger::fill(&db, tenant, &world).await;
    drop(db);
    emptied::settle(database).await;
    println!(
        "{name}: {leads} leads written in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    if settings.verify {
        println!(
            "{name}: leadline verify: {}",
            server::verify(database).trim()
        );
    }
    world
}

/// What the product answers to each question, and how soon.
async fn ask_all(server: &Server, world: &World, settings: &Settings) -> (Vec<Row>, Vec<Answer>) {
    let (mut rows, mut found) = (Vec::new(), Vec::new());
    for question in Question::ALL {
        let (answer, load) = product::ask(server, world, question, settings.each).await;
        let finds = answer.values().flatten().any(|figure| *figure > 0.0);
        assert!(
            finds || question == Question::Words,
            "{question:?}: the product finds nothing"
        );
        rows.push(Row::new(question, &load));
        found.push(answer);
    }
    (rows, found)
}

async fn ask_analyst(database: &Database, settings: &Settings, rows: &mut [Row], found: &[Answer]) {
    let begun = Instant::now();
    let mut analyst = Analyst::new(database, settings.limit).await;
    println!(
        "{}: tables and indexes for SQL in {:.0} s",
        database.name(),
        begun.elapsed().as_secs_f64()
    );
    for (row, found) in rows.iter_mut().zip(found) {
        let statements = statements::of(row.question, analyst.dialect());
        if statements.is_empty() {
            continue;
        }
        row.sql = match analyst.ask(&statements).await {
            None => Sql::Above(ms(settings.limit)),
            Some((answer, took)) => {
                agree(row.question, "SQL", found, &answer);
                let again = match took < QUICK {
                    true => analyst.ask(&statements).await,
                    false => None,
                };
                Sql::Ms(ms(again.map_or(took, |(_, again)| again.min(took))))
            }
        };
    }
}

fn ask_floor(world: &World, rows: &mut [Row], found: &[Answer]) {
    for (row, found) in rows.iter_mut().zip(found) {
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let begun = Instant::now();
            let Some(answer) = floor::answer(row.question, world) else {
                break;
            };
            best = best.min(begun.elapsed());
            agree(row.question, "the bare loop", found, &answer);
            row.floor = Some(ms(best));
        }
    }
}

/// Who else was at work: figures of a busy machine are to be taken again.
fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.trim().to_owned()
}

/// Different questions must not be compared.
fn agree(question: Question, with: &str, product: &Answer, other: &Answer) {
    let difference = difference(question, product, other);
    assert!(
        difference.is_none(),
        "{question:?}: the product and {with} differ: {}",
        difference.unwrap_or_default()
    );
}
