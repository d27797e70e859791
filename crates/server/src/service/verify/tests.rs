//! What the write path wrote is found sound on both databases, and each kind of damage is found and named.

use std::sync::Arc;

use leadline_engine::{
    ids::{RecordId, WorkspaceId},
    ledger::Actor,
    schema::{Object, Schema},
    spans::Statement,
    time::Timestamp,
    value::Value,
    write::HistoryRow,
};
use leadline_store::{
    db::DbError,
    ledger::associations::{self, Association},
    testing::each_database,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::*;
use crate::{
    clock::{Clock, ManualClock},
    service::{
        ctx::Ctx,
        records::{Action, Applied, Target, Write, apply},
        workspaces as workspace_service,
    },
};

/// A workspace with leads of every kind of history, by version: archived (2), corrected (4), imported (5). Two are linked as `twin`, were
/// before, and as `other`.
struct Story {
    db: Db,
    clock: ManualClock,
    workspace: WorkspaceId,
}

impl Story {
    async fn told_on(db: &Db) -> Self {
        let clock = ManualClock::at(at(1_000));
        let workspace = db
            .write(|tx| {
                Box::pin(async move {
                    workspace_service::create(tx, "Mill", Actor::SYSTEM, at(1_000)).await
                })
            })
            .await
            .unwrap();
        let story = Self {
            db: db.clone(),
            clock,
            workspace: workspace.id,
        };
        let first = story.create("Cy").await;
        let archived = story.create("Bo").await;
        story.link(first, archived, "twin").await;
        story.unlink(first, archived).await;
        story.link(first, archived, "twin").await;
        story.link(first, archived, "other").await;
        story
            .apply(Target::Id(archived), Action::Archive(true))
            .await;
        story.correct().await;
        story.import().await;
        story
    }

    async fn correct(&self) {
        let id = self.create("Ada").await;
        for stage in ["contacted", "qualified"] {
            self.apply(Target::Id(id), set(json!({"stage": stage})))
                .await;
        }
        let leads = self.leads().await;
        let correction = Action::Correct {
            property: Arc::clone(leads.property("stage").unwrap()),
            statements: vec![Statement {
                value: Some(Value::Option("contacted".into())),
                valid_from: at(1_001),
                valid_to: None,
                origin: None,
            }],
        };
        self.apply(Target::Id(id), correction).await;
    }

    async fn import(&self) {
        let row = |time, stage: &str| HistoryRow {
            time: at(time),
            actor: None,
            source: None,
            values: vec![("stage".into(), Some(Value::Option(stage.into())))],
        };
        let history = |rows| Action::History {
            rows,
            if_new: Vec::new(),
        };
        let rows = vec![row(30, "qualified"), row(10, "new"), row(10, "contacted")];
        let begun = self.apply(Target::New, history(rows)).await;
        let rows = vec![row(5, "new"), row(20, "disqualified")];
        self.apply(Target::Id(begun.record.id), history(rows)).await;
    }

    async fn link(&self, from: RecordId, to: RecordId, label: &'static str) {
        self.clock.step_seconds(1);
        let (workspace, now) = (self.workspace, self.clock.now());
        let leads = self.leads().await.id;
        let link = Association {
            id: Uuid::now_v7(),
            from: (leads, from),
            to: (leads, to),
            label: label.to_owned(),
            linked_at: now,
            linked_by: Actor::SYSTEM,
            unlinked_at: None,
            unlinked_by: None,
        };
        let linked: Result<_, DbError> = self
            .db
            .write(move |tx| {
                let link = link.clone();
                Box::pin(async move { associations::insert(tx, workspace, &link).await })
            })
            .await;
        assert_eq!(linked, Ok(Some(now)));
    }

    async fn unlink(&self, a: RecordId, b: RecordId) {
        self.clock.step_seconds(1);
        let (workspace, by) = (self.workspace, (self.clock.now(), Actor::SYSTEM));
        let ended: Result<u64, DbError> = self
            .db
            .write(move |tx| {
                Box::pin(async move { associations::end(tx, workspace, (a, b), None, by).await })
            })
            .await;
        assert_eq!(ended, Ok(1));
    }

    async fn create(&self, name: &str) -> RecordId {
        let email = format!("{name}@example.com");
        let action = set(json!({"name": name, "email": email}));
        self.apply(Target::New, action).await.record.id
    }

    /// Each write comes a second after the one before.
    async fn apply(&self, target: Target, action: Action) -> Applied {
        self.clock.step_seconds(1);
        let write = Write::new(target, action);
        let ctx = Ctx::system(self.workspace, Clock::Manual(self.clock.clone()));
        let applied: Result<_, ServiceError> = self
            .db
            .write(move |tx| {
                let (ctx, write) = (ctx.clone(), write.clone());
                Box::pin(async move {
                    let schema = load_schema(tx, ctx.workspace).await?;
                    let leads = schema.object("leads").unwrap();
                    apply(tx, &ctx, &schema, leads, &[write]).await
                })
            })
            .await;
        applied.unwrap().remove(0).unwrap()
    }

    async fn leads(&self) -> Arc<Object> {
        let workspace = self.workspace;
        let schema: Result<Schema, ServiceError> = self
            .db
            .read(move |tx| Box::pin(async move { load_schema(tx, workspace).await }))
            .await;
        Arc::clone(schema.unwrap().object("leads").unwrap())
    }

    async fn damage(&self, sql: &'static str) {
        let done: Result<u64, DbError> = self
            .db
            .write(move |tx| Box::pin(async move { tx.execute(sql, &[]).await }))
            .await;
        assert_eq!(done, Ok(1), "{sql}");
    }

    async fn verify(&self) -> Result<Verified, Finding> {
        verify(&self.db, None, &|_, _, _| {}).await.unwrap()
    }
}

fn set(values: Json) -> Action {
    let Json::Object(values) = values else {
        return Action::Set(Map::new());
    };
    Action::Set(values)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000)
}

