//! Questions over a million leads with six and a half million stage visits: what lists, counts and reports take, each beside a bare loop.

mod bare;
mod lists;
mod measure;
mod reports;
mod world;

use leadline_engine::{ledger::Source, time::Timestamp};
use leadline_timeline::{Entry, RecordState};

use measure::Table;
use world::{BEGINNING, LEADS, NOW, Numbers, STAGES, World, head, option};

fn main() {
    let mut world = World::new();
    println!(
        "{} records with {} visits, {} MB in memory\n",
        world.timeline.len(),
        world.stages.values.len(),
        world.timeline.memory_bytes() / 1_000_000
    );
    let table = Table::begin();
    lists::ask(&table, &world);
    reports::ask(&table, &world);
    write(&table, &mut world);
}

fn write(table: &Table, world: &mut World) {
    let mut numbers = Numbers(3);
    let mut version = 1;
    table.alone("replace a record, merges included", || {
        version += 1;
        let entry = |n: i64| Entry {
            valid_from: Timestamp::from_micros(NOW + n),
            value: Some(option(STAGES[(n % 6) as usize])),
            source: Source::Api,
        };
        let state = RecordState {
            head: head(numbers.below(LEADS), BEGINNING, version),
            columns: vec![(world.stage.id, (0..6).map(entry).collect())],
        };
        world.timeline.replace_record(&state).expect("fits");
    });
}
