//! Saved reports: kept as they were asked, judged as in the report's own call, seen and changed as views are.

use leadline_server::service::access::Role;
use serde_json::{Value, json};

use crate::{
    app::each_app,
    person::{Answer, Person},
};

fn report(more: Value) -> Value {
    let mut report = json!({"object": "leads", "property": "stage", "period": "90d"});
    for (name, value) in more.as_object().unwrap() {
        report[name] = value.clone();
    }
    report
}

fn named(name: &str, visibility: &str) -> Value {
    json!({"name": name, "kind": "funnel", "report": report(json!({})), "visibility": visibility})
}

fn names(list: &Answer) -> Vec<String> {
    let name = |report: &Value| report["name"].as_str().unwrap().to_owned();
    list.list("/results").iter().map(name).collect()
}

async fn made(person: &Person, body: Value) -> String {
    let report = person.post("/saved-reports", body).await.status(201);
    format!("/saved-reports/{}", report.string("/id"))
}

#[tokio::test]
async fn a_report_of_each_kind_comes_back_as_it_was_saved() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let filter = json!([{"filters": [{"property": "stage", "operator": "EQ", "value": "new"}]}]);
        let reports = [
            ("funnel", report(json!({"basis": "cohort", "stages": ["new", "qualified"], "skipped": "drop", "filterGroups": filter}))),
            ("time-in-value", report(json!({"clock": "working", "basis": "all"}))),
            ("flow", report(json!({"excludeSources": ["import"], "groupBy": "owner"}))),
            ("cohort", report(json!({"interval": "month", "period": "6m"}))),
            ("trend", report(json!({"interval": "week", "period": "lastYear", "timeZone": "Europe/Amsterdam"}))),
            ("snapshot", json!({"object": "deals", "property": "stage", "sums": ["amount"]})),
            ("diff", json!({"object": "leads", "property": "stage", "from": "2026-01-01", "to": "2026-02-01"})),
        ];
        for (position, (kind, asked)) in reports.into_iter().enumerate() {
            let body = json!({"name": format!(" {kind} "), "kind": kind, "shows": "table", "report": asked});
            let saved = ann.post("/saved-reports", body).await.status(201);
            let path = format!("/saved-reports/{}", saved.string("/id"));
            assert_eq!(saved.header("location"), format!("/api/v1{path}"));
            assert_eq!(saved.header("etag"), "\"1\"");
            assert_eq!(saved.string("/name"), kind);
            assert_eq!(saved.string("/kind"), kind);
            assert_eq!(saved.string("/shows"), "table");
            assert_eq!(saved.string("/visibility"), "private");
            assert_eq!(saved.string("/owner"), ann.id);
            assert_eq!(saved.number("/position"), position as i64);
            for (name, value) in asked.as_object().unwrap() {
                assert_eq!(&saved.at("/report")[name], value, "{kind}: {name}");
            }
            assert_eq!(ann.get(&path).await.status(200).json, saved.json);
        }
        let list = ann.get("/saved-reports").await.status(200);
        assert_eq!(list.list("/results").len(), 7);
        let plain = ann.post("/saved-reports", named("plain", "private")).await.status(201);
        assert_eq!(plain.string("/shows"), "chart");
        assert_eq!(plain.at("/report/filterGroups"), &json!([]));
    })
    .await;
}

#[tokio::test]
async fn what_a_saved_report_asks_can_be_asked() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = json!({"properties": {"name": "Ada Ltd"}});
        ann.post("/objects/leads", lead).await.status(201);
        let asked = json!({"object": "leads", "property": "stage", "filterGroups": [{"filters": [{"property": "name", "operator": "EQ", "value": "ada ltd"}]}]});
        let body = json!({"name": "Now", "kind": "snapshot", "report": asked});
        let saved = ann.post("/saved-reports", body).await.status(201);
        let path = format!("/reports/{}", saved.string("/kind"));
        let answer = ann.post(&path, saved.at("/report").clone()).await.status(200);
        assert_eq!(answer.number("/values/0/count"), 1);
    })
    .await;
}

#[tokio::test]
async fn what_no_report_can_ask_is_refused_all_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let asked = report(
            json!({"property": "ghost", "interval": "eon", "from": "2026-01-01", "value": "new", "clock": "working", "groupBy": "ghost"}),
        );
        let body = json!({"name": "", "kind": "trend", "position": -1, "report": asked});
        let refused = ann.post("/saved-reports", body).await.status(422);
        let found = refused.errors();
        for (pointer, code) in [
            ("/name", "REQUIRED"),
            ("/position", "INVALID_POSITION"),
            ("/report/property", "UNKNOWN_PROPERTY"),
            ("/report/groupBy", "UNKNOWN_PROPERTY"),
            ("/report/interval", "INVALID_CHOICE"),
            ("/report/period", "AMBIGUOUS_PERIOD"),
            ("/report/value", "UNKNOWN_FIELD"),
            ("/report/clock", "UNKNOWN_FIELD"),
        ] {
            assert!(
                found.contains(&(pointer.into(), code.into())),
                "no {code} at {pointer}: {found:?}"
            );
        }
        // Structure and meaning are told together.
        let mixed = json!({"name": "", "kind": "pie", "report": report(json!({"asOf": app.now()}))});
        let refused = ann.post("/saved-reports", mixed).await.status(422);
        let found = refused.errors();
        for pointer in ["/name", "/kind", "/report/asOf"] {
            assert!(found.iter().any(|(at, _)| at == pointer), "{found:?}");
        }
        let unknown = json!({"name": "x", "kind": "flow", "report": {"object": "ghosts"}});
        let refused = ann.post("/saved-reports", unknown).await.status(422);
        assert_eq!(
            refused.errors(),
            [("/report/object".into(), "UNKNOWN_OBJECT".into())]
        );
        let list = ann.get("/saved-reports").await.status(200);
        assert!(list.list("/results").is_empty());
    })
    .await;
}

