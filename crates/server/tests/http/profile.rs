//! What people change of their own account.

use serde_json::json;

use crate::app::{PASSWORD, each_app};

#[tokio::test]
async fn a_name_is_changed_for_everyone_who_sees_it() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let me = ann
            .patch("/me", json!({"name": " Ann Lee "}))
            .await
            .status(200);
        assert_eq!(me.string("/user/name"), "Ann Lee");
        assert_eq!(me.string("/user/email"), "ann@example.com");
        assert_eq!(ann.get("/me").await.json, me.json);
        assert_eq!(ann.get("/users").await.string("/results/0/name"), "Ann Lee");
        assert_eq!(ann.patch("/me", json!({})).await.status(200).json, me.json);
    })
    .await;
}

#[tokio::test]
async fn a_new_address_needs_the_password_and_signs_in_from_then_on() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let email = "ann@new.example";
        let refused = ann
            .patch("/me", json!({"name": "", "email": "nonsense"}))
            .await
            .status(422);
        let expected = [
            ("/name", "REQUIRED"),
            ("/email", "INVALID_EMAIL"),
            ("/currentPassword", "REQUIRED"),
        ];
        assert_eq!(
            refused.errors(),
            expected.map(|(at, code)| (at.into(), code.into()))
        );
        let wrong = json!({"email": email, "currentPassword": "not my password"});
        ann.patch("/me", wrong)
            .await
            .problem(422, "INVALID_CREDENTIALS");
        assert_eq!(
            ann.get("/me").await.string("/user/email"),
            "ann@example.com"
        );
        let body = json!({"email": email, "currentPassword": PASSWORD});
        let once = ann.once("k");
        let me = once.patch("/me", body.clone()).await.status(200);
        assert_eq!(me.string("/user/email"), email);
        assert_eq!(once.patch("/me", body).await.status(200).json, me.json);
        let login = |email: &str| json!({"email": email, "password": PASSWORD});
        app.visitor()
            .post("/auth/login", login("ann@example.com"))
            .await
            .problem(401, "INVALID_CREDENTIALS");
        app.visitor()
            .post("/auth/login", login("ANN@new.example"))
            .await
            .status(200);
    })
    .await;
}

#[tokio::test]
async fn an_address_of_another_account_is_taken() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        app.signup("bob").await;
        let body = json!({"name": "Bob", "email": "BOB@example.com", "currentPassword": PASSWORD});
        let refused = ann.patch("/me", body).await.problem(409, "EMAIL_TAKEN");
        assert_eq!(refused.errors(), [("/email".into(), "EMAIL_TAKEN".into())]);
        let me = ann.get("/me").await;
        assert_eq!(
            (me.string("/user/name"), me.string("/user/email")),
            ("ann".into(), "ann@example.com".into())
        );
        // Its own in other letters is free.
        let body = json!({"email": "Ann@Example.com", "currentPassword": PASSWORD});
        assert_eq!(
            ann.patch("/me", body)
                .await
                .status(200)
                .string("/user/email"),
            "Ann@Example.com"
        );
    })
    .await;
}

#[tokio::test]
async fn passwords_for_a_new_address_are_tried_only_so_often() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"email": "ann@new.example", "currentPassword": "wrong one"});
        for _ in 0..5 {
            ann.patch("/me", body.clone())
                .await
                .problem(422, "INVALID_CREDENTIALS");
        }
        ann.patch("/me", body).await.status(429);
        ann.patch("/me", json!({"name": "Ann"})).await.status(200);
    })
    .await;
}

#[tokio::test]
async fn tokens_change_no_profile() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let program = ann.token(&["admin", "write", "schema"]).await;
        program
            .patch("/me", json!({"name": "Robot"}))
            .await
            .problem(403, "SESSION_REQUIRED");
        assert_eq!(ann.get("/me").await.string("/user/name"), "ann");
    })
    .await;
}
