//! The settings of a workspace: who changes them, what may stand in them, and what reports make of them.

use leadline_server::service::access::Role;
use serde_json::{Value, json};

use crate::app::{at, each_app};

fn mornings() -> Value {
    json!({"shifts": [{"day": "monday", "from": "08:00", "to": "12:00"}, {"day": "sunday", "from": "20:00", "to": "24:00"}], "holidays": ["2026-03-09"]})
}

#[tokio::test]
async fn administrators_set_the_workspace_and_all_see_it() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let before = ann.get("/workspace").await.status(200);
        assert_eq!(before.string("/timeZone"), "UTC");
        assert_eq!(before.list("/workingHours/shifts").len(), 5);
        assert_eq!(before.string("/workingHours/shifts/4/day"), "friday");
        assert_eq!(before.header("etag"), "\"1\"");
        let change = json!({"name": " Acme ", "timeZone": "europe/vienna", "currency": "usd", "workingHours": mornings()});
        let after = ann.knowing(1).patch("/workspace", change).await.status(200);
        assert_eq!(after.string("/name"), "Acme");
        assert_eq!(after.string("/timeZone"), "Europe/Vienna");
        assert_eq!(after.string("/currency"), "USD");
        assert_eq!(after.at("/workingHours"), &mornings());
        assert_eq!(after.number("/version"), 2);
        let vic = app.member(&ann, "vic", Role::Viewer).await;
        assert_eq!(vic.get("/workspace").await.status(200).json, after.json);
        assert_eq!(vic.get("/me").await.string("/workspace/timeZone"), "Europe/Vienna");
        let max = app.member(&ann, "max", Role::Manager).await;
        for person in [&vic, &max] {
            person
                .patch("/workspace", json!({"name": "x"}))
                .await
                .problem(403, "FORBIDDEN");
        }
        let amy = app.member(&ann, "amy", Role::Admin).await;
        amy.knowing(1)
            .patch("/workspace", json!({"name": "x"}))
            .await
            .problem(412, "STALE_VERSION");
        assert_eq!(ann.get("/workspace").await.json, after.json);
        let same = amy.patch("/workspace", json!({"name": "Acme"})).await;
        assert_eq!(same.status(200).number("/version"), 2);
        // Amounts of properties made from now on.
        let price = json!({"name": "price", "label": "Price", "type": "money"});
        let price = ann.post("/objects/leads/properties", price).await.status(201);
        assert_eq!(price.string("/currency"), "USD");
    })
    .await;
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused_all_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let before = ann.get("/workspace").await.status(200);
        let hours = json!({"shifts": [{"day": "monday", "from": "8", "to": "12:00"}, {"day": "someday", "from": "08:00", "to": "12:00"}], "holidays": ["2026-02-30"]});
        let wrong = json!({"name": "", "timeZone": "Mars/Olympus", "currency": "euro", "workingHours": hours});
        let refused = ann.patch("/workspace", wrong).await.status(422);
        let found = refused.errors();
        for (pointer, code) in [
            ("/name", "REQUIRED"),
            ("/timeZone", "INVALID_TIME_ZONE"),
            ("/currency", "INVALID_CURRENCY"),
            ("/workingHours/shifts/0/from", "INVALID_TIME"),
            ("/workingHours/shifts/1/day", "INVALID_VALUE"),
            ("/workingHours/holidays/0", "INVALID_DATE"),
        ] {
            assert!(
                found.contains(&(pointer.into(), code.into())),
                "no {code} at {pointer}: {found:?}"
            );
        }
        let none = json!({"workingHours": {"shifts": []}});
        ann.patch("/workspace", none).await.problem(422, "REQUIRED");
        assert_eq!(ann.get("/workspace").await.json, before.json);
    })
    .await;
}

#[tokio::test]
async fn reports_go_by_the_working_hours_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        // Monday 2 March to Monday 9 March, 10:00 UTC.
        app.clock.set(at("2026-03-02T10:00:00Z"));
        let lead = json!({"properties": {"name": "Ada"}});
        let lead = ann.post("/objects/leads", lead).await.status(201).path();
        app.clock.set(at("2026-03-09T10:00:00Z"));
        let stage = json!({"properties": {"stage": "contacted"}});
        ann.patch(&lead, stage).await.status(200);
        app.clock.set(at("2026-03-20T10:00:00Z"));
        let worked = async || {
            let body = json!({"object": "leads", "property": "stage", "from": "2026-03-01", "to": "2026-03-15", "clock": "working"});
            let report = ann.post("/reports/time-in-value", body).await.status(200);
            let values = report.list("/values").clone();
            let new = values.iter().find(|value| value["value"] == "new").unwrap();
            new["medianSeconds"].as_f64().unwrap() / 3_600.0
        };
        // Seven hours on Monday, eight on each of four days, one on the last Monday.
        assert!((worked().await - 40.0).abs() < 1e-9);
        ann.patch("/workspace", json!({"workingHours": mornings()}))
            .await
            .status(200);
        // Two hours on Monday, four on Sunday; the last Monday is a holiday.
        assert!((worked().await - 6.0).abs() < 1e-9);
        ann.patch("/workspace", json!({"timeZone": "Europe/Vienna"}))
            .await
            .status(200);
        // An hour less of the Monday morning.
        assert!((worked().await - 5.0).abs() < 1e-9);
    })
    .await;
}

#[tokio::test]
async fn a_change_that_is_repeated_with_its_key_happens_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let change = || json!({"name": "Acme"});
        let first = ann
            .once("k1")
            .patch("/workspace", change())
            .await
            .status(200);
        ann.patch("/workspace", json!({"name": "Other"}))
            .await
            .status(200);
        let again = ann
            .once("k1")
            .patch("/workspace", change())
            .await
            .status(200);
        assert_eq!(first.json, again.json);
        assert_eq!(ann.get("/workspace").await.string("/name"), "Other");
    })
    .await;
}
