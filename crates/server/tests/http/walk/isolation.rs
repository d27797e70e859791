//! Workspaces are isolated (S1): every operation, called by another workspace with this one's ids, finds nothing and changes nothing.

use reqwest::Method;
use serde_json::json;

use super::{
    document::operations,
    world::{CANARY, World, is_discreet},
};
use crate::app::each_app;

#[tokio::test]
async fn another_workspace_finds_nothing_and_changes_nothing() {
    each_app(async |app| {
        let world = World::build(&app).await;
        let bob = app.signup("bob").await;
        let before = world.everything().await;
        for operation in operations() {
            // Ending bob's own session is no attack, and his own stream has no end.
            if operation.id == "create_logout" || !operation.ends() {
                continue;
            }
            let path = world.path(&operation);
            let answer = bob
                .send(operation.method.clone(), &path, world.body(&operation))
                .await;
            is_discreet(&answer);
            if operation.path.contains('{') || operation.id == "create_switch" {
                assert_eq!(answer.code, 404, "{} {path}: {}", operation.id, answer.text);
            }
            assert!(
                !answer.text.contains(CANARY),
                "{}: {}",
                answer.request,
                answer.text
            );
        }
        World::is_as_before(&before, &world.everything().await, "another workspace");
    })
    .await;
}

#[tokio::test]
async fn ids_of_another_workspace_in_a_body_name_nothing() {
    each_app(async |app| {
        let world = World::build(&app).await;
        let bob = app.signup("bob").await;
        let create = async |object: &str| {
            let body = json!({"properties": {}});
            bob.post(&format!("/objects/{object}"), body).await.status(201).path()
        };
        let (lead, contact, deal) = (create("leads").await, create("contacts").await, create("deals").await);
        let before = world.everything().await;
        let attacks = [
            (Method::POST, "/objects/leads".to_owned(), json!({"properties": {"owner": world.ann.id}})),
            (Method::PATCH, lead.clone(), json!({"properties": {"owner": world.ann.id}})),
            (Method::POST, "/objects/contacts".to_owned(), json!({"properties": {"lead": world.lead}})),
            (Method::PATCH, contact, json!({"properties": {"lead": world.lead}})),
            (Method::POST, format!("{lead}/corrections"), json!({"property": "owner", "set": [{"value": world.ann.id, "validFrom": app.now()}]})),
        ];
        for (method, path, body) in attacks {
            let answer = bob.send(method, &path, Some(body)).await;
            is_discreet(&answer);
            assert!(matches!(answer.code, 404 | 422), "{}: {} {}", answer.request, answer.code, answer.text);
        }
        let nobody = "0197a000-0000-7000-8000-000000000000";
        let item = bob.post(&format!("{deal}/line-items"), json!({"quantity": 1})).await.status(201);
        let item = format!("{deal}/line-items/{}", item.string("/id"));
        for (method, path, body) in [
            (Method::POST, format!("{lead}/associations/contacts"), json!({"id": world.contact})),
            (Method::POST, format!("{lead}/associations/contacts"), json!({"id": nobody})),
            (Method::POST, format!("{deal}/line-items"), json!({"product": world.product, "quantity": 1})),
            (Method::POST, format!("{deal}/line-items"), json!({"product": nobody, "quantity": 1})),
            (Method::PATCH, item, json!({"product": world.product})),
        ] {
            bob.send(method, &path, Some(body)).await.problem(404, "NOT_FOUND");
        }
        for kind in ["update", "archive", "unarchive", "upsert", "read"] {
            let body = json!({"inputs": [{"id": world.lead}]});
            let answer = bob.post(&format!("/objects/leads/batch/{kind}"), body).await.status(207);
            assert_eq!(answer.list("/results").len(), 0, "{}", answer.text);
            assert_eq!(answer.string("/errors/0/code"), "NOT_FOUND", "{}", answer.text);
        }
        // Bob's contact and lead stay as they were: one change set each.
        assert_eq!(bob.get(&lead).await.status(200).number("/version"), 1);
        World::is_as_before(&before, &world.everything().await, "bodies with foreign ids");
    })
    .await;
}

#[tokio::test]
async fn a_key_of_another_workspace_is_free_here() {
    each_app(async |app| {
        let world = World::build(&app).await;
        let bob = app.signup("bob").await;
        let body = json!({"properties": {"sku": "canary-1"}});
        bob.post("/objects/products", body.clone()).await.status(201);
        world.ann.post("/objects/products", body).await.problem(409, "UNIQUE_CONFLICT");
        let upsert = json!({"inputs": [{"properties": {"email": "canary@example.com", "name": "bob's own"}}]});
        let answer = bob.post("/objects/leads/batch/upsert?idProperty=email", upsert).await.status(207);
        assert_ne!(answer.string("/results/0/id"), world.lead);
        let lead = world.ann.get(&format!("/objects/leads/{}", world.lead)).await.status(200);
        assert_eq!(lead.string("/properties/name"), "canary lead");
    })
    .await;
}
