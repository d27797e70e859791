//! Sessions: their cookie, their ends, and the workspace they are for.

use serde_json::json;

use crate::app::{PASSWORD, each_app};

#[tokio::test]
async fn the_cookie_is_for_this_server_only_and_new_at_each_login() {
    each_app(async |app| {
        app.signup("ann").await;
        let login = || json!({"email": "ann@example.com", "password": PASSWORD});
        let first = app.visitor().post("/auth/login", login()).await.status(200);
        let second = app.visitor().post("/auth/login", login()).await.status(200);
        let cookie = first.header("set-cookie").to_owned();
        assert_ne!(cookie, second.header("set-cookie"));
        // Plain HTTP on this machine: neither `__Host-` nor `Secure`.
        assert!(cookie.starts_with("leadline="), "{cookie}");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(
            !cookie.contains("Secure") && !cookie.contains("Domain"),
            "{cookie}"
        );
        assert_eq!(first.header("cache-control"), "no-store");
    })
    .await;
}

#[tokio::test]
async fn a_person_sees_and_ends_the_own_sessions_only() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let eve = app.signup("eve").await;
        let login = json!({"email": "ann@example.com", "password": PASSWORD});
        let answer = app.visitor().post("/auth/login", login).await.status(200);
        let elsewhere = app.visitor().signed_in(&answer);
        let sessions = ann.get("/sessions").await.status(200);
        assert_eq!(sessions.list("/results").len(), 2);
        let newest = sessions.string("/results/0/id");
        let path = format!("/sessions/{newest}");
        eve.delete(&path).await.problem(404, "NOT_FOUND");
        elsewhere.get("/me").await.status(200);
        ann.delete(&path).await.status(204);
        elsewhere.get("/me").await.problem(401, "UNAUTHENTICATED");
        ann.get("/me").await.status(200);
    })
    .await;
}

#[tokio::test]
async fn a_session_is_for_one_workspace_and_switching_ends_the_old_one() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let bob = app.signup("bob").await;
        let to = |workspace: &str| json!({"workspaceId": workspace});
        let refused = bob.post("/auth/switch", to(&ann.workspace)).await;
        refused.problem(404, "NOT_FOUND");
        bob.get("/me").await.status(200);
        let invited = json!({"email": "bob@example.com", "role": "member"});
        let link = ann.post("/invitations", invited).await.status(201);
        let accept = json!({"token": link.string("/token"), "password": PASSWORD});
        let accepted = app.visitor().post("/invitations/accept", accept).await;
        assert_eq!(accepted.status(201).string("/workspace/id"), ann.workspace);
        let switched = bob.post("/auth/switch", to(&ann.workspace)).await;
        let there = bob.signed_in(&switched.status(200));
        let me = there.get("/me").await.status(200);
        assert_eq!(me.string("/workspace/id"), ann.workspace);
        assert_eq!(me.string("/role"), "member");
        bob.get("/me").await.problem(401, "UNAUTHENTICATED");
    })
    .await;
}
