//! What a member prefers: their own, in this workspace, in every browser.

use leadline_server::service::access::Role;
use serde_json::{Value, json};

use crate::app::{PASSWORD, each_app};

#[tokio::test]
async fn preferences_follow_the_person_and_nobody_else() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let bob = app.member(&ann, "bob", Role::Viewer).await;
        let none = json!({"theme": null, "locale": null, "density": null, "homeDashboard": null, "tourDone": null});
        assert_eq!(ann.get("/me/preferences").await.status(200).json, none);
        let dashboard = ann.post("/dashboards", json!({"name": "mine"})).await.status(201);
        let wishes = json!({"theme": "dark", "locale": "de-AT", "density": "compact", "homeDashboard": dashboard.string("/id"), "tourDone": true});
        let kept = ann.patch("/me/preferences", wishes.clone()).await.status(200);
        assert_eq!(kept.json, wishes);
        let login = json!({"email": "ann@example.com", "password": PASSWORD});
        let login = app.visitor().post("/auth/login", login).await.status(200);
        let elsewhere = app.visitor().signed_in(&login);
        assert_eq!(elsewhere.get("/me/preferences").await.status(200).json, wishes);
        assert_eq!(bob.get("/me/preferences").await.status(200).json, none);
        let less = ann.patch("/me/preferences", json!({"theme": null})).await.status(200);
        assert_eq!(less.at("/theme"), &Value::Null);
        assert_eq!(less.string("/density"), "compact");
    })
    .await;
}

#[tokio::test]
async fn preferences_that_cannot_be_are_refused_all_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let bob = app.member(&ann, "bob", Role::Member).await;
        let private = bob
            .post("/dashboards", json!({"name": "his"}))
            .await
            .status(201);
        let wrong = json!({"locale": "german!", "homeDashboard": private.string("/id")});
        let refused = ann.patch("/me/preferences", wrong).await.status(422);
        assert_eq!(
            refused.errors(),
            [
                ("/locale".into(), "INVALID_LOCALE".into()),
                ("/homeDashboard".into(), "UNKNOWN_DASHBOARD".into()),
            ]
        );
        ann.patch("/me/preferences", json!({"theme": "pink"}))
            .await
            .problem(422, "INVALID_VALUE");
        assert_eq!(ann.get("/me/preferences").await.at("/locale"), &Value::Null);
        let program = ann.token(&["write"]).await;
        program
            .patch("/me/preferences", json!({"theme": "dark"}))
            .await
            .problem(403, "SESSION_REQUIRED");
    })
    .await;
}
