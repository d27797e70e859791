//! Tasks: what they may hold, whose they are, when they are due and what they are about.

use leadline_server::service::{access::Role, verify};
use leadline_store::db::DbError;
use serde_json::{Value, json};

use crate::{
    app::{TestApp, at, each_app, each_app_and_without_room},
    person::{Answer, Person},
};

async fn lead(person: &Person, name: &str) -> String {
    let body = json!({"properties": {"name": name}});
    let made = person.post("/objects/leads", body).await.status(201);
    made.string("/id")
}

fn titles(answer: &Answer) -> Vec<&str> {
    let tasks = answer.list("/results").iter();
    tasks.map(|task| task["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_task_is_made_changed_done_and_archived() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann, "a").await;
        let about = json!([{"object": "leads", "id": lead}]);
        let body = json!({"title": "  Call back ", "dueAt": "2026-03-02T10:00:00+01:00", "assignee": ann.id, "records": about});
        let task = ann.post("/tasks", body).await.status(201);
        assert_eq!(task.string("/title"), "Call back");
        assert_eq!(task.string("/dueAt"), "2026-03-02T09:00:00Z");
        assert_eq!(task.string("/priority"), "normal");
        assert_eq!(task.at("/done"), &json!(false));
        assert_eq!(task.at("/records"), &about);
        assert_eq!(task.string("/createdBy/id"), ann.id);
        assert_eq!(task.header("etag"), "\"1\"");
        let path = format!("/tasks/{}", task.string("/id"));
        assert_eq!(task.header("location"), format!("/api/v1{path}"));
        app.clock.step_seconds(60);
        let done = ann.knowing(1).patch(&path, json!({"done": true})).await.status(200);
        assert_eq!(done.string("/doneAt"), "2026-03-01T09:01:00Z");
        assert_eq!(done.number("/version"), 2);
        app.clock.step_seconds(60);
        let again = ann.patch(&path, json!({"done": true})).await.status(200);
        assert_eq!((again.string("/doneAt"), again.number("/version")), ("2026-03-01T09:01:00Z".into(), 2));
        ann.knowing(1).patch(&path, json!({"title": "late"})).await.problem(412, "STALE_VERSION");
        let open = ann.patch(&path, json!({"done": false, "dueAt": null, "priority": "high"})).await.status(200);
        assert_eq!((open.at("/done"), open.at("/doneAt"), open.at("/dueAt")), (&json!(false), &Value::Null, &Value::Null));
        ann.knowing(1).delete(&path).await.problem(412, "STALE_VERSION");
        ann.delete(&path).await.status(204);
        assert!(ann.get("/tasks").await.status(200).list("/results").is_empty());
        assert_eq!(ann.get(&path).await.status(200).at("/archived"), &json!(true));
        ann.patch(&path, json!({"title": "x"})).await.problem(409, "RECORD_ARCHIVED");
        ann.patch(&path, json!({"records": []})).await.problem(409, "RECORD_ARCHIVED");
        ann.post(&format!("/objects{path}/unarchive"), json!({})).await.status(200);
        let back = ann.get("/tasks").await.status(200);
        assert_eq!(back.at("/results/0/records"), &about);
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_task_is_told_at_once_and_nothing_is_made() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let bob = app.signup("bob").await;
        let foreign = lead(&bob, "bob's").await;
        let body = json!({
            "title": " ", "dueAt": "tomorrow", "assignee": bob.id, "priority": "urgent",
            "records": [{"object": "leads", "id": foreign}, {"object": "tasks", "id": foreign}, {"object": "things", "id": foreign}],
        });
        let mut errors = ann.post("/tasks", body).await.status(422).errors();
        errors.sort();
        let expected = [
            ("/assignee", "UNKNOWN_USER"),
            ("/dueAt", "INVALID_DATETIME"),
            ("/priority", "INVALID_OPTION"),
            ("/records/0/id", "UNKNOWN_RECORD"),
            ("/records/1/object", "UNKNOWN_OBJECT"),
            ("/records/2/object", "UNKNOWN_OBJECT"),
            ("/title", "REQUIRED"),
        ];
        assert_eq!(errors, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let long = json!({"title": "x".repeat(501)});
        ann.post("/tasks", long).await.problem(422, "TOO_LONG");
        let many = vec![json!({"object": "leads", "id": foreign}); 51];
        ann.post("/tasks", json!({"title": "x", "records": many})).await.problem(422, "TOO_MANY_RECORDS");
        assert!(ann.get("/tasks?status=all").await.status(200).list("/results").is_empty());

        let task = ann.post("/tasks", json!({"title": "a"})).await.status(201);
        let path = format!("/tasks/{}", task.string("/id"));
        let wrong = json!({"title": null, "done": true, "records": [{"object": "leads", "id": foreign}]});
        ann.patch(&path, wrong).await.status(422);
        let after = ann.get(&path).await.status(200);
        assert_eq!(after.json, task.json);
        bob.get(&path).await.problem(404, "NOT_FOUND");
        bob.patch(&path, json!({"done": true})).await.problem(404, "NOT_FOUND");
        bob.delete(&path).await.problem(404, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn tasks_are_listed_by_when_they_are_due_in_the_time_zone_of_the_workspace() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        for (title, due_at) in [
            ("someday", Value::Null),
            ("in a week", json!("2026-03-08T12:00:00Z")),
            ("tonight", json!("2026-03-01T23:59:59Z")),
            ("midnight", json!("2026-03-02T00:00:00Z")),
            ("yesterday", json!("2026-02-28T12:00:00Z")),
            ("now", json!("2026-03-01T09:00:00Z")),
        ] {
            ann.post("/tasks", json!({"title": title, "dueAt": due_at}))
                .await
                .status(201);
        }
        for (query, expected) in [
            (
                "",
                &[
                    "yesterday",
                    "now",
                    "tonight",
                    "midnight",
                    "in a week",
                    "someday",
                ][..],
            ),
            ("due=overdue", &["yesterday"]),
            ("due=today", &["now", "tonight"]),
            ("due=upcoming", &["midnight", "in a week"]),
            ("due=unscheduled", &["someday"]),
            (
                "dueFrom=2026-03-01T09:00:00Z&dueTo=2026-03-02T00:00:00Z",
                &["now", "tonight"],
            ),
            ("dueFrom=2026-03-02T00:00:00Z", &["midnight", "in a week"]),
            ("dueTo=2026-03-01T09:00:00Z&status=all", &["yesterday"]),
            (
                "dueFrom=2026-03-01T09:00:00Z&dueTo=2026-03-01T09:00:00Z",
                &[],
            ),
            ("status=done", &[]),
            ("asOf=2026-03-01T08:59:59Z", &[]),
        ] {
            let found = ann.get(&format!("/tasks?{query}")).await.status(200);
            assert_eq!(titles(&found), expected, "{query}");
        }
        let first = ann.get("/tasks?limit=2").await.status(200);
        let after = first.string("/paging/next/after");
        let second = ann
            .get(&format!("/tasks?limit=9&after={after}"))
            .await
            .status(200);
        assert_eq!(
            titles(&second),
            ["tonight", "midnight", "in a week", "someday"]
        );
        assert!(second.at("/paging").is_null());
        ann.get("/tasks?due=later").await.status(422);
        ann.get("/tasks?dueFrom=2026-03-02T00:00:00Z&dueTo=2026-03-01T00:00:00Z")
            .await
            .problem(422, "INVALID_RANGE");
        ann.get("/tasks?status=late").await.status(422);
    })
    .await;
}

#[tokio::test]
async fn tasks_are_listed_by_whose_they_are_and_whether_they_are_done() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let mia = app.member(&ann, "mia", Role::Member).await;
        for (title, assignee) in [
            ("ann's", json!(ann.id)),
            ("mia's", json!(mia.id)),
            ("nobody's", Value::Null),
        ] {
            ann.post("/tasks", json!({"title": title, "assignee": assignee}))
                .await
                .status(201);
        }
        assert_eq!(
            titles(&ann.get("/tasks?assignee=me").await.status(200)),
            ["ann's"]
        );
        assert_eq!(
            titles(&mia.get("/tasks?assignee=me").await.status(200)),
            ["mia's"]
        );
        let hers = format!("/tasks?assignee={}", mia.id);
        assert_eq!(titles(&ann.get(&hers).await.status(200)), ["mia's"]);
        ann.get("/tasks?assignee=nobody")
            .await
            .problem(422, "INVALID_USER");
        let all = ann.get("/tasks").await.status(200);
        for task in all.list("/results") {
            app.clock.step_seconds(60);
            let path = format!("/tasks/{}", task["id"].as_str().unwrap());
            mia.patch(&path, json!({"done": true})).await.status(200);
        }
        assert!(
            ann.get("/tasks")
                .await
                .status(200)
                .list("/results")
                .is_empty()
        );
        let done = ann.get("/tasks?status=done").await.status(200);
        let mut expected = titles(&all);
        expected.reverse();
        assert_eq!(titles(&done), expected, "the last that was done first");
        assert_eq!(
            ann.get("/tasks?status=all")
                .await
                .status(200)
                .list("/results")
                .len(),
            3
        );
        let viewer = app.member(&ann, "vic", Role::Viewer).await;
        viewer
            .post("/tasks", json!({"title": "x"}))
            .await
            .problem(403, "FORBIDDEN");
        assert_eq!(
            viewer
                .get("/tasks?status=all")
                .await
                .status(200)
                .list("/results")
                .len(),
            3
        );
    })
    .await;
}

