//! Saved views: kept as they were given, seen and changed by whom they should be.

use leadline_server::service::access::Role;
use serde_json::{Value, json};

use crate::{
    app::each_app,
    person::{Answer, Person},
};

fn large() -> Value {
    json!({
        "object": "deals", "name": " Large deals ",
        "filterGroups": [{"filters": [{"property": "amount", "operator": "GTE", "value": {"amount": "1000", "currency": "EUR"}}]}],
        "query": " ada ",
        "sorts": [{"property": "amount", "direction": "descending"}],
        "columns": [{"property": "name", "width": 240}, {"property": "stage", "shows": "age"}, {"property": "created_at"}],
    })
}

fn named(name: &str, visibility: &str) -> Value {
    json!({"object": "leads", "name": name, "visibility": visibility})
}

fn names(list: &Answer) -> Vec<String> {
    let name = |view: &Value| view["name"].as_str().unwrap().to_owned();
    list.list("/results").iter().map(name).collect()
}

async fn made(person: &Person, body: Value) -> String {
    let view = person.post("/views", body).await.status(201);
    format!("/views/{}", view.string("/id"))
}

#[tokio::test]
async fn a_view_comes_back_as_it_was_saved() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let view = ann.post("/views", large()).await.status(201);
        assert_eq!(
            view.header("location"),
            format!("/api/v1/views/{}", view.string("/id"))
        );
        assert_eq!(view.header("etag"), "\"1\"");
        assert_eq!(view.string("/name"), "Large deals");
        assert_eq!(view.string("/query"), "ada");
        assert_eq!(view.string("/kind"), "list");
        assert_eq!(view.string("/visibility"), "private");
        assert_eq!(view.string("/owner"), ann.id);
        assert_eq!(view.number("/position"), 0);
        assert_eq!(view.at("/filterGroups"), &large()["filterGroups"]);
        assert_eq!(view.at("/sorts"), &large()["sorts"]);
        assert_eq!(view.string("/columns/1/shows"), "age");
        let path = format!("/views/{}", view.string("/id"));
        assert_eq!(ann.get(&path).await.status(200).json, view.json);
        let board = json!({"object": "deals", "name": "By stage", "kind": "board", "board": {"property": "stage", "sums": ["amount"]}});
        let board = ann.post("/views", board).await.status(201);
        assert_eq!(board.at("/board/sums"), &json!(["amount"]));
        assert_eq!(board.at("/columns"), &Value::Null);
        assert_eq!(board.number("/position"), 1);
        let all = ann.get("/views?object=deals").await.status(200);
        assert_eq!(names(&all), ["Large deals", "By stage"]);
        assert!(names(&ann.get("/views?object=leads").await.status(200)).is_empty());
        ann.get("/views?object=ghosts")
            .await
            .problem(422, "UNKNOWN_OBJECT");
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({
            "object": "leads", "name": "", "kind": "board", "position": -1, "query": "x".repeat(501),
            "filterGroups": [{"filters": [{"property": "ghost", "operator": "EQ", "value": 1}, {"property": "stage", "operator": "WAS", "value": "new", "at": "2030-01-01T00:00:00Z"}]}],
            "sorts": [{"property": "ghost"}],
            "columns": [{"property": "ghost"}, {"property": "created_at", "shows": "age"}, {"property": "stage", "width": 3}, {"property": "stage"}],
        });
        let refused = ann.post("/views", body).await.status(422);
        let found = refused.errors();
        for (pointer, code) in [
            ("/name", "REQUIRED"),
            ("/position", "INVALID_POSITION"),
            ("/query", "TOO_LONG"),
            ("/filterGroups/0/filters/0/property", "UNKNOWN_PROPERTY"),
            ("/sorts/0", "UNKNOWN_PROPERTY"),
            ("/columns/0/property", "UNKNOWN_PROPERTY"),
            ("/columns/1/shows", "INVALID_CHOICE"),
            ("/columns/2/width", "INVALID_WIDTH"),
            ("/columns/3/property", "DUPLICATE"),
            ("/board", "REQUIRED"),
        ] {
            assert!(
                found.contains(&(pointer.into(), code.into())),
                "no {code} at {pointer}: {found:?}"
            );
        }
        let board = json!({"object": "leads", "name": "x", "kind": "board", "board": {"property": "email", "sums": ["name", "ghost"]}});
        let refused = ann.post("/views", board).await.status(422);
        assert_eq!(
            refused.errors(),
            [
                ("/board/property".into(), "INVALID_PROPERTY".into()),
                ("/board/sums/0".into(), "INVALID_PROPERTY".into()),
                ("/board/sums/1".into(), "UNKNOWN_PROPERTY".into()),
            ]
        );
        // Structure and meaning are told together.
        let mixed = json!({"object": "ghosts", "name": "x", "kind": "map", "columns": 1});
        let refused = ann.post("/views", mixed).await.status(422);
        let found = refused.errors();
        for pointer in ["/object", "/kind", "/columns"] {
            assert!(found.iter().any(|(at, _)| at == pointer), "{found:?}");
        }
        assert!(ann.get("/views").await.status(200).list("/results").is_empty());
    })
    .await;
}

