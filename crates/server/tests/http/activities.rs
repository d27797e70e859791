//! Activities and notes: when they happened, what they may hold, and that they are records as others.

use serde_json::{Value, json};

use crate::app::each_app;

#[tokio::test]
async fn an_activity_is_there_since_it_happened() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"kind": "call", "subject": "First talk", "occurredAt": "2026-02-20T10:00:00Z", "durationMinutes": 20});
        let call = ann.post("/activities", body).await.status(201);
        assert_eq!(call.string("/createdAt"), "2026-02-20T10:00:00Z");
        assert_eq!(call.string("/updatedAt"), "2026-03-01T09:00:00Z");
        assert_eq!(call.string("/owner"), ann.id);
        assert_eq!(call.at("/durationMinutes"), &json!(20));
        let path = format!("/activities/{}", call.string("/id"));
        ann.get(&format!("{path}?asOf=2026-02-20T10:00:00Z")).await.status(200);
        ann.get(&format!("{path}?asOf=2026-02-20T09:59:59Z")).await.problem(404, "NOT_FOUND");
        app.clock.step_seconds(60);
        ann.get(&format!("{path}?recordedAsOf=2026-02-28T10:00:00Z")).await.problem(404, "NOT_FOUND");
        let planned = json!({"kind": "meeting", "occurredAt": "2026-03-09T10:00:00Z"});
        let planned = ann.post("/activities", planned).await.status(201);
        assert_eq!(planned.string("/createdAt"), "2026-03-01T09:01:00Z");
        let now = ann.post("/activities", json!({"kind": "email", "direction": "inbound"})).await.status(201);
        assert_eq!(now.string("/occurredAt"), "2026-03-01T09:01:00Z");
        let all = ann.get("/activities").await.status(200);
        let kinds: Vec<&Value> = all.list("/results").iter().map(|one| &one["kind"]).collect();
        assert_eq!(kinds, ["meeting", "email", "call"]);
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_with_an_activity_is_told_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        for (body, expected) in [
            (json!({}), vec![("/kind", "REQUIRED")]),
            (
                json!({"kind": "lunch", "durationMinutes": 0}),
                vec![
                    ("/durationMinutes", "INVALID_DURATION"),
                    ("/kind", "INVALID_OPTION"),
                ],
            ),
            (
                json!({"kind": "call", "durationMinutes": 1.5}),
                vec![("/durationMinutes", "INVALID_DURATION")],
            ),
            (
                json!({"kind": "call", "durationMinutes": 10_081}),
                vec![("/durationMinutes", "INVALID_DURATION")],
            ),
            (
                json!({"kind": "call", "durationMinutes": "5"}),
                vec![("/durationMinutes", "INVALID_NUMBER")],
            ),
            (
                json!({"kind": "call", "occurredAt": null}),
                vec![("/occurredAt", "REQUIRED")],
            ),
            (
                json!({"kind": "call", "subject": "x".repeat(501)}),
                vec![("/subject", "TOO_LONG")],
            ),
        ] {
            let mut errors = ann
                .post("/activities", body.clone())
                .await
                .status(422)
                .errors();
            errors.sort();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
                .collect();
            assert_eq!(errors, expected, "{body}");
        }
        assert!(
            ann.get("/activities")
                .await
                .status(200)
                .list("/results")
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_note_is_kept_as_it_was_typed() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = "**Bold** <script>alert(1)</script>\n- one\n- [two](https://example.com)";
        let note = ann.post("/notes", json!({"body": body})).await.status(201);
        assert_eq!(note.string("/body"), body);
        let path = format!("/notes/{}", note.string("/id"));
        app.clock.step_seconds(60);
        ann.patch(&path, json!({"body": "shorter"}))
            .await
            .status(200);
        let before = ann
            .get(&format!("{path}?asOf=2026-03-01T09:00:30Z"))
            .await
            .status(200);
        assert_eq!(before.string("/body"), body);
        ann.patch(&path, json!({"body": " \n"}))
            .await
            .problem(422, "REQUIRED");
        ann.post("/notes", json!({"body": ""}))
            .await
            .problem(422, "REQUIRED");
        ann.post("/notes", json!({"body": "x".repeat(100_001)}))
            .await
            .problem(422, "TOO_LONG");
    })
    .await;
}

#[tokio::test]
async fn activities_notes_and_tasks_are_records_but_not_listed_among_the_objects() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let objects = ann.get("/objects").await.status(200);
        let names: Vec<&Value> = objects
            .list("/results")
            .iter()
            .map(|object| &object["name"])
            .collect();
        assert_eq!(
            names,
            ["leads", "contacts", "accounts", "deals", "products"]
        );
        let note = ann
            .post("/notes", json!({"body": "findme"}))
            .await
            .status(201);
        let record = ann
            .get(&format!("/objects/notes/{}", note.string("/id")))
            .await
            .status(200);
        assert_eq!(record.string("/properties/body"), "findme");
        let changes = ann.get("/changes").await.status(200);
        assert_eq!(changes.string("/results/0/object"), "notes");
        let task = json!({"title": "findme"});
        ann.post("/tasks", task).await.status(201);
        let found = ann.get("/search?q=findme").await.status(200);
        assert!(found.list("/results").is_empty());
        let found = ann.get("/search?q=findme&objects=tasks").await.status(200);
        assert_eq!(found.list("/results").len(), 1);
    })
    .await;
}