#[tokio::test]
async fn a_task_is_about_any_records_now_and_was_about_others_then() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let (a, b) = (lead(&ann, "a").await, lead(&ann, "b").await);
        let about = |ids: &[&String]| -> Value {
            ids.iter()
                .map(|id| json!({"object": "leads", "id": id}))
                .collect()
        };
        let body = json!({"title": "t", "records": about(&[&a, &b, &a])});
        let task = ann.post("/tasks", body).await.status(201);
        assert_eq!(task.at("/records"), &about(&[&a, &b]));
        let before = app.now();
        app.clock.step_seconds(60);
        let path = format!("/tasks/{}", task.string("/id"));
        let moved = ann
            .patch(&path, json!({"records": about(&[&b])}))
            .await
            .status(200);
        assert_eq!(moved.at("/records"), &about(&[&b]));
        let of = async |id: &String, moment: &str| {
            let list = ann
                .get(&format!("/tasks?object=leads&record={id}{moment}"))
                .await
                .status(200);
            list.list("/results").len()
        };
        assert_eq!((of(&a, "").await, of(&b, "").await), (0, 1));
        let then = format!("&asOf={before}");
        assert_eq!((of(&a, &then).await, of(&b, &then).await), (1, 1));
        let known = format!("&recordedAsOf={before}");
        assert_eq!((of(&a, &known).await, of(&b, &known).await), (1, 1));
        let shown = ann.get(&format!("{path}?asOf={before}")).await.status(200);
        assert_eq!(shown.at("/records"), &about(&[&a, &b]));
        ann.get("/tasks?object=leads")
            .await
            .problem(422, "REQUIRED");
        ann.get(&format!("/tasks?record={a}"))
            .await
            .problem(422, "REQUIRED");
        ann.get(&format!("/tasks?object=contacts&record={a}"))
            .await
            .problem(404, "NOT_FOUND");
        ann.get(&format!("{path}?asOf=2026-03-01T08:00:00Z"))
            .await
            .problem(404, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn what_something_is_about_is_protected_by_its_version() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let (a, b) = (lead(&ann, "a").await, lead(&ann, "b").await);
        let about = |id: &String| json!({"records": [{"object": "leads", "id": id}]});
        for (list, mut body) in [
            ("/tasks", json!({"title": "t"})),
            ("/notes", json!({"body": "n"})),
        ] {
            body["records"] = about(&a)["records"].clone();
            let made = ann.post(list, body).await.status(201);
            let path = format!("{list}/{}", made.string("/id"));
            app.clock.step_seconds(60);
            let moved = ann.knowing(1).patch(&path, about(&b)).await.status(200);
            assert_eq!(moved.header("etag"), "\"2\"");
            assert_eq!(moved.number("/version"), 2);
            assert_eq!(moved.string("/updatedAt"), app.now());
            assert_eq!(moved.at("/records"), &about(&b)["records"]);
            ann.knowing(1)
                .patch(&path, about(&a))
                .await
                .problem(412, "STALE_VERSION");
            assert_eq!(ann.get(&path).await.status(200).json, moved.json);
            let same = ann.patch(&path, about(&b)).await.status(200);
            assert_eq!(same.json, moved.json);
            let history = format!("/objects{path}/history");
            let history = ann.get(&history).await.status(200);
            assert_eq!(history.list("/results").len(), 2);
            assert_eq!(history.at("/results/0/changes"), &json!([]));
            let feed = ann.get("/changes").await.status(200);
            let last = feed.list("/results").last().unwrap();
            assert_eq!(
                (&last["recordId"], &last["version"]),
                (made.at("/id"), &json!(2))
            );
        }
        let verified = verify::verify(&app.app().db, None, &|_, _, _| {})
            .await
            .unwrap();
        assert_eq!(verified.unwrap().records, 4);
    })
    .await;
}