#[tokio::test]
async fn what_was_written_is_found_sound() {
    each_database(async |db| {
        let story = Story::told_on(&db).await;
        let verified = story.verify().await.unwrap();
        assert_eq!(
            (
                verified.workspaces,
                verified.records,
                verified.change_sets,
                verified.keys,
                verified.links
            ),
            (1, 4, 12, 2, 3)
        );
        let named = verify(&db, Some("Mill"), &|_, _, _| {}).await.unwrap();
        assert_eq!(named, Ok(verified));
        let unknown = verify(&db, Some("Quarry"), &|_, _, _| {}).await;
        assert!(matches!(unknown, Err(ServiceError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn ranges_of_many_records_are_checked_to_the_end() {
    each_database(async |db| {
        let story = Story::told_on(&db).await;
        for number in 0..(2 * RECORDS_PER_RANGE - 4) {
            story.create(&format!("n{number}")).await;
        }
        let verified = story.verify().await.unwrap();
        assert_eq!(verified.records, 2 * RECORDS_PER_RANGE as u64);
        story
            .damage("delete from record_key where value = 'n507@example.com'")
            .await;
        assert!(story.verify().await.unwrap_err().what.contains("key"));
    })
    .await;
}

#[tokio::test]
async fn each_kind_of_damage_is_found_and_named() {
    let damages = [
        (
            r#"update record set current = '{"stage":"new","name":"Eve","email":"Ada@example.com"}' where version = 4"#,
            (Some("name"), Some(1), "current value"),
        ),
        (
            r#"update record set current = '{"stage":7}' where version = 4"#,
            (None, None, "damaged"),
        ),
        (
            "update record set archived = not archived where version = 4",
            (Some("archived"), Some(4), "archived"),
        ),
        (
            "update record set updated_at = updated_at + 1 where version = 4",
            (None, Some(4), "updated_at"),
        ),
        (
            "update span set valid_to = valid_to + 1 where ended_version = 2 and record_id in (select id from record where version = 4)",
            (Some("stage"), Some(1), "does not end"),
        ),
        (
            r#"update span set value = '"disqualified"' where ended_version = 2 and record_id in (select id from record where version = 4)"#,
            (Some("stage"), Some(1), "another value"),
        ),
        (
            "delete from span where ended_version = 2 and record_id in (select id from record where version = 4)",
            (Some("stage"), Some(1), "missing"),
        ),
        (
            "delete from change_set where version = 3 and record_id in (select id from record where version = 4)",
            (None, Some(3), "missing"),
        ),
        (
            r#"update change_set set changes = '[{"property":"stage","from":"new","to":"qualified"}]'
               where version = 2 and record_id in (select id from record where version = 4)"#,
            (None, Some(2), "hash"),
        ),
        (
            r#"update change_set set changes = '"gone"' where version = 2 and record_id in (select id from record where version = 4)"#,
            (None, Some(2), "damaged"),
        ),
        (
            "update change_set set hash = (select head_hash from record where version = 2) where version = 4 \
             and record_id in (select id from record where version = 4)",
            (None, Some(4), "hash"),
        ),
        (
            "update change_set set recorded_at = recorded_at - 5000000 where version = 2 \
             and record_id in (select id from record where version = 4)",
            (None, Some(2), "recorded time"),
        ),
        (
            "update association set unlinked_at = linked_at - 1 where unlinked_at is not null",
            (None, None, "ended before it was made"),
        ),
        (
            "update association set linked_at = linked_at - 1500000 where unlinked_at is null and label = 'twin'",
            (None, None, "while the same link held"),
        ),
        (
            "update association set unlinked_by_type = null where unlinked_at is not null",
            (None, None, "nobody ended it"),
        ),
        (
            "update association set unlinked_by_type = 0 where label = 'other'",
            (None, None, "it has not ended"),
        ),
        (
            "update association set to_object = (select id from object where name = 'deals') where label = 'other'",
            (None, None, "leads to a record that does not exist"),
        ),
        (
            "update association set from_object = (select id from object where name = 'deals') where label = 'other'",
            (None, None, "begins at a record that does not exist"),
        ),
        (
            "update association set to_record = from_record where label = 'other'",
            (None, None, "the record where it begins"),
        ),
        (
            "update association set linked_by_type = 9 where label = 'other'",
            (None, None, "damaged"),
        ),
        (
            "delete from record_key where value = 'ada@example.com'",
            (Some("email"), Some(4), "key"),
        ),
        (
            "insert into record_key (workspace_id, property_id, value, record_id, is_unique) \
             select workspace_id, property_id, 'eve@example.com', record_id, is_unique from record_key where value = 'ada@example.com'",
            (Some("email"), None, "key"),
        ),
    ];
    each_database(async |db| {
        for (sql, (property, version, what)) in damages {
            let story = Story::told_on(&db).await;
            assert!(story.verify().await.is_ok());
            story.damage(sql).await;
            let finding = story.verify().await.unwrap_err();
            assert_eq!(finding.workspace, story.workspace);
            assert_eq!(
                (finding.property.as_deref(), finding.version),
                (property, version),
                "{sql}: {finding}"
            );
            assert!(finding.what.contains(what), "{sql}: {finding}");
            story.forget().await;
        }
    })
    .await;
}

impl Story {
    /// Makes room for the next one.
    async fn forget(&self) {
        let done: Result<(), DbError> = self
            .db
            .write(|tx| {
                Box::pin(async move {
                    for sql in [
                        "delete from association",
                        "delete from record_key",
                        "delete from span",
                        "delete from change_set",
                        "delete from record",
                        "delete from definition_change",
                        "delete from property",
                        "delete from object",
                        "delete from workspace",
                    ] {
                        tx.execute(sql, &[]).await?;
                    }
                    Ok(())
                })
            })
            .await;
        done.unwrap();
    }
}
