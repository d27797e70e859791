//! What was known at a recorded time: in lists, searches, reports, exports and comparisons, not only of one record.

use serde_json::{Value, json};

use crate::{
    app::{TestApp, each_app_and_without_room},
    person::Person,
};

/// Three leads; the second half of what happens is recorded after the returned time.
async fn a_changed_mind(app: &TestApp, ann: &Person) -> String {
    let lead = async |name: &str, from: &str| {
        let body = json!({"properties": {"name": name, "city": "Delft"}, "validFrom": from});
        ann.post("/objects/leads", body).await.status(201)
    };
    let ada = lead("Ada", "2025-01-01T00:00:00Z").await;
    let bela = lead("Bela", "2025-02-01T00:00:00Z").await;
    let moved = json!({"properties": {"stage": "contacted"}, "validFrom": "2025-03-01T00:00:00Z"});
    let known = ann
        .patch(&bela.path(), moved)
        .await
        .status(200)
        .string("/updatedAt");
    app.clock.step_seconds(60);

    let set = json!([{"value": "qualified", "validFrom": "2024-12-01T00:00:00Z", "validTo": "2025-01-15T00:00:00Z"}]);
    ann.post(
        &format!("{}/corrections", ada.path()),
        json!({"property": "stage", "set": set}),
    )
    .await
    .status(200);
    let renamed = json!({"properties": {"name": "Bella", "city": null}});
    ann.patch(&bela.path(), renamed).await.status(200);
    ann.delete(&bela.path()).await.status(204);
    lead("Cleo", "2025-01-05T00:00:00Z").await;
    known
}

fn names(found: &Value) -> Vec<&str> {
    let results = found["results"].as_array().unwrap().iter();
    results
        .map(|record| record["properties"]["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn lists_and_searches_show_what_was_known() {
    each_app_and_without_room(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let known = a_changed_mind(&app, &ann).await;

        let list = ann
            .get(&format!("/objects/leads/records?recordedAsOf={known}"))
            .await
            .status(200);
        assert_eq!(
            (names(&list.json), list.string("/recordedAsOf")),
            (vec!["Bela", "Ada"], known.clone())
        );
        for record in list.list("/results") {
            let path = format!(
                "/objects/leads/{}?recordedAsOf={known}",
                record["id"].as_str().unwrap()
            );
            assert_eq!(ann.get(&path).await.status(200).json, *record);
        }
        let now = ann.get("/objects/leads/records").await.status(200);
        assert_eq!(names(&now.json), ["Cleo", "Ada"]);

        let ever =
            json!([{"filters": [{"property": "stage", "operator": "EVER", "value": "qualified"}]}]);
        let asked = json!({"filterGroups": ever, "count": "exact"});
        let search = "/objects/leads/search";
        assert_eq!(
            names(&ann.post(search, asked.clone()).await.status(200).json),
            ["Ada"]
        );
        let before = ann
            .post(&format!("{search}?recordedAsOf={known}"), asked)
            .await
            .status(200);
        assert_eq!(
            (names(&before.json), before.number("/total/value")),
            (vec![], 0)
        );

        // Ada was not known to have begun in December yet.
        let december = json!({"asOf": "2024-12-15T00:00:00Z"});
        let found = ann.post(search, december.clone()).await.status(200);
        assert_eq!(found.list("/results").len(), 1);
        let mut both = december;
        both["recordedAsOf"] = json!(known);
        let found = ann.post(search, both).await.status(200);
        assert_eq!(found.list("/results").len(), 0);

        ann.get("/objects/leads/records?recordedAsOf=2999-01-01T00:00:00Z")
            .await
            .problem(422, "TIME_IN_FUTURE");
    })
    .await;
}

#[tokio::test]
async fn a_moment_may_stand_in_the_query_of_every_question() {
    each_app_and_without_room(async |app: TestApp| {
        let ann = app.signup("ann").await;
        a_changed_mind(&app, &ann).await;
        let then = "2025-01-03T00:00:00Z";
        let found = ann
            .post(&format!("/objects/leads/search?asOf={then}"), json!({}))
            .await
            .status(200);
        assert_eq!(
            (names(&found.json), found.string("/asOf")),
            (vec!["Ada"], then.to_owned())
        );
        let asked = json!({"object": "leads", "property": "stage"});
        let report = ann
            .post(&format!("/reports/snapshot?asOf={then}"), asked)
            .await
            .status(200);
        assert_eq!(
            (report.at("/values/0/count"), report.string("/asOf")),
            (&json!(1), then.to_owned())
        );
        let other = json!({"asOf": "2025-01-04T00:00:00Z"});
        let refused = ann
            .post(&format!("/objects/leads/search?asOf={then}"), other)
            .await
            .status(422);
        assert_eq!(
            refused.errors(),
            [("/asOf".to_owned(), "AMBIGUOUS_MOMENT".to_owned())]
        );
        ann.post("/objects/leads/search?asof=now", json!({}))
            .await
            .status(422);
    })
    .await;
}

#[tokio::test]
async fn reports_count_what_was_known_and_lead_to_it() {
    each_app_and_without_room(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let known = a_changed_mind(&app, &ann).await;
        let asked = json!({"object": "leads", "property": "stage", "from": "2024-11-01", "to": "2025-06-01", "timeZone": "UTC", "recordedAsOf": known});

        let snapshot = ann.post("/reports/snapshot", asked.clone()).await.status(200);
        let counts: Vec<_> = snapshot.list("/values").iter().map(|cell| (&cell["value"], &cell["count"])).collect();
        assert_eq!(counts, [(&json!("new"), &json!(1)), (&json!("contacted"), &json!(1))]);
        for cell in snapshot.list("/values") {
            let follow = json!({"filterGroups": cell["filterGroups"], "recordedAsOf": cell["recordedAsOf"], "count": "exact"});
            let found = ann.post("/objects/leads/search", follow).await.status(200);
            assert_eq!(found.at("/total/value"), &cell["count"]);
        }
        let flow = ann.post("/reports/flow", asked).await.status(200);
        let moves: Vec<_> = flow.list("/flows").iter().map(|flow| (&flow["from"], &flow["to"], &flow["count"])).collect();
        assert_eq!(moves, [(&json!(null), &json!("new"), &json!(2)), (&json!("new"), &json!("contacted"), &json!(1))]);
    })
    .await;
}

#[tokio::test]
async fn a_comparison_shows_what_was_known() {
    each_app_and_without_room(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let known = a_changed_mind(&app, &ann).await;
        let list = ann.get("/objects/leads/records").await.status(200);
        let ada = list
            .list("/results")
            .iter()
            .find(|record| record["properties"]["name"] == "Ada")
            .unwrap();
        let path = format!(
            "/objects/leads/{}/diff?from=2025-01-02T00:00:00Z&to=2025-02-01T00:00:00Z",
            ada["id"].as_str().unwrap()
        );
        assert_eq!(ann.get(&path).await.status(200).list("/changes").len(), 1);
        let then = ann
            .get(&format!("{path}&recordedAsOf={known}"))
            .await
            .status(200);
        assert_eq!(
            (then.list("/changes").len(), then.string("/recordedAsOf")),
            (0, known)
        );
    })
    .await;
}
