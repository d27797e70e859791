//! Definitions that change while records are written by them. On PostgreSQL both can be under way at once; SQLite has one writer.

use std::sync::Arc;

use leadline_engine::ids::RecordId;
use leadline_server::service::{
    ctx::Ctx,
    error::ServiceError,
    records::{Action, Target, Write, apply, find_object},
};
use leadline_store::db::DbError;
use serde_json::{Map, Value, json};
use tokio::{
    sync::{Notify, Semaphore},
    task::JoinHandle,
};

use crate::{
    app::TestApp,
    person::{Answer, Person},
};

const CODE: &str = "/objects/leads/properties/code";

/// A write that has read the schema, and waits before it does anything else.
struct SlowWrite {
    gate: Arc<Semaphore>,
    writing: JoinHandle<Result<RecordId, ServiceError>>,
}

impl SlowWrite {
    /// Begins to create a lead with this code.
    async fn begin(app: &TestApp, person: &Person, code: &str) -> Self {
        let (gate, arrived) = (Arc::new(Semaphore::new(0)), Arc::new(Notify::new()));
        let ctx = Ctx::system(person.workspace.parse().unwrap(), app.app().clock.clone());
        let values = Map::from_iter([("code".to_owned(), json!(code))]);
        let write = Write::new(Target::New, Action::Set(values));
        let (server, waiting, told) = (app.app().clone(), Arc::clone(&gate), Arc::clone(&arrived));
        let writing = tokio::spawn(async move {
            let db = server.db.clone();
            let unit = db.write(move |tx| {
                let (server, ctx, write) = (server.clone(), ctx.clone(), write.clone());
                let (waiting, told) = (Arc::clone(&waiting), Arc::clone(&told));
                Box::pin(async move {
                    let schema = server.schemas.hold(tx, ctx.workspace).await?;
                    told.notify_one();
                    let _passed = waiting.acquire().await;
                    let leads = find_object(&schema, "leads")?;
                    let mut results = apply(tx, &ctx, &schema, leads, &[write]).await?;
                    results.remove(0).map(|applied| applied.record.id)
                })
            });
            unit.await
        });
        arrived.notified().await;
        Self { gate, writing }
    }

    async fn finish(self) -> Result<RecordId, ServiceError> {
        self.gate.add_permits(1);
        self.writing.await.unwrap()
    }
}

/// An answer that shall not come before `count` units of work wait for a lock on definitions.
async fn waiting(app: &TestApp, count: i64, answer: &mut JoinHandle<Answer>) {
    let is_reached = async || {
        let waiting: Result<i64, DbError> = app
            .app()
            .db
            .read(|tx| {
                Box::pin(async move {
                    let sql = "select count(*) from pg_locks join pg_database on pg_database.oid = pg_locks.database \
                               where locktype = 'advisory' and not granted and datname = current_database()";
                    tx.query_one(sql, &[]).await?.get(0)
                })
            })
            .await;
        waiting.unwrap() >= count
    };
    let reached = async {
        while !is_reached().await {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        answer = answer => panic!("it did not wait: {}", answer.unwrap().text),
        () = reached => {}
    }
}

async fn with_codes(app: &TestApp) -> Person {
    let ann = app.signup("ann").await;
    let code = json!({"name": "code", "label": "Code", "type": "text"});
    ann.post("/objects/leads/properties", code)
        .await
        .status(201);
    ann
}

fn lead(code: &str) -> Value {
    json!({"properties": {"code": code}})
}

async fn holders(person: &Person, code: &str) -> i64 {
    let filter = json!({"property": "code", "operator": "EQ", "value": code});
    let search = json!({"filterGroups": [{"filters": [filter]}], "count": "exact"});
    let found = person.post("/objects/leads/search", search).await;
    found.status(200).number("/total/value")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_property_becomes_unique_only_after_the_writes_that_know_it_as_it_was() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let ann = with_codes(&app).await;
    ann.post("/objects/leads", lead("X")).await.status(201);
    let write = SlowWrite::begin(&app, &ann, "X").await;
    let other = ann.clone();
    let mut patch = tokio::spawn(async move { other.patch(CODE, json!({"unique": true})).await });
    waiting(&app, 1, &mut patch).await;
    write.finish().await.unwrap();
    patch.await.unwrap().problem(409, "UNIQUE_CONFLICT");
    assert_eq!(holders(&ann, "X").await, 2);
    assert_eq!(ann.get(CODE).await.status(200).at("/unique"), false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_comes_while_a_property_becomes_unique_obeys_it() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let ann = with_codes(&app).await;
    ann.post("/objects/leads", lead("X")).await.status(201);
    let write = SlowWrite::begin(&app, &ann, "Y").await;
    let other = ann.clone();
    let mut patch = tokio::spawn(async move { other.patch(CODE, json!({"unique": true})).await });
    waiting(&app, 1, &mut patch).await;
    let other = ann.clone();
    let mut late = tokio::spawn(async move { other.post("/objects/leads", lead("X")).await });
    waiting(&app, 2, &mut late).await;
    write.finish().await.unwrap();
    patch.await.unwrap().status(200);
    late.await.unwrap().problem(409, "UNIQUE_CONFLICT");
    assert_eq!((holders(&ann, "X").await, holders(&ann, "Y").await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_property_becomes_a_key_with_the_values_that_are_just_being_written() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let ann = with_codes(&app).await;
    let write = SlowWrite::begin(&app, &ann, "Y").await;
    let other = ann.clone();
    let mut upsert = tokio::spawn(async move {
        let inputs = json!({"inputs": [{"properties": {"code": "Y", "city": "Delft"}}]});
        let path = "/objects/leads/batch/upsert?idProperty=code";
        other.post(path, inputs).await
    });
    waiting(&app, 1, &mut upsert).await;
    let id = write.finish().await.unwrap();
    let upserted = upsert.await.unwrap();
    assert_eq!(
        upserted.string("/results/0/id"),
        id.to_string(),
        "{}",
        upserted.text
    );
    assert_eq!(holders(&ann, "Y").await, 1);
}
