//! Dashboards: widgets that ask what reports ask, on a grid, seen and changed by whom they should be.

use leadline_server::service::access::Role;
use serde_json::{Value, json};

use crate::app::each_app;

fn widget(kind: &str, report: Value, place: [u32; 4]) -> Value {
    let [x, y, w, h] = place;
    json!({"kind": kind, "report": report, "x": x, "y": y, "w": w, "h": h})
}

fn stage(more: Value) -> Value {
    let mut report = json!({"object": "leads", "property": "stage", "period": "90d"});
    for (name, value) in more.as_object().unwrap() {
        report[name] = value.clone();
    }
    report
}

#[tokio::test]
async fn a_dashboard_comes_back_as_it_was_saved() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let filter = json!([{"filters": [{"property": "stage", "operator": "EQ", "value": "new"}]}]);
        let widgets = json!([
            widget("count", json!({"object": "leads", "filterGroups": filter}), [0, 0, 3, 1]),
            widget("count", json!({"object": "leads", "period": "30d"}), [3, 0, 3, 1]),
            widget("count", stage(json!({"value": "converted"})), [6, 0, 3, 1]),
            widget("sum", json!({"object": "deals", "property": "amount"}), [9, 0, 3, 1]),
            widget("funnel", stage(json!({"basis": "cohort"})), [0, 1, 6, 4]),
            widget("time-in-value", stage(json!({"clock": "working"})), [6, 1, 6, 4]),
            widget("flow", stage(json!({"excludeSources": ["import"]})), [0, 5, 6, 4]),
            widget("cohort", stage(json!({"interval": "month", "period": "6m"})), [6, 5, 6, 4]),
            widget("trend", stage(json!({"interval": "week", "period": "12m"})), [0, 9, 12, 4]),
            widget("snapshot", json!({"object": "deals", "property": "stage", "sums": ["amount"]}), [0, 13, 6, 4]),
            widget("diff", json!({"object": "leads", "property": "stage", "from": "2026-01-01", "to": "2026-02-01"}), [6, 13, 6, 4]),
        ]);
        let made = ann.post("/dashboards", json!({"name": "Mondays", "widgets": widgets})).await.status(201);
        assert_eq!(made.header("etag"), "\"1\"");
        assert_eq!(made.list("/widgets").len(), 11);
        for (index, widget) in widgets.as_array().unwrap().iter().enumerate() {
            let kept = made.at(&format!("/widgets/{index}"));
            assert!(kept["id"].is_string());
            for (name, value) in widget["report"].as_object().unwrap() {
                assert_eq!(&kept["report"][name], value);
            }
        }
        let path = format!("/dashboards/{}", made.string("/id"));
        assert_eq!(ann.get(&path).await.status(200).json, made.json);
        let list = ann.get("/dashboards").await.status(200);
        assert_eq!(list.at("/results/0"), &made.json);
    })
    .await;
}