#[tokio::test]
async fn private_views_are_their_owners_and_shared_ones_everyones() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let bob = app.member(&ann, "bob", Role::Member).await;
        let max = app.member(&ann, "max", Role::Manager).await;
        let private = made(&bob, named("mine", "private")).await;
        let shared = made(&bob, named("ours", "shared")).await;
        let eve = app.signup("eve").await;
        for other in [&ann, &max, &eve] {
            other.get(&private).await.problem(404, "NOT_FOUND");
            let change = json!({"name": "taken"});
            other
                .patch(&private, change)
                .await
                .problem(404, "NOT_FOUND");
            other.delete(&private).await.problem(404, "NOT_FOUND");
        }
        for stranger in [eve.get(&shared).await, eve.delete(&shared).await] {
            stranger.problem(404, "NOT_FOUND");
        }
        assert_eq!(
            names(&bob.get("/views").await.status(200)),
            ["mine", "ours"]
        );
        assert_eq!(names(&ann.get("/views").await.status(200)), ["ours"]);
        let cid = app.member(&ann, "cid", Role::Member).await;
        cid.get(&shared).await.status(200);
        let rename = json!({"name": "theirs"});
        cid.patch(&shared, rename.clone())
            .await
            .problem(403, "NOT_THE_OWNER");
        cid.delete(&shared).await.problem(403, "NOT_THE_OWNER");
        assert_eq!(bob.get(&shared).await.status(200).number("/version"), 1);
        let renamed = max.patch(&shared, rename).await.status(200);
        assert_eq!(renamed.string("/owner"), bob.id);
        // What is private again is its owner's alone.
        max.patch(&shared, json!({"visibility": "private"}))
            .await
            .status(200);
        max.get(&shared).await.problem(404, "NOT_FOUND");
        bob.get(&shared).await.status(200);
    })
    .await;
}

#[tokio::test]
async fn who_only_looks_has_views_but_shares_none() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let vic = app.member(&ann, "vic", Role::Viewer).await;
        let own = made(&vic, named("mine", "private")).await;
        vic.post("/views", named("ours", "shared"))
            .await
            .problem(403, "FORBIDDEN");
        vic.patch(&own, json!({"visibility": "shared"}))
            .await
            .problem(403, "FORBIDDEN");
        assert_eq!(vic.get(&own).await.string("/visibility"), "private");
        let reader = vic.token(&["read"]).await;
        reader.get(&own).await.status(200);
        reader
            .patch(&own, json!({"name": "x"}))
            .await
            .problem(403, "INSUFFICIENT_SCOPE");
    })
    .await;
}

