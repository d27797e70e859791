//! Exports, and that they come back as they were.

use serde_json::{Value, json};

use super::{counts, ended, import};
use crate::{
    app::{TestApp, each_app},
    person::Person,
};

async fn export(person: &Person, options: Value) -> String {
    let queued = person.post("/exports", options).await.status(202);
    let path = format!("/exports/{}", queued.string("/id"));
    assert_eq!(ended(person, &path).await.at("/status"), "succeeded");
    person.get(&format!("{path}/file")).await.status(200).text
}

fn mapping(names: &[&str]) -> Vec<Value> {
    names
        .iter()
        .map(|name| json!({"column": name, "property": name}))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn records_come_back_as_they_were_formulas_too() {
    each_app(async |app: TestApp| {
        let (ann, bob) = (app.signup("ann").await, app.signup("bob").await);
        for (name, city) in [("=SUM(A1)", "'=already"), ("Ada, \"the\" first\nof many", "-1"), ("@you", "Zoë")] {
            let body = json!({"properties": {"name": name, "city": city, "amount": {"amount": "1250.5", "currency": "USD"}, "phone": "+31 6 1234"}});
            ann.post("/objects/leads", body).await.status(201);
        }
        let file = export(&ann, json!({"object": "leads", "properties": ["name", "city", "amount", "phone", "stage"]})).await;
        assert!(file.contains("'=SUM(A1)") && file.contains("''=already") && file.contains("'@you"), "{file}");
        let options = json!({"object": "leads", "kind": "records", "mapping": mapping(&["name", "city", "amount", "phone", "stage"])});
        assert_eq!(counts(&import(&bob, &file, options).await), [3, 3, 0, 0]);
        let shown = async |person: &Person| {
            let list = person.post("/objects/leads/search", json!({"sorts": [{"property": "name", "direction": "ascending"}]})).await.status(200);
            list.at("/results").as_array().unwrap().iter().map(|record| record["properties"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(shown(&ann).await, shown(&bob).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_shows_what_was_known() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let ada = ann
            .post(
                "/objects/leads",
                json!({"properties": {"name": "Ada"}, "validFrom": "2025-01-01T00:00:00Z"}),
            )
            .await
            .status(201);
        let known = ada.string("/updatedAt");
        app.clock.step_seconds(60);
        let set = json!([{"value": "contacted", "validFrom": "2025-02-01T00:00:00Z"}]);
        ann.post(
            &format!("{}/corrections", ada.path()),
            json!({"property": "stage", "set": set}),
        )
        .await
        .status(200);
        ann.post("/objects/leads", json!({"properties": {"name": "Bela"}}))
            .await
            .status(201);

        let filters =
            json!([{"filters": [{"property": "stage", "operator": "EQ", "value": "new"}]}]);
        for filter_groups in [json!(null), filters] {
            let mut asked =
                json!({"object": "leads", "properties": ["name", "stage"], "recordedAsOf": known});
            if !filter_groups.is_null() {
                asked["filterGroups"] = filter_groups;
            }
            let file = export(&ann, asked.clone()).await;
            assert_eq!(file.lines().count(), 2, "{file}");
            assert!(file.contains("Ada,new"), "{file}");
            asked["kind"] = json!("history");
            let file = export(&ann, asked).await;
            assert!(
                file.contains(",new,") && !file.contains("contacted") && !file.contains("Bela"),
                "{file}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_the_past_has_the_properties_that_were_in_use() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        ann.post(
            "/objects/leads",
            json!({"properties": {"name": "Ada", "city": "Delft"}}),
        )
        .await
        .status(201);
        let before = app.now();
        app.clock.step_seconds(60);
        ann.delete("/objects/leads/properties/city")
            .await
            .status(204);
        let file = export(&ann, json!({"object": "leads", "asOf": before})).await;
        assert!(
            file.lines().next().unwrap().contains("city") && file.contains("Delft"),
            "{file}"
        );
        let file = export(&ann, json!({"object": "leads"})).await;
        assert!(!file.lines().next().unwrap().contains("city"), "{file}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_history_comes_back_as_it_was() {
    each_app(async |app: TestApp| {
        let (ann, bob) = (app.signup("ann").await, app.signup("bob").await);
        let file = "case,activity,city,time\na,new,,2025-01-01\na,contacted,Delft,2025-01-02\na,won,,2025-01-02\nb,new,Gouda,2025-01-01\n";
        let options = json!({"object": "leads", "kind": "history", "mapping": [
            {"column": "case", "property": "@key"}, {"column": "activity", "property": "stage"}, {"column": "city", "property": "city"},
            {"column": "time", "property": "@time"},
        ]});
        import(&ann, file, options).await;
        let asked = json!({"object": "leads", "kind": "history", "properties": ["name", "stage", "city"]});
        let first = export(&ann, asked.clone()).await;
        let options = json!({"object": "leads", "kind": "history", "mapping": [
            {"column": "id", "property": "@key"}, {"column": "property", "property": "@property"}, {"column": "value", "property": "@value"},
            {"column": "time", "property": "@time"}, {"column": "user", "property": "@user"}, {"column": "source", "property": "@source"},
        ]});
        assert_eq!(counts(&import(&bob, &first, options).await)[1..], [2, 0, 0]);
        let second = export(&bob, asked).await;
        let values = |file: &str| {
            let mut rows: Vec<String> = file.lines().map(|line| line.split(',').enumerate().filter(|(column, _)| [2, 3, 4, 6].contains(column)).map(|(_, cell)| cell).collect::<Vec<_>>().join(",")).collect();
            rows.sort();
            rows
        };
        assert_eq!(values(&first), values(&second));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_shows_a_moment_and_matching_records_only() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        for name in ["Ada", "Bob"] {
            ann.post("/objects/leads", json!({"properties": {"name": name}}))
                .await
                .status(201);
        }
        let then = app.now();
        app.clock.step_seconds(60);
        ann.post("/objects/leads", json!({"properties": {"name": "Cid"}}))
            .await
            .status(201);
        let lines = |file: String| file.lines().map(str::to_owned).collect::<Vec<_>>();
        let ndjson = lines(
            export(
                &ann,
                json!({"object": "leads", "format": "ndjson", "asOf": then}),
            )
            .await,
        );
        assert_eq!(ndjson.len(), 2);
        let filter = json!([{"filters": [{"property": "name", "operator": "EQ", "value": "cid"}]}]);
        let csv = lines(
            export(
                &ann,
                json!({"object": "leads", "properties": ["name"], "filterGroups": filter}),
            )
            .await,
        );
        assert_eq!(csv.len(), 2);
        assert!(csv[1].ends_with(",Cid"), "{csv:?}");
        ann.post(
            "/exports",
            json!({"object": "leads", "properties": ["ghost"]}),
        )
        .await
        .problem(422, "UNKNOWN_PROPERTY");
        ann.post(
            "/exports",
            json!({"object": "leads", "asOf": "2999-01-01T00:00:00Z"}),
        )
        .await
        .problem(422, "TIME_IN_FUTURE");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_takes_the_words_and_the_order_of_a_search() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let mut paths = Vec::new();
        for (name, city) in [
            ("Ada", "Gouda"),
            ("Bob", "Delft"),
            ("Cid", "Delft"),
            ("Dan", "Delft"),
        ] {
            let lead = json!({"properties": {"name": name, "city": city}});
            paths.push(ann.post("/objects/leads", lead).await.status(201).path());
            app.clock.step_seconds(60);
        }
        ann.delete(&paths[2]).await.status(204);
        let names = async |more: Value| {
            let mut asked = json!({"object": "leads", "properties": ["name"]});
            for (name, value) in more.as_object().unwrap() {
                asked[name] = value.clone();
            }
            let file = export(&ann, asked).await;
            let name = |line: &str| line.split(',').next_back().unwrap().to_owned();
            file.lines().skip(1).map(name).collect::<Vec<_>>()
        };
        let by_name = json!([{"property": "name", "direction": "descending"}]);
        assert_eq!(names(json!({"query": "delft"})).await, ["Dan", "Bob"]);
        assert_eq!(
            names(json!({"sorts": by_name})).await,
            ["Dan", "Bob", "Ada"]
        );
        assert_eq!(
            names(json!({"sorts": by_name, "archived": true})).await,
            ["Dan", "Cid", "Bob", "Ada"]
        );
        let in_delft =
            json!([{"filters": [{"property": "city", "operator": "EQ", "value": "Delft"}]}]);
        assert_eq!(
            names(json!({"filterGroups": in_delft})).await,
            ["Bob", "Dan"]
        );
        assert_eq!(
            names(json!({"filterGroups": in_delft, "archived": true})).await,
            ["Bob", "Cid", "Dan"]
        );
        assert_eq!(
            names(json!({"filterGroups": in_delft, "query": "dan", "sorts": by_name})).await,
            ["Dan"]
        );
        let history =
            json!({"object": "leads", "kind": "history", "properties": ["name"], "query": "bob"});
        assert_eq!(export(&ann, history).await.lines().count(), 2);
        let wrong = json!({"object": "leads", "query": "x".repeat(501), "sorts": ["ghost"]});
        let refused = ann.post("/exports", wrong).await.status(422);
        assert_eq!(refused.errors().len(), 2, "{}", refused.text);
    })
    .await;
}
