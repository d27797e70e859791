//! The same key and body have one effect and one answer (R4).

use futures_util::future::join_all;
use serde_json::json;

use crate::app::each_app;

#[tokio::test]
async fn a_repeated_request_has_one_effect_and_the_same_answer() {
    each_app(async |mut app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"name": "a"}});
        let first = ann
            .once("k1")
            .post("/objects/leads", body.clone())
            .await
            .status(201);
        app.clock.step_seconds(60);
        let again = ann
            .once("k1")
            .post("/objects/leads", body.clone())
            .await
            .status(201);
        assert_eq!(again.json, first.json);
        app.restart().await;
        let after_restart = ann
            .once("k1")
            .post("/objects/leads", body)
            .await
            .status(201);
        assert_eq!(after_restart.json, first.json);
        ann.once("k1")
            .post("/objects/leads", json!({"properties": {"name": "b"}}))
            .await
            .problem(422, "IDEMPOTENCY_KEY_REUSED");
        let patch = json!({"properties": {"city": "Rome"}});
        ann.once("k2")
            .patch(&first.path(), patch.clone())
            .await
            .status(200);
        ann.patch(&first.path(), json!({"properties": {"city": "Oslo"}}))
            .await
            .status(200);
        assert_eq!(
            ann.once("k2")
                .patch(&first.path(), patch)
                .await
                .status(200)
                .string("/properties/city"),
            "Rome"
        );
        assert_eq!(
            ann.get(&first.path()).await.string("/properties/city"),
            "Oslo"
        );
    })
    .await;
}

#[tokio::test]
async fn a_refused_request_can_be_put_right_under_another_body_only_with_another_key() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.once("k")
            .post("/objects/leads", json!({"properties": {"email": "bad"}}))
            .await
            .status(422);
        ann.once("k")
            .post(
                "/objects/leads",
                json!({"properties": {"email": "good@example.com"}}),
            )
            .await
            .status(201);
        ann.once(&"k".repeat(300))
            .post("/objects/leads", json!({"properties": {}}))
            .await
            .problem(422, "INVALID_IDEMPOTENCY_KEY");
    })
    .await;
}

#[tokio::test]
async fn simultaneous_repetitions_on_two_nodes_make_one_record() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let node = app.second_node().await;
        let other = node.as_ref().map_or(ann.clone(), |node| node.person(&ann));
        let attempts = (0..12).map(|number| {
            let person = if number % 2 == 0 { &ann } else { &other };
            let person = person.once("same");
            async move {
                person
                    .post("/objects/leads", json!({"properties": {"name": "a"}}))
                    .await
                    .status(201)
                    .string("/id")
            }
        });
        let ids = join_all(attempts).await;
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    })
    .await;
}

#[tokio::test]
async fn a_key_belongs_to_who_used_it() {
    each_app(async |app| {
        let (ann, bob) = (app.signup("ann").await, app.signup("bob").await);
        let body = json!({"properties": {"name": "a"}});
        let hers = ann
            .once("k")
            .post("/objects/leads", body.clone())
            .await
            .status(201);
        let his = bob.once("k").post("/objects/leads", body).await.status(201);
        assert_ne!(hers.string("/id"), his.string("/id"));
    })
    .await;
}