#[tokio::test]
async fn a_change_names_only_what_changes_and_counts_versions() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let path = made(&ann, large()).await;
        app.clock.step_seconds(60);
        let changed = ann
            .knowing(1)
            .patch(&path, json!({"query": null, "columns": null}))
            .await
            .status(200);
        assert_eq!(changed.at("/query"), &Value::Null);
        assert_eq!(changed.at("/columns"), &Value::Null);
        assert_eq!(changed.at("/sorts"), &large()["sorts"]);
        assert_eq!(changed.header("etag"), "\"2\"");
        assert_eq!(changed.string("/updatedAt"), app.now());
        ann.knowing(1)
            .patch(&path, json!({"name": "late"}))
            .await
            .problem(412, "STALE_VERSION");
        ann.knowing(1)
            .delete(&path)
            .await
            .problem(412, "STALE_VERSION");
        let same = ann.patch(&path, json!({"name": "Large deals"})).await;
        assert_eq!(same.status(200).json, changed.json);
        let refused = ann
            .patch(&path, json!({"name": "x", "sorts": ["ghost"]}))
            .await;
        refused.problem(422, "UNKNOWN_PROPERTY");
        assert_eq!(ann.get(&path).await.json, changed.json);
    })
    .await;
}

#[tokio::test]
async fn an_archived_view_is_out_of_lists_and_comes_back() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let path = made(&ann, named("mine", "private")).await;
        ann.delete(&path).await.status(204);
        assert!(names(&ann.get("/views").await.status(200)).is_empty());
        let archived = ann.get("/views?archived=true").await.status(200);
        assert_eq!(names(&archived), ["mine"]);
        assert_eq!(
            ann.get(&path).await.status(200).at("/archived"),
            &json!(true)
        );
        let back = ann
            .patch(&path, json!({"archived": false}))
            .await
            .status(200);
        assert_eq!(back.number("/version"), 3);
        assert_eq!(names(&ann.get("/views").await.status(200)), ["mine"]);
    })
    .await;
}

#[tokio::test]
async fn a_view_outlives_the_property_that_it_names() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let property = json!({"name": "region", "label": "Region", "type": "text"});
        ann.post("/objects/leads/properties", property)
            .await
            .status(201);
        let body = json!({
            "object": "leads", "name": "North", "filterGroups": [{"filters": [{"property": "region", "operator": "EQ", "value": "north"}]}],
            "columns": [{"property": "name"}, {"property": "region"}],
        });
        let view = ann.post("/views", body).await.status(201);
        ann.delete("/objects/leads/properties/region")
            .await
            .status(204);
        let path = format!("/views/{}", view.string("/id"));
        let read = ann.get(&path).await.status(200);
        assert_eq!(read.json, view.json);
        let renamed = ann.patch(&path, json!({"name": "Far north"})).await.status(200);
        assert_eq!(renamed.at("/filterGroups"), view.at("/filterGroups"));
    })
    .await;
}

#[tokio::test]
async fn views_stand_in_the_order_that_people_make() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        for name in ["one", "two", "three"] {
            made(&ann, named(name, "private")).await;
        }
        let list = ann.get("/views").await.status(200);
        let third = format!("/views/{}", list.string("/results/2/id"));
        ann.patch(&third, json!({"position": 0})).await.status(200);
        let mut found = Vec::new();
        let mut path = "/views?limit=1".to_owned();
        loop {
            let page = ann.get(&path).await.status(200);
            found.extend(names(&page));
            let Some(after) = page.at("/paging/next/after").as_str() else {
                break;
            };
            path = format!("/views?limit=1&after={after}");
        }
        assert_eq!(found, ["one", "three", "two"]);
    })
    .await;
}

#[tokio::test]
async fn saving_twice_with_a_key_saves_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = || named("mine", "private");
        let first = ann.once("k1").post("/views", body()).await.status(201);
        let second = ann.once("k1").post("/views", body()).await.status(201);
        assert_eq!(first.json, second.json);
        assert_eq!(ann.get("/views").await.list("/results").len(), 1);
    })
    .await;
}