#[tokio::test]
async fn widgets_that_cannot_be_are_refused_all_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let widgets = json!([
            widget("funnel", json!({"object": "ghosts"}), [0, 0, 13, 1]),
            widget(
                "funnel",
                stage(json!({"interval": "eon", "from": "2026-01-01", "value": "new"})),
                [0, 1, 6, 4]
            ),
            widget(
                "flow",
                json!({"object": "leads", "property": "ghost"}),
                [5, 4, 6, 4]
            ),
            widget(
                "count",
                json!({"object": "leads", "value": "new"}),
                [8, 9, 6, 1]
            ),
            widget("count", stage(json!({"value": "ghost"})), [0, 20, 1, 0]),
            widget("sum", stage(json!({"sums": []})), [0, 2_000, 1, 1]),
        ]);
        let refused = ann
            .post("/dashboards", json!({"name": "x", "widgets": widgets}))
            .await
            .status(422);
        let found = refused.errors();
        for (pointer, code) in [
            ("/widgets/0/report/object", "UNKNOWN_OBJECT"),
            ("/widgets/0/w", "INVALID_PLACE"),
            ("/widgets/1/report/interval", "INVALID_CHOICE"),
            ("/widgets/1/report/period", "AMBIGUOUS_PERIOD"),
            ("/widgets/1/report/value", "UNKNOWN_FIELD"),
            ("/widgets/2/report/property", "UNKNOWN_PROPERTY"),
            ("/widgets/2/report/from", "REQUIRED"),
            ("/widgets/2", "OVERLAPPING"),
            ("/widgets/3/report/value", "REQUIRED"),
            ("/widgets/3/x", "INVALID_PLACE"),
            ("/widgets/4/report/value", "INVALID_OPTION"),
            ("/widgets/4/h", "INVALID_PLACE"),
            ("/widgets/5/report/sums", "UNKNOWN_FIELD"),
            ("/widgets/5/report/period", "UNKNOWN_FIELD"),
            ("/widgets/5/report/property", "INVALID_PROPERTY"),
            ("/widgets/5/y", "INVALID_PLACE"),
        ] {
            assert!(
                found.contains(&(pointer.into(), code.into())),
                "no {code} at {pointer}: {found:?}"
            );
        }
        let many: Vec<Value> = (0..51)
            .map(|y| widget("count", json!({"object": "leads"}), [0, y, 1, 1]))
            .collect();
        ann.post("/dashboards", json!({"name": "x", "widgets": many}))
            .await
            .problem(422, "TOO_MANY");
        assert!(
            ann.get("/dashboards")
                .await
                .status(200)
                .list("/results")
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn dashboards_are_seen_and_changed_as_views_are() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let bob = app.member(&ann, "bob", Role::Member).await;
        let cid = app.member(&ann, "cid", Role::Member).await;
        let vic = app.member(&ann, "vic", Role::Viewer).await;
        let made = bob
            .post("/dashboards", json!({"name": "his"}))
            .await
            .status(201);
        let path = format!("/dashboards/{}", made.string("/id"));
        for other in [&ann, &cid, &vic] {
            other.get(&path).await.problem(404, "NOT_FOUND");
            other
                .patch(&path, json!({"name": "x"}))
                .await
                .problem(404, "NOT_FOUND");
            other.delete(&path).await.problem(404, "NOT_FOUND");
            assert!(other.get("/dashboards").await.list("/results").is_empty());
        }
        bob.knowing(1)
            .patch(&path, json!({"visibility": "shared"}))
            .await
            .status(200);
        cid.get(&path).await.status(200);
        cid.patch(&path, json!({"name": "x"}))
            .await
            .problem(403, "NOT_THE_OWNER");
        bob.knowing(1)
            .patch(&path, json!({"name": "x"}))
            .await
            .problem(412, "STALE_VERSION");
        ann.knowing(2)
            .patch(&path, json!({"name": "ours"}))
            .await
            .status(200);
        vic.post("/dashboards", json!({"name": "x", "visibility": "shared"}))
            .await
            .problem(403, "FORBIDDEN");
        vic.post("/dashboards", json!({"name": "own"}))
            .await
            .status(201);
        ann.delete(&path).await.status(204);
        assert!(cid.get("/dashboards").await.list("/results").is_empty());
        bob.patch(&path, json!({"archived": false}))
            .await
            .status(200);
        assert_eq!(
            cid.get("/dashboards").await.string("/results/0/name"),
            "ours"
        );
    })
    .await;
}

#[tokio::test]
async fn a_widget_whose_property_is_gone_can_still_be_moved() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let object = json!({"name": "projects", "label": "Project", "lifecycle": true});
        ann.post("/objects", object).await.status(201);
        let report = json!({"object": "projects", "property": "stage", "period": "90d"});
        let widgets = json!([widget("funnel", report, [0, 0, 6, 4])]);
        let made = ann
            .post("/dashboards", json!({"name": "x", "widgets": widgets}))
            .await
            .status(201);
        let path = format!("/dashboards/{}", made.string("/id"));
        ann.delete("/objects/projects").await.status(204);
        assert_eq!(ann.get(&path).await.status(200).json, made.json);
        let mut widgets = made.at("/widgets").clone();
        widgets[0]["x"] = json!(6);
        let moved = ann
            .patch(&path, json!({"widgets": widgets.clone()}))
            .await
            .status(200);
        assert_eq!(moved.number("/widgets/0/x"), 6);
        widgets[0]["report"]["period"] = json!("30d");
        let refused = ann.patch(&path, json!({"widgets": widgets})).await;
        refused.problem(422, "UNKNOWN_OBJECT");
        assert_eq!(ann.get(&path).await.json, moved.json);
    })
    .await;
}
