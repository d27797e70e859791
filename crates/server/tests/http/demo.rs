//! The demonstration, whatever the time of day.

use leadline_server::demo;
use serde_json::json;

use crate::{
    app::{TestApp, at},
    person::Person,
};

#[tokio::test]
async fn a_lead_that_was_just_converted_has_no_deal_yet() {
    let evening = TestApp::sqlite().await;
    let person = demonstrated_at(&evening, "2026-11-23T23:59:00Z").await;
    let search = json!({"sorts": [{"property": "created_at", "direction": "desc"}], "limit": 1});
    let found = person
        .post("/objects/contacts/search", search.clone())
        .await
        .status(200);
    let converted = found.string("/results/0/createdAt");
    assert!(converted.starts_with("2026-11-23"), "{converted}");

    let noon = TestApp::sqlite().await;
    let person = demonstrated_at(&noon, &converted).await;
    let found = person
        .post("/objects/contacts/search", search)
        .await
        .status(200);
    assert_eq!(found.string("/results/0/createdAt"), converted);
    let contact = found.string("/results/0/id");
    let deals = json!({"filterGroups": [{"filters": [{"property": "contact", "operator": "EQ", "value": contact}]}]});
    let deals = person
        .post("/objects/deals/search", deals)
        .await
        .status(200);
    assert!(deals.list("/results").is_empty());
}

async fn demonstrated_at(app: &TestApp, time: &str) -> Person {
    app.clock.set(at(time));
    assert!(demo::write(app.app()).await.unwrap());
    let login = json!({"email": demo::EMAIL, "password": demo::PASSWORD});
    let answer = app.visitor().post("/auth/login", login).await.status(200);
    app.visitor().signed_in(&answer)
}

#[tokio::test]
async fn what_was_done_is_told_up_to_now_and_some_is_left_to_do() {
    let app = TestApp::sqlite().await;
    let now = "2026-11-23T12:00:00Z";
    let person = demonstrated_at(&app, now).await;
    for object in ["activities", "notes", "tasks"] {
        let newest = person
            .post(
                &format!("/objects/{object}/search"),
                json!({"sorts": ["-created_at"], "limit": 1}),
            )
            .await
            .status(200);
        assert!(newest.number("/total/value") > 100, "{object}");
        assert!(
            at(&newest.string("/results/0/createdAt")) <= at(now),
            "{object}"
        );
    }
    let done = person.get("/tasks?status=done&limit=1").await.status(200);
    assert!(at(&done.string("/results/0/doneAt")) <= at(now));
    for due in ["overdue", "upcoming"] {
        let mine = format!("/tasks?assignee=me&due={due}");
        assert!(
            !person
                .get(&mine)
                .await
                .status(200)
                .list("/results")
                .is_empty()
        );
    }
}
