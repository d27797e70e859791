//! The timeline of a record: all kinds in one order, page by page, at any moment.

use serde_json::{Value, json};

use crate::{
    app::{TestApp, at, each_app, each_app_and_without_room},
    person::Person,
};

/// A lead with changes, activities, notes and tasks, many of them at the same moment.
async fn eventful(app: &TestApp, ann: &Person) -> String {
    let lead = json!({"properties": {"name": "a"}});
    let lead = ann
        .post("/objects/leads", lead)
        .await
        .status(201)
        .string("/id");
    let about = json!([{"object": "leads", "id": lead}]);
    for round in 0..4 {
        for _ in 0..3 {
            let call = json!({"kind": "call", "records": about});
            ann.post("/activities", call).await.status(201);
            let note = json!({"body": format!("n{round}"), "records": about});
            ann.post("/notes", note).await.status(201);
            let task = json!({"title": format!("t{round}"), "records": about});
            ann.post("/tasks", task).await.status(201);
        }
        let name = json!({"properties": {"name": format!("a{round}")}});
        ann.patch(&format!("/objects/leads/{lead}"), name)
            .await
            .status(200);
        app.clock.step_seconds(60);
    }
    lead
}

async fn walked(person: &Person, path: &str, limit: usize) -> Vec<Value> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let page = person
            .get(&format!("{path}&limit={limit}{after}"))
            .await
            .status(200);
        all.extend(page.list("/results").iter().cloned());
        match page.at("/paging/next/after").as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

fn kinds(list: &[Value]) -> Vec<&str> {
    list.iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn pages_of_any_size_make_one_order_with_every_entry_once() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        let lead = eventful(&app, &ann).await;
        let path = format!("/objects/leads/{lead}/timeline?kinds=change,activity,note,task");
        let whole = walked(&ann, &path, 1000).await;
        assert_eq!(whole.len(), 4 * 9 + 5);
        let times: Vec<&str> = whole
            .iter()
            .map(|one| one["at"].as_str().unwrap())
            .collect();
        assert!(times.is_sorted_by(|a, b| at(a) >= at(b)), "{times:?}");
        assert_eq!(
            kinds(&whole[..10]),
            [
                "task", "task", "task", "note", "note", "note", "activity", "activity", "activity",
                "change"
            ]
        );
        for limit in [1, 2, 3, 7, 10, 40] {
            assert_eq!(walked(&ann, &path, limit).await, whole, "pages of {limit}");
        }
        for (kinds_, count) in [("note", 12), ("task,activity", 24), ("change", 5)] {
            let path = format!("/objects/leads/{lead}/timeline?kinds={kinds_}");
            let some = walked(&ann, &path, 5).await;
            let expected: Vec<Value> = whole
                .iter()
                .filter(|one| kinds_.contains(one["kind"].as_str().unwrap()))
                .cloned()
                .collect();
            assert_eq!((some.len(), &some), (count, &expected));
        }
        ann.get(&format!("/objects/leads/{lead}/timeline?kinds=note,sms"))
            .await
            .problem(422, "UNKNOWN_KIND");
    })
    .await;
}

#[tokio::test]
async fn what_comes_between_two_pages_does_not_disturb_them() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = eventful(&app, &ann).await;
        let path = format!("/objects/leads/{lead}/timeline");
        let whole = ann.get(&path).await.status(200);
        let first = ann.get(&format!("{path}?limit=15")).await.status(200);
        let about = json!([{"object": "leads", "id": lead}]);
        ann.post("/notes", json!({"body": "new", "records": about}))
            .await
            .status(201);
        ann.post("/activities", json!({"kind": "call", "records": about}))
            .await
            .status(201);
        let after = first.string("/paging/next/after");
        let rest = ann.get(&format!("{path}?after={after}")).await.status(200);
        assert_eq!(rest.list("/results")[..], whole.list("/results")[15..]);
    })
    .await;
}

#[tokio::test]
async fn nothing_later_shows_through() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        app.clock.set(at("2026-04-01T09:00:00Z"));
        let lead = json!({"properties": {"name": "a"}});
        let lead = ann
            .post("/objects/leads", lead)
            .await
            .status(201)
            .string("/id");
        let about = json!([{"object": "leads", "id": lead}]);
        app.clock.set(at("2026-04-10T09:00:00Z"));
        let note = ann
            .post("/notes", json!({"body": "first", "records": about}))
            .await
            .status(201);
        let note = format!("/notes/{}", note.string("/id"));
        app.clock.set(at("2026-04-20T09:00:00Z"));
        // Written down ten days after it happened.
        let call = json!({"kind": "call", "occurredAt": "2026-04-10T12:00:00Z", "records": about});
        ann.post("/activities", call).await.status(201);
        ann.patch(&note, json!({"body": "second"}))
            .await
            .status(200);
        app.clock.set(at("2026-04-25T09:00:00Z"));
        ann.delete(&note).await.status(204);
        app.clock.set(at("2026-05-01T09:00:00Z"));
        let timeline = async |query: &str| {
            let list = ann
                .get(&format!("/objects/leads/{lead}/timeline?{query}"))
                .await
                .status(200);
            list.list("/results").clone()
        };
        assert_eq!(kinds(&timeline("").await), ["activity", "change"]);
        let on_11 = timeline("asOf=2026-04-11T00:00:00Z").await;
        assert_eq!(kinds(&on_11), ["activity", "note", "change"]);
        assert_eq!(on_11[1]["note"]["body"], "first");
        assert_eq!(on_11[1]["note"]["archived"], false);
        assert_eq!(
            timeline("asOf=2026-04-21T00:00:00Z").await[1]["note"]["body"],
            "second"
        );
        assert_eq!(
            kinds(&timeline("asOf=2026-04-05T00:00:00Z").await),
            ["change"]
        );
        let known = timeline("recordedAsOf=2026-04-11T00:00:00Z").await;
        assert_eq!(kinds(&known), ["note", "change"], "the call was not known");
        assert_eq!(known[0]["note"]["body"], "first");
        let both = timeline("asOf=2026-04-11T00:00:00Z&recordedAsOf=2026-04-21T00:00:00Z").await;
        assert_eq!(kinds(&both), ["activity", "note", "change"]);
        ann.get(&format!(
            "/objects/leads/{lead}/timeline?asOf=2026-01-01T00:00:00Z"
        ))
        .await
        .problem(404, "NOT_FOUND");
        ann.get(&format!(
            "/objects/leads/{lead}/timeline?asOf=2026-06-01T00:00:00Z"
        ))
        .await
        .problem(422, "TIME_IN_FUTURE");
    })
    .await;
}

#[tokio::test]
async fn late_news_stand_where_they_are_about() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = json!({"properties": {"name": "a"}, "validFrom": "2026-02-01T00:00:00Z"});
        let lead = ann.post("/objects/leads", lead).await.status(201).path();
        ann.patch(&lead, json!({"properties": {"city": "Delft"}})).await.status(200);
        let late = json!({"properties": {"phone": "+31 20 555 0100"}, "validFrom": "2026-02-15T00:00:00Z"});
        ann.patch(&lead, late).await.status(200);
        let whole = walked(&ann, &format!("{lead}/timeline?kinds=change"), 1).await;
        let versions: Vec<i64> = whole.iter().map(|one| one["changeSet"]["version"].as_i64().unwrap()).collect();
        assert_eq!(versions, [2, 3, 1]);
    })
    .await;
}
