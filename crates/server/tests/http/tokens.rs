//! API tokens: shown once, limited by scopes and by their maker's role, and gone at once.

use leadline_server::service::access::Role;
use serde_json::json;

use crate::app::{at, each_app};

#[tokio::test]
async fn a_token_is_shown_once_and_works_until_it_is_deleted() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"name": "sync", "scopes": ["read", "write"]});
        let created = ann.post("/tokens", body).await.status(201);
        let secret = created.string("/secret");
        let listed = ann.get("/tokens").await.status(200);
        assert_eq!(listed.list("/results").len(), 1);
        assert!(!listed.text.contains(&secret), "{}", listed.text);
        let program = ann.with_token(&secret);
        assert_eq!(
            program.get("/me").await.status(200).string("/user/id"),
            ann.id
        );
        let lead = json!({"properties": {"name": "Ada Ltd"}});
        program.post("/objects/leads", lead).await.status(201);
        let path = format!("/tokens/{}", created.string("/id"));
        ann.delete(&path).await.status(204);
        program.get("/me").await.problem(401, "UNAUTHENTICATED");
        ann.delete(&path).await.problem(404, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn a_token_does_no_more_than_its_scopes() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let reader = ann.token(&["read"]).await;
        let lead = json!({"properties": {"name": "Ada Ltd"}});
        let refused = reader.post("/objects/leads", lead).await;
        refused.problem(403, "INSUFFICIENT_SCOPE");
        let refused = reader.post("/tokens", json!({"name": "more"})).await;
        refused.problem(403, "INSUFFICIENT_SCOPE");
        let keeper = ann.token(&["admin"]).await;
        let more = json!({"name": "more", "scopes": ["admin", "write"]});
        let refused = keeper.post("/tokens", more).await;
        refused.problem(403, "INSUFFICIENT_SCOPE");
        reader
            .post("/auth/logout", json!({}))
            .await
            .problem(403, "SESSION_REQUIRED");
        assert_eq!(ann.get("/tokens").await.list("/results").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn every_scope_includes_reading() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        for scope in ["read", "write", "schema", "admin"] {
            let program = ann.token(&[scope]).await;
            for path in ["/objects", "/objects/leads/records", "/users"] {
                program.get(path).await.status(200);
            }
        }
        let keeper = ann.token(&["admin"]).await;
        let reader = json!({"name": "reader", "scopes": ["read"]});
        keeper.post("/tokens", reader).await.status(201);
        let writer = ann.token(&["write"]).await;
        writer
            .post("/objects", json!({"name": "x", "label": "X"}))
            .await
            .problem(403, "INSUFFICIENT_SCOPE");
    })
    .await;
}

#[tokio::test]
async fn a_token_ends_when_it_says() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let past = json!({"name": "late", "expiresAt": "2020-01-01T00:00:00Z"});
        ann.post("/tokens", past).await.problem(422, "IN_THE_PAST");
        let ends = app.clock.now().plus_micros(60_000_000).to_string();
        let body = json!({"name": "short", "expiresAt": ends});
        let secret = ann
            .post("/tokens", body)
            .await
            .status(201)
            .string("/secret");
        let program = ann.with_token(&secret);
        program.get("/me").await.status(200);
        app.clock.set(at(&ends));
        program.get("/me").await.problem(401, "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn a_token_loses_what_its_maker_loses() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let bob = app.member(&ann, "bob", Role::Member).await;
        let program = bob.token(&["read", "write"]).await;
        let lead = || json!({"properties": {"name": "Ada Ltd"}});
        program.post("/objects/leads", lead()).await.status(201);
        let path = format!("/users/{}", bob.id);
        ann.patch(&path, json!({"role": "viewer"}))
            .await
            .status(200);
        program
            .post("/objects/leads", lead())
            .await
            .problem(403, "FORBIDDEN");
        ann.patch(&path, json!({"disabled": true}))
            .await
            .status(200);
        program.get("/me").await.problem(401, "UNAUTHENTICATED");
        bob.get("/me").await.problem(401, "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_or_deletes_anothers_token() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let bob = app.member(&ann, "bob", Role::Admin).await;
        let eve = app.signup("eve").await;
        let created = ann
            .post("/tokens", json!({"name": "mine"}))
            .await
            .status(201);
        let path = format!("/tokens/{}", created.string("/id"));
        for other in [&bob, &eve] {
            assert!(other.get("/tokens").await.list("/results").is_empty());
            other.delete(&path).await.problem(404, "NOT_FOUND");
        }
        let program = ann.with_token(&created.string("/secret"));
        program.get("/me").await.status(200);
    })
    .await;
}

#[tokio::test]
async fn repeating_the_request_gives_the_same_token_and_keeps_no_secret() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = || json!({"name": "sync"});
        let first = ann.once("k1").post("/tokens", body()).await.status(201);
        let second = ann.once("k1").post("/tokens", body()).await.status(201);
        assert_eq!(first.json, second.json);
        assert_eq!(ann.get("/tokens").await.list("/results").len(), 1);
        let other = ann
            .once("k1")
            .post("/tokens", json!({"name": "other"}))
            .await;
        other.problem(422, "IDEMPOTENCY_KEY_REUSED");
    })
    .await;
}
