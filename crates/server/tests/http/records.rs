//! Records, one by one: creating, reading, changing, archiving, and what is refused.

use serde_json::json;

use crate::app::each_app;

#[tokio::test]
async fn a_lead_is_created_and_read_back() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"name": "Ada Ltd", "email": "Ada@Example.com", "amount": {"amount": "1250.00", "currency": "EUR"}}});
        let lead = ann.post("/objects/leads", body).await.status(201);
        assert_eq!(lead.header("etag"), "\"1\"");
        assert_eq!(lead.header("location"), format!("/api/v1{}", lead.path()));
        assert_eq!(lead.string("/properties/stage"), "new");
        assert_eq!(lead.string("/properties/amount/amount"), "1250.00");
        assert_eq!(lead.string("/createdAt"), app.now());
        let read = ann.get(&lead.path()).await.status(200);
        assert_eq!(read.json, lead.json);
    })
    .await;
}

#[tokio::test]
async fn everything_wrong_with_an_input_is_said_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"email": "no address", "stage": "nowhere", "amount": "much", "height": 3, "archived": true}});
        let answer = ann.post("/objects/leads", body).await.problem(422, "INVALID_INPUT");
        let mut pointers: Vec<String> = answer.errors().into_iter().map(|(pointer, _)| pointer).collect();
        pointers.sort();
        assert_eq!(pointers, ["/properties/amount", "/properties/archived", "/properties/email", "/properties/height", "/properties/stage"]);
        let answer = ann.post("/objects/leads", json!({"propertys": {}, "validfrom": 1})).await.status(422);
        assert!(answer.errors().len() >= 2, "{}", answer.text);
        ann.post("/objects/unicorns", json!({"properties": {}})).await.problem(404, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn a_stale_version_is_refused() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "a"}}))
            .await
            .status(201)
            .path();
        let changed = ann
            .knowing(1)
            .patch(&lead, json!({"properties": {"name": "b"}}))
            .await
            .status(200);
        assert_eq!(changed.header("etag"), "\"2\"");
        ann.knowing(1)
            .patch(&lead, json!({"properties": {"name": "c"}}))
            .await
            .problem(412, "STALE_VERSION");
        ann.knowing(1)
            .delete(&lead)
            .await
            .problem(412, "STALE_VERSION");
        ann.with("if-match", "W/\"2\"")
            .patch(&lead, json!({"properties": {"name": "c"}}))
            .await
            .problem(412, "STALE_VERSION");
        ann.with("if-match", "*")
            .patch(&lead, json!({"properties": {"name": "d"}}))
            .await
            .status(200);
        assert_eq!(ann.get(&lead).await.string("/properties/name"), "d");
        assert_eq!(
            ann.get(&format!("{lead}/history"))
                .await
                .list("/results")
                .len(),
            3
        );
    })
    .await;
}

#[tokio::test]
async fn a_write_that_changes_nothing_makes_no_version() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post(
                "/objects/leads",
                json!({"properties": {"name": "a", "phone": null}}),
            )
            .await
            .status(201)
            .path();
        app.clock.step_seconds(5);
        for body in [
            json!({}),
            json!({"name": "a"}),
            json!({"name": "a", "city": null, "stage": "new"}),
        ] {
            let answer = ann
                .patch(&lead, json!({"properties": body}))
                .await
                .status(200);
            assert_eq!(answer.number("/version"), 1, "{body}");
        }
        ann.post(&format!("{lead}/unarchive"), json!({}))
            .await
            .status(200);
        assert_eq!(
            ann.get(&format!("{lead}/history"))
                .await
                .list("/results")
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn an_archived_record_is_kept_and_can_be_brought_back() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "a"}}))
            .await
            .status(201)
            .path();
        app.clock.step_seconds(10);
        ann.delete(&lead).await.status(204);
        ann.delete(&lead).await.status(204);
        let archived = ann.get(&lead).await.status(200);
        assert_eq!(
            (archived.at("/archived"), archived.number("/version")),
            (&json!(true), 2)
        );
        ann.patch(&lead, json!({"properties": {"name": "b"}}))
            .await
            .problem(409, "RECORD_ARCHIVED");
        app.clock.step_seconds(10);
        let back = ann
            .post(&format!("{lead}/unarchive"), json!({}))
            .await
            .status(200);
        assert_eq!(
            (back.at("/archived"), back.number("/version")),
            (&json!(false), 3)
        );
        let then = ann
            .get(&format!("{lead}?asOf=2026-03-01T09:00:10Z"))
            .await
            .status(200);
        assert_eq!(then.at("/archived"), &json!(true));
        ann.delete("/objects/leads/0197a0e8-0000-7000-8000-000000000000")
            .await
            .problem(404, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn a_unique_value_is_held_by_one_record_and_let_go_by_archiving() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"sku": "A-1"}});
        let product = ann
            .post("/objects/products", body.clone())
            .await
            .status(201)
            .path();
        let refused = ann
            .post("/objects/products", body.clone())
            .await
            .problem(409, "UNIQUE_CONFLICT");
        assert_eq!(refused.errors()[0].0, "/properties/sku");
        ann.delete(&product).await.status(204);
        let second = ann.post("/objects/products", body).await.status(201).path();
        ann.post(&format!("{product}/unarchive"), json!({}))
            .await
            .problem(409, "UNIQUE_CONFLICT");
        assert_eq!(ann.get(&product).await.at("/archived"), &json!(true));
        ann.patch(&second, json!({"properties": {"sku": "A-2"}}))
            .await
            .status(200);
        ann.post(&format!("{product}/unarchive"), json!({}))
            .await
            .status(200);
    })
    .await;
}

#[tokio::test]
async fn links_and_owners_must_exist() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let nobody = "0197a0e8-0000-7000-8000-000000000000";
        let answer = ann
            .post("/objects/leads", json!({"properties": {"owner": nobody}}))
            .await
            .status(422);
        assert_eq!(answer.errors()[0].0, "/properties/owner");
        let answer = ann
            .post("/objects/contacts", json!({"properties": {"lead": nobody}}))
            .await
            .status(422);
        assert_eq!(answer.errors()[0].0, "/properties/lead");
        ann.post("/objects/leads", json!({"properties": {"owner": ann.id}}))
            .await
            .status(201);
    })
    .await;
}
