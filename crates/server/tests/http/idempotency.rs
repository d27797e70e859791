//! The same key and body have one effect and one answer (R4).

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::app::{PASSWORD, each_app};

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

#[tokio::test]
async fn jobs_tokens_and_members_are_told_again_as_they_were_first() {
    each_app(async |mut app| {
        let ann = app.signup("ann").await;
        ann.post("/objects/leads", json!({"properties": {"name": "a"}})).await.status(201);
        let export = json!({"object": "leads"});
        let token = json!({"name": "sync", "scopes": ["read"]});
        let user = json!({"email": "ben@example.com", "name": "Ben", "password": PASSWORD, "role": "member"});
        let invitation = json!({"email": "cleo@example.com", "role": "member"});
        let requests = [("/exports", &export, 202), ("/tokens", &token, 201), ("/users", &user, 201), ("/invitations", &invitation, 201)];
        let mut first = Vec::new();
        for (path, body, status) in requests {
            first.push(ann.once(path).post(path, body.clone()).await.status(status));
        }
        let form = import_form();
        let import = async || ann.once("import").send_bytes(Method::POST, "/imports", "multipart/form-data; boundary=x", Some(form.clone())).await.status(202);
        let imported = import().await;
        assert_eq!(first[0].string("/status"), "queued");
        assert_eq!(imported.string("/status"), "queued");
        for job in [format!("/exports/{}", first[0].string("/id")), format!("/imports/{}", imported.string("/id"))] {
            while matches!(ann.get(&job).await.status(200).string("/status").as_str(), "queued" | "running") {
                tokio::task::yield_now().await;
            }
        }
        // What was made is used, changed and deleted meanwhile.
        ann.with_token(&first[1].string("/secret")).get("/me").await.status(200);
        ann.delete(&format!("/tokens/{}", first[1].string("/id"))).await.status(204);
        let ben = format!("/users/{}", first[2].string("/id"));
        let change = json!({"role": "viewer"});
        let changed = ann.once("change").patch(&ben, change.clone()).await.status(200);
        ann.patch(&ben, json!({"role": "manager", "disabled": true})).await.status(200);
        assert_eq!(ann.once("change").patch(&ben, change).await.status(200).json, changed.json);
        app.restart().await;
        for ((path, body, status), first) in requests.into_iter().zip(&first) {
            let again = ann.once(path).post(path, body.clone()).await.status(status);
            assert_eq!(again.json, first.json, "{path}");
        }
        assert_eq!(import().await.json, imported.json);
        assert_eq!(ann.get("/exports").await.list("/results").len(), 1);
        assert_eq!(ann.get("/imports").await.list("/results").len(), 1);
        let undo = format!("/imports/{}/undo", imported.string("/id"));
        let undone = ann.once("undo").post(&undo, json!({})).await.status(202);
        assert_eq!(ann.once("undo").post(&undo, json!({})).await.status(202).json, undone.json);
        ann.post(&undo, json!({})).await.status(409);
    })
    .await;
}

fn import_form() -> Vec<u8> {
    let options =
        r#"{"object":"leads","kind":"records","mapping":[{"column":"name","property":"name"}]}"#;
    format!("--x\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n{options}\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\nname\r\nb\r\n\r\n--x--\r\n").into_bytes()
}

#[tokio::test]
async fn a_password_is_changed_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"currentPassword": PASSWORD, "newPassword": "green saddle moon"});
        ann.once("k")
            .post("/auth/password", body.clone())
            .await
            .status(204);
        ann.once("k").post("/auth/password", body).await.status(204);
        let other = json!({"currentPassword": PASSWORD, "newPassword": "amber saddle moon"});
        ann.once("k")
            .post("/auth/password", other)
            .await
            .problem(422, "IDEMPOTENCY_KEY_REUSED");
    })
    .await;
}

#[tokio::test]
async fn a_sign_up_that_is_repeated_makes_one_workspace() {
    each_app(async |mut app| {
        let body = |password: &str| json!({"workspaceName": "Acme", "name": "Ann", "email": "ann@example.com", "password": password});
        let stranger = app.visitor().once("k");
        let first = stranger.post("/auth/signup", body(PASSWORD)).await.status(201);
        app.restart().await;
        let again = stranger.post("/auth/signup", body(PASSWORD)).await.status(201);
        assert_eq!(again.json, first.json);
        let ann = app.visitor().signed_in(&again);
        ann.get("/me").await.status(200);
        app.visitor().signed_in(&first).get("/me").await.status(200);
        assert_ne!(first.header("set-cookie"), again.header("set-cookie"));
        for other in [body("amber saddle moon"), json!({"workspaceName": "Acme", "name": "Ann", "email": "bob@example.com", "password": PASSWORD})] {
            stranger.post("/auth/signup", other).await.problem(422, "IDEMPOTENCY_KEY_REUSED");
        }
        app.visitor().post("/auth/signup", body(PASSWORD)).await.problem(409, "EMAIL_TAKEN");
        app.visitor().once("other").post("/auth/signup", body(PASSWORD)).await.problem(409, "EMAIL_TAKEN");
        let attempts = (0..4).map(|_| async {
            let body = json!({"workspaceName": "Acme", "name": "Bob", "email": "bob@example.com", "password": PASSWORD});
            app.visitor().once("bob").post("/auth/signup", body).await.status(201).string("/workspace/id")
        });
        let workspaces = join_all(attempts).await;
        assert!(workspaces.iter().all(|id| *id == workspaces[0]), "{workspaces:?}");
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_accepted_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let invitation = json!({"email": "cleo@example.com", "role": "member"});
        let token = ann
            .post("/invitations", invitation)
            .await
            .status(201)
            .string("/token");
        let body = json!({"token": token, "name": "Cleo", "password": PASSWORD});
        let stranger = app.visitor().once("k");
        let first = stranger
            .post("/invitations/accept", body.clone())
            .await
            .status(201);
        let again = stranger
            .post("/invitations/accept", body.clone())
            .await
            .status(201);
        assert_eq!(again.json, first.json);
        app.visitor()
            .post("/invitations/accept", body)
            .await
            .problem(403, "INVITATION_UNKNOWN");
    })
    .await;
}