#[tokio::test]
async fn the_app_reminds_of_tasks_from_the_time_that_was_said() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"title": "r", "assignee": ann.id, "remindAt": "2026-03-01T09:30:00Z"});
        let task = ann.post("/tasks", body).await.status(201);
        ann.post("/tasks", json!({"title": "none", "assignee": ann.id}))
            .await
            .status(201);
        let reminders = "/tasks?assignee=me&remind=true";
        assert!(
            ann.get(reminders)
                .await
                .status(200)
                .list("/results")
                .is_empty()
        );
        app.clock.set(at("2026-03-01T09:30:00Z"));
        assert_eq!(titles(&ann.get(reminders).await.status(200)), ["r"]);
        let path = format!("/tasks/{}", task.string("/id"));
        ann.patch(&path, json!({"remindAt": "2026-03-01T10:30:00Z"}))
            .await
            .status(200);
        assert!(
            ann.get(reminders)
                .await
                .status(200)
                .list("/results")
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_task_made_twice_with_one_key_is_there_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann, "a").await;
        let body = json!({"title": "t", "records": [{"object": "leads", "id": lead}]});
        let first = ann.once("k").post("/tasks", body.clone()).await.status(201);
        app.clock.step_seconds(60);
        let second = ann.once("k").post("/tasks", body).await.status(201);
        assert_eq!(first.json, second.json);
        assert_eq!(
            ann.get("/tasks").await.status(200).list("/results").len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn a_workspace_of_an_earlier_release_gets_what_it_lacks() {
    each_app(async |mut app| {
        let ann = app.signup("ann").await;
        for table in ["definition_change", "property"] {
            forget(&app, table, "object_id").await;
        }
        forget(&app, "object", "id").await;
        app.restart().await;
        let objects = ann.get("/objects").await.status(200);
        assert_eq!(objects.list("/results").len(), 5);
        let task = ann.post("/tasks", json!({"title": "t"})).await.status(201);
        assert_eq!(task.string("/priority"), "normal");
        app.restart().await;
        assert_eq!(titles(&ann.get("/tasks").await.status(200)), ["t"]);
    })
    .await;
}

/// Takes the rows of the newer objects out of a table, as if they had never been.
async fn forget(app: &TestApp, table: &str, column: &str) {
    let names = "'activities', 'notes', 'tasks'";
    let sql = format!(
        "delete from {table} where {column} in (select id from object where name in ({names}))"
    );
    let sql: &'static str = sql.leak();
    let gone: Result<u64, DbError> = app
        .app()
        .db
        .write(move |tx| Box::pin(async move { tx.execute(sql, &[]).await }))
        .await;
    assert!(gone.unwrap() > 0);
}
