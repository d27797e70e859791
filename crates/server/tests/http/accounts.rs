//! Signing up, in and out.

use serde_json::json;

use crate::app::{PASSWORD, each_app};

#[tokio::test]
async fn who_signs_up_owns_a_workspace_and_is_signed_in() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let me = ann.get("/me").await.status(200);
        assert_eq!(me.string("/role"), "owner");
        assert_eq!(me.string("/user/email"), "ann@example.com");
        assert_eq!(me.string("/workspace/name"), "ann's");
        app.visitor()
            .get("/me")
            .await
            .problem(401, "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_with_the_logout_and_not_with_a_restart() {
    each_app(async |mut app| {
        let ann = app.signup("ann").await;
        app.restart().await;
        ann.get("/me").await.status(200);
        ann.post("/auth/logout", json!({})).await.status(204);
        ann.get("/me").await.problem(401, "UNAUTHENTICATED");
        let login = json!({"email": "Ann@Example.com", "password": PASSWORD});
        let answer = app.visitor().post("/auth/login", login).await.status(200);
        ann.signed_in(&answer).get("/me").await.status(200);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_the_same() {
    each_app(async |app| {
        app.signup("ann").await;
        for email in ["ann@example.com", "nobody@example.com"] {
            let login = json!({"email": email, "password": "not this one"});
            let answer = app.visitor().post("/auth/login", login).await;
            answer.problem(401, "INVALID_CREDENTIALS");
        }
    })
    .await;
}
