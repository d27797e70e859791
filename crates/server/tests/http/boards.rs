//! Boards: all columns in one answer, each with its figures and its first records.

use serde_json::{Value, json};

use crate::{
    app::{TestApp, each_app_and_without_room},
    person::Person,
};

/// Leads with amounts, a day apart: Ada and Bela are new, Cleo and Dora contacted, Enzo was new and is archived.
async fn leads(app: &TestApp, ann: &Person) {
    for (name, stage, amount) in [
        ("Ada", "new", "10.50"),
        ("Bela", "new", "20.25"),
        ("Cleo", "contacted", "30.00"),
        ("Dora", "contacted", "5.00"),
        ("Enzo", "new", "1000.00"),
    ] {
        let amount = json!({"amount": amount, "currency": "EUR"});
        let body = json!({"properties": {"name": name, "stage": stage, "amount": amount}});
        let lead = ann.post("/objects/leads", body).await.status(201);
        app.clock.step_seconds(86_400);
        if name == "Enzo" {
            ann.delete(&lead.path()).await.status(204);
        }
    }
}

fn names(column: &Value) -> Vec<&str> {
    let records = column["records"].as_array().unwrap().iter();
    records
        .map(|record| record["properties"]["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_board_tells_of_each_value_how_many_how_much_how_long_and_the_first() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        leads(&app, &ann).await;
        let body =
            json!({"property": "stage", "sorts": ["-amount"], "limit": 1, "properties": ["name"]});
        let board = ann
            .post("/objects/leads/board", body)
            .await
            .status(200)
            .json;
        let columns = board["columns"].as_array().unwrap();
        let values: Vec<&Value> = columns.iter().map(|column| &column["value"]).collect();
        assert_eq!(values, ["new", "contacted"]);
        let (new, contacted) = (&columns[0], &columns[1]);
        assert_eq!((&new["count"], &contacted["count"]), (&json!(2), &json!(2)));
        let euros = |amount: &str| json!({"amount": [{"amount": amount, "currency": "EUR"}]});
        assert_eq!(new["sums"], euros("30.75"));
        assert_eq!(contacted["sums"], euros("35.00"));
        // Five and four days, three and two.
        let days = |column: &Value| column["medianAgeSeconds"].as_f64().unwrap() / 86_400.0;
        assert!((days(new) - 4.5).abs() < 0.01, "{new}");
        assert!((days(contacted) - 2.5).abs() < 0.01, "{contacted}");
        assert_eq!((names(new), names(contacted)), (vec!["Bela"], vec!["Cleo"]));

        // Each column goes on as a search.
        for (column, rest) in [(new, "Ada"), (contacted, "Dora")] {
            let body = json!({
                "filterGroups": column["filterGroups"], "sorts": ["-amount"],
                "after": column["paging"]["next"]["after"],
            });
            let page = ann
                .post("/objects/leads/search", body)
                .await
                .status(200)
                .json;
            assert_eq!(page["total"]["value"], column["count"]);
            assert_eq!(page["results"].as_array().unwrap().len(), 1);
            assert_eq!(page["results"][0]["properties"]["name"], rest);
            assert_eq!(page.get("paging"), None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_board_is_of_any_moment_and_of_what_is_looked_for() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        let start = app.clock.now();
        leads(&app, &ann).await;
        let after_two = start.plus_micros(2 * 86_400_000_000 - 1_000_000);
        let past = json!({"property": "stage", "asOf": after_two.to_string()});
        let board = ann
            .post("/objects/leads/board", past)
            .await
            .status(200)
            .json;
        assert_eq!(board["asOf"], after_two.to_string());
        assert_eq!(board["columns"].as_array().unwrap().len(), 1);
        assert_eq!(names(&board["columns"][0]), ["Bela", "Ada"]);

        let looked_for = json!({
            "property": "stage", "query": "dora", "sums": [], "limit": 0,
            "filterGroups": [{"filters": [{"property": "stage", "operator": "EQ", "value": "contacted"}]}],
        });
        let board = ann
            .post("/objects/leads/board", looked_for)
            .await
            .status(200)
            .json;
        let column = &board["columns"][0];
        assert_eq!((&column["count"], &column["sums"]), (&json!(1), &json!({})));
        assert_eq!(names(column), Vec::<&str>::new());
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_board_is_told_at_once() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        let wrong = json!({
            "property": "name", "sums": ["stage", "nothing"], "limit": 101, "sorts": ["nothing"],
            "filterGroups": [{"filters": [{"property": "nothing", "operator": "EQ", "value": 1}]}],
        });
        let refused = ann.post("/objects/leads/board", wrong).await.status(422);
        let errors = refused.json["errors"].as_array().unwrap();
        let pointers = errors
            .iter()
            .map(|error| error["pointer"].as_str().unwrap());
        let mut pointers: Vec<&str> = pointers.collect();
        pointers.sort_unstable();
        assert_eq!(
            pointers,
            [
                "/filterGroups/0/filters/0/property",
                "/limit",
                "/property",
                "/sorts/0",
                "/sums/0",
                "/sums/1"
            ]
        );
        let body = json!({"property": "stage"});
        ann.post("/objects/nothing/board", body).await.status(404);
    })
    .await;
}
