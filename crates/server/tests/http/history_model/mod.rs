//! Random lives of records against a naive model, on both databases: changes, archiving, corrections, restores, imported histories, a clock
//! that steps forwards and backwards, and restarts. After each command the server must say what the model says: of the present, of any moment,
//! of what was known at any moment, and of how it came.
//!
//! `LEADLINE_TEST_MODEL_CASES` sets how many lives are lived, `LEADLINE_TEST_MODEL_SEED` which ones.

mod choose;
mod compare;
mod model;

use leadline_engine::{ledger::Source, time::Timestamp, validate::parse_value, write::HistoryRow};
use leadline_server::{
    app::App,
    service::{
        ctx::Ctx,
        error::ServiceError,
        records::{Action, Target, Write, apply, find_object},
    },
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

use crate::{
    app::{TestApp, each_app_and_without_room},
    person::Person,
};
use model::{Command, Expected, Model, Row};

const CASES: u64 = 6;
const SEED: u64 = 20_260_301;
const STEPS: usize = 50;
const RECORDS: usize = 2;

#[tokio::test]
async fn the_history_is_what_a_naive_model_says_it_is() {
    let cases = from_environment("LEADLINE_TEST_MODEL_CASES").unwrap_or(CASES);
    let first = from_environment("LEADLINE_TEST_MODEL_SEED").unwrap_or(SEED);
    each_app_and_without_room(async |mut app| {
        let ann = app.signup("ann").await;
        for seed in first..first + cases {
            live(&mut app, &ann, seed).await;
        }
    })
    .await;
}

/// A record, and what it must be.
struct Subject {
    id: String,
    model: Model,
}

async fn live(app: &mut TestApp, ann: &Person, seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut subjects: Vec<Subject> = Vec::new();
    let mut log = vec![format!("seed {seed}")];
    for _ in 0..STEPS {
        match random.random_range(0..100) {
            0..12 => app.clock.step_seconds(random.random_range(0..10_000)),
            12..18 => app.clock.step_seconds(-random.random_range(0..4_000)),
            18..30 => {
                let micros = random.random_range(0..3);
                app.clock.set(app.clock.now().plus_micros(micros));
            }
            30 if random.random_bool(0.3) => {
                log.push("restart".into());
                app.restart().await;
            }
            _ => {}
        }
        let now = app.clock.now();
        let is_new = subjects.len() < RECORDS && (subjects.is_empty() || random.random_bool(0.1));
        if is_new {
            subjects.push(Subject {
                id: String::new(),
                model: Model::default(),
            });
        }
        let chosen = if is_new {
            subjects.len() - 1
        } else {
            random.random_range(0..subjects.len())
        };
        let subject = &mut subjects[chosen];
        let command = choose::command(&mut random, &subject.model, now);
        log.push(format!("{now} record {chosen}: {command:?}"));
        let (answer, id) = run(app, ann, &subject.id, &command).await;
        let expected = subject.model.apply(&command, now);
        assert_eq!(answer, expected, "{}", log.join("\n"));
        subject.id = id;
        if subject.model.exists() {
            let moments = choose::moments(&mut random, &subject.model, now);
            if let Err(difference) =
                compare::compare(ann, &subject.id, &subject.model, &moments, now).await
            {
                panic!("{difference}\n{}", log.join("\n"));
            }
        } else {
            subjects.remove(chosen);
        }
    }
}

/// Has the server do it; answers how it went, and the record's id.
async fn run(app: &TestApp, ann: &Person, id: &str, command: &Command) -> (Expected, String) {
    let path = format!("/objects/leads/{id}");
    let with_from = |values: Value, from: Option<Timestamp>| match from {
        Some(from) => json!({"properties": values, "validFrom": from}),
        None => json!({"properties": values}),
    };
    let answer = match command {
        Command::Create { values, valid_from } => {
            let body = with_from(json!(values), *valid_from);
            ann.post("/objects/leads", body).await
        }
        Command::Update {
            values,
            valid_from,
            knowing,
        } => {
            let body = with_from(json!(values), *valid_from);
            match knowing {
                Some(version) => ann.knowing(*version).patch(&path, body).await,
                None => ann.patch(&path, body).await,
            }
        }
        Command::Archive(true) => ann.delete(&path).await,
        Command::Archive(false) => ann.post(&format!("{path}/unarchive"), json!({})).await,
        Command::Correct { property, set } => {
            let statement = |statement: &model::Statement| {
                let mut body = Map::new();
                body.insert("value".into(), statement.value.clone());
                body.insert("validFrom".into(), json!(statement.from));
                if let Some(to) = statement.to {
                    body.insert("validTo".into(), json!(to));
                }
                Value::Object(body)
            };
            let set: Vec<Value> = set.iter().map(statement).collect();
            let body = json!({"property": property, "set": set, "reason": "it was so"});
            ann.post(&format!("{path}/corrections"), body).await
        }
        Command::Restore { as_of, properties } => {
            let mut body = json!({"asOf": as_of});
            if let Some(names) = properties {
                body["properties"] = json!(names);
            }
            ann.post(&format!("{path}/restore"), body).await
        }
        Command::Import(rows) => {
            let id = import(app.app(), ann, id, rows).await;
            return (Expected::Accepted, id);
        }
    };
    match answer.code {
        200..300 => {
            let id = answer.at("/id").as_str().unwrap_or(id).to_owned();
            (Expected::Accepted, id)
        }
        status => {
            let code = answer.string("/code");
            (Expected::Refused(status, code.leak()), id.to_owned())
        }
    }
}

/// Writes rows of a history as imports do; answers the record's id.
async fn import(app: &App, ann: &Person, id: &str, rows: &[Row]) -> String {
    let ctx = Ctx::system(ann.workspace.parse().unwrap(), app.clock.clone());
    let (shared, rows, id) = (app.clone(), rows.to_vec(), id.to_owned());
    let written = app.db.write(move |tx| {
        let (app, ctx, rows, id) = (shared.clone(), ctx.clone(), rows.clone(), id.clone());
        Box::pin(async move {
            let schema = app.schemas.get(tx, ctx.workspace).await?;
            let object = find_object(&schema, "leads")?;
            let row = |row: Row| HistoryRow {
                time: row.time,
                actor: None,
                source: None,
                values: vec![(
                    row.property.to_owned(),
                    parse_value(object.property(row.property).unwrap(), &row.value).unwrap(),
                )],
            };
            let target = match id.as_str() {
                "" => Target::New,
                id => Target::Id(id.parse().unwrap()),
            };
            let action = Action::History {
                rows: rows.into_iter().map(row).collect(),
                if_new: Vec::new(),
            };
            let write = Write {
                source: Some(Source::Import),
                ..Write::new(target, action)
            };
            let mut results = apply(tx, &ctx, &schema, object, &[write]).await?;
            results.pop().unwrap()
        })
    });
    let applied: Result<_, ServiceError> = written.await;
    applied.unwrap().record.id.to_string()
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}