#[tokio::test]
async fn saved_reports_are_seen_and_changed_as_views_are() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let bob = app.member(&ann, "bob", Role::Member).await;
        let cid = app.member(&ann, "cid", Role::Member).await;
        let vic = app.member(&ann, "vic", Role::Viewer).await;
        let eve = app.signup("eve").await;
        let path = made(&bob, named("his", "private")).await;
        for other in [&ann, &cid, &vic, &eve] {
            other.get(&path).await.problem(404, "NOT_FOUND");
            let change = json!({"name": "taken"});
            other.patch(&path, change).await.problem(404, "NOT_FOUND");
            other.delete(&path).await.problem(404, "NOT_FOUND");
            let list = other.get("/saved-reports").await.status(200);
            assert!(names(&list).is_empty());
        }
        bob.knowing(1)
            .patch(&path, json!({"visibility": "shared"}))
            .await
            .status(200);
        cid.get(&path).await.status(200);
        eve.get(&path).await.problem(404, "NOT_FOUND");
        cid.patch(&path, json!({"name": "x"}))
            .await
            .problem(403, "NOT_THE_OWNER");
        cid.delete(&path).await.problem(403, "NOT_THE_OWNER");
        ann.knowing(1)
            .patch(&path, json!({"name": "x"}))
            .await
            .problem(412, "STALE_VERSION");
        let renamed = ann
            .knowing(2)
            .patch(&path, json!({"name": "ours"}))
            .await
            .status(200);
        assert_eq!(renamed.string("/owner"), bob.id);
        vic.post("/saved-reports", named("x", "shared"))
            .await
            .problem(403, "FORBIDDEN");
        made(&vic, named("own", "private")).await;
        ann.delete(&path).await.status(204);
        assert!(names(&cid.get("/saved-reports").await.status(200)).is_empty());
        let archived = cid.get("/saved-reports?archived=true").await.status(200);
        assert_eq!(names(&archived), ["ours"]);
        bob.patch(&path, json!({"archived": false}))
            .await
            .status(200);
        assert_eq!(
            names(&cid.get("/saved-reports").await.status(200)),
            ["ours"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_change_names_only_what_changes_and_counts_versions() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let path = made(&ann, named("mine", "private")).await;
        app.clock.step_seconds(60);
        let changed = ann
            .patch(&path, json!({"shows": "table"}))
            .await
            .status(200);
        assert_eq!(changed.string("/shows"), "table");
        assert_eq!(changed.string("/kind"), "funnel");
        assert_eq!(changed.header("etag"), "\"2\"");
        assert_eq!(changed.string("/updatedAt"), app.now());
        let same = json!({"kind": "funnel", "report": report(json!({})), "name": "mine"});
        assert_eq!(ann.patch(&path, same).await.status(200).json, changed.json);
        // A trend takes no basis.
        let basis = json!({"report": report(json!({"basis": "period"}))});
        ann.patch(&path, basis).await.status(200);
        let kept = ann.get(&path).await.status(200);
        ann.patch(&path, json!({"name": "x", "kind": "trend"}))
            .await
            .problem(422, "UNKNOWN_FIELD");
        assert_eq!(ann.get(&path).await.json, kept.json);
    })
    .await;
}

#[tokio::test]
async fn a_saved_report_outlives_the_object_that_it_names() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let object = json!({"name": "projects", "label": "Project", "lifecycle": true});
        ann.post("/objects", object).await.status(201);
        let asked = report(json!({"object": "projects"}));
        let body = json!({"name": "Projects", "kind": "flow", "report": asked});
        let saved = ann.post("/saved-reports", body).await.status(201);
        ann.delete("/objects/projects").await.status(204);
        let path = format!("/saved-reports/{}", saved.string("/id"));
        assert_eq!(ann.get(&path).await.status(200).json, saved.json);
        let renamed = ann
            .patch(&path, json!({"name": "Old projects", "report": asked}))
            .await
            .status(200);
        assert_eq!(renamed.at("/report"), saved.at("/report"));
        let other = json!({"report": report(json!({"object": "projects", "period": "30d"}))});
        ann.patch(&path, other).await.problem(422, "UNKNOWN_OBJECT");
        assert_eq!(ann.get(&path).await.json, renamed.json);
    })
    .await;
}

#[tokio::test]
async fn saving_twice_with_a_key_saves_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = || named("mine", "private");
        let keyed = ann.once("k1");
        let first = keyed.post("/saved-reports", body()).await.status(201);
        let second = keyed.post("/saved-reports", body()).await.status(201);
        assert_eq!(first.json, second.json);
        assert_eq!(ann.get("/saved-reports").await.list("/results").len(), 1);
    })
    .await;
}
