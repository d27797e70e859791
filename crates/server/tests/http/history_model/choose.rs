//! Chooses what happens next, and which moments to look at: the edges of what is known more often than chance would.

use std::collections::BTreeMap;

use leadline_engine::time::Timestamp;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::model::{Command, Model, Row, Statement};

const SETTABLE: [&str; 3] = ["name", "source", "stage"];
/// How far back lives reach, in microseconds.
const PAST: i64 = 20_000_000_000;

/// A moment to look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) as_of: Option<Timestamp>,
    pub(super) recorded_as_of: Option<Timestamp>,
}

/// The next command.
pub(super) fn command(random: &mut ChaCha8Rng, model: &Model, now: Timestamp) -> Command {
    if !model.exists() {
        return if random.random_bool(0.3) {
            Command::Import(rows(random, model, now))
        } else {
            let valid_from = random.random_bool(0.4).then(|| time(random, model, now));
            Command::Create {
                values: values(random),
                valid_from,
            }
        };
    }
    match random.random_range(0..100) {
        0..45 => {
            let valid_from = random.random_bool(0.35).then(|| time(random, model, now));
            let version = model.versions.len() as i64 - i64::from(random.random_bool(0.2));
            Command::Update {
                values: values(random),
                valid_from,
                knowing: random.random_bool(0.3).then_some(version),
            }
        }
        45..50 => Command::Archive(true),
        50..60 => Command::Archive(false),
        60..78 => {
            let count = if random.random_bool(0.8) { 1 } else { 2 };
            let property = SETTABLE[random.random_range(0..SETTABLE.len())];
            let set = (0..count).map(|_| statement(random, model, property, now));
            Command::Correct {
                property,
                set: set.collect(),
            }
        }
        78..86 => {
            let properties = random
                .random_bool(0.5)
                .then(|| vec![SETTABLE[random.random_range(0..SETTABLE.len())]]);
            Command::Restore {
                as_of: time(random, model, now),
                properties,
            }
        }
        _ => Command::Import(rows(random, model, now)),
    }
}

/// Moments to compare: of what was true, of what was known, and of both.
pub(super) fn moments(random: &mut ChaCha8Rng, model: &Model, now: Timestamp) -> Vec<Moment> {
    let as_of = |random: &mut ChaCha8Rng| Some(time(random, model, now).min(now));
    let known = |random: &mut ChaCha8Rng| {
        let versions = &model.versions;
        let chosen = random.random_range(0..versions.len());
        // Within a write that made several change sets nothing is promised.
        let is_whole = versions[chosen].belief.is_some();
        let next = versions
            .get(chosen + 1)
            .map_or(now, |next| next.recorded_at.plus_micros(-1));
        let at = if random.random_bool(0.5) {
            versions[chosen].recorded_at
        } else {
            next.max(versions[chosen].recorded_at)
        };
        (is_whole && at <= now).then_some(at)
    };
    let mut moments = Vec::new();
    for _ in 0..2 {
        moments.push(Moment {
            as_of: as_of(random),
            recorded_as_of: None,
        });
    }
    for with_as_of in [false, true] {
        if let Some(recorded_as_of) = known(random) {
            moments.push(Moment {
                as_of: if with_as_of { as_of(random) } else { None },
                recorded_as_of: Some(recorded_as_of),
            });
        }
    }
    moments
}

fn statement(
    random: &mut ChaCha8Rng,
    model: &Model,
    property: &'static str,
    now: Timestamp,
) -> Statement {
    let from = time(random, model, now);
    let to = random.random_bool(0.5).then(|| {
        let other = time(random, model, now);
        if random.random_bool(0.9) && other < from {
            from.plus_micros(1 + other.micros().rem_euclid(7))
        } else {
            other
        }
    });
    Statement {
        value: value(random, property),
        from,
        to,
    }
}

fn rows(random: &mut ChaCha8Rng, model: &Model, now: Timestamp) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..random.random_range(1..6) {
        let time = match rows.last() {
            Some(last) if random.random_bool(0.3) => last.time,
            _ => time(random, model, now).min(now),
        };
        let property = SETTABLE[random.random_range(0..SETTABLE.len())];
        rows.push(Row {
            time,
            property,
            value: value(random, property),
        });
    }
    rows
}

fn values(random: &mut ChaCha8Rng) -> BTreeMap<&'static str, Value> {
    let mut values = BTreeMap::new();
    for property in SETTABLE {
        if random.random_bool(0.5) {
            values.insert(property, value(random, property));
        }
    }
    values
}

/// Few values, so that they come again.
fn value(random: &mut ChaCha8Rng, property: &str) -> Value {
    let values = match property {
        "name" => ["Ada", "Bob", "Cy"],
        "source" => ["website", "referral", "event"],
        _ => ["new", "contacted", "qualified"],
    };
    match random.random_range(0..4) {
        3 => Value::Null,
        chosen => json!(values[chosen]),
    }
}

/// A time at, just before or just after something known; or any.
fn time(random: &mut ChaCha8Rng, model: &Model, now: Timestamp) -> Timestamp {
    let mut known = vec![now];
    if let Some(version) = model.versions.last() {
        known.push(version.recorded_at);
        let belief = model.belief();
        known.push(belief.created_at);
        let entries = belief.timelines.values().flatten();
        known.extend(entries.map(|entry| entry.from));
    }
    let near = known[random.random_range(0..known.len())];
    match random.random_range(0..10) {
        0..6 => near,
        6 => near.plus_micros(1),
        7 => near.plus_micros(-1),
        _ => now.plus_micros(-random.random_range(0..PAST)),
    }
}
