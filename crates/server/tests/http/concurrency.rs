//! Many writers at once: no lost update (R3), and one change set for each acknowledged write (H6).

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{app::each_app, person::Person};

const WRITERS: usize = 8;

/// Writers, half of them on a second node where there can be one.
fn writers(ann: &Person, other: &Person) -> Vec<Person> {
    (0..WRITERS)
        .map(|number| {
            if number % 2 == 0 {
                ann.clone()
            } else {
                other.clone()
            }
        })
        .collect()
}

#[tokio::test]
async fn of_writers_who_know_the_same_version_one_wins() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let node = app.second_node().await;
        let other = node.as_ref().map_or(ann.clone(), |node| node.person(&ann));
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "0"}}))
            .await
            .status(201)
            .path();
        for round in 1..=8 {
            let attempts = writers(&ann, &other)
                .into_iter()
                .enumerate()
                .map(|(number, writer)| {
                    let lead = lead.clone();
                    async move {
                        let name = format!("{round}-{number}");
                        let answer = writer
                            .knowing(round)
                            .patch(&lead, json!({"properties": {"name": name}}))
                            .await;
                        (answer.code, name)
                    }
                });
            let results = join_all(attempts).await;
            let won: Vec<&String> = results
                .iter()
                .filter(|(code, _)| *code == 200)
                .map(|(_, name)| name)
                .collect();
            assert_eq!(won.len(), 1, "{results:?}");
            assert!(
                results.iter().all(|(code, _)| matches!(code, 200 | 412)),
                "{results:?}"
            );
            let present = ann.get(&lead).await.status(200);
            assert_eq!(
                (
                    present.number("/version"),
                    &present.string("/properties/name")
                ),
                (round + 1, won[0])
            );
        }
    })
    .await;
}

#[tokio::test]
async fn every_acknowledged_write_is_one_change_set() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let node = app.second_node().await;
        let other = node.as_ref().map_or(ann.clone(), |node| node.person(&ann));
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "0"}}))
            .await
            .status(201)
            .path();
        let attempts = writers(&ann, &other)
            .into_iter()
            .enumerate()
            .map(|(number, writer)| {
                let lead = lead.clone();
                async move {
                    let mut acknowledged = Vec::new();
                    for turn in 0..6 {
                        let name = format!("{number}-{turn}");
                        let answer = writer
                            .patch(&lead, json!({"properties": {"name": name}}))
                            .await
                            .status(200);
                        acknowledged.push((answer.number("/version"), name));
                    }
                    acknowledged
                }
            });
        let mut acknowledged: Vec<(i64, String)> =
            join_all(attempts).await.into_iter().flatten().collect();
        acknowledged.sort();
        let history = ann
            .get(&format!("{lead}/history?limit=1000"))
            .await
            .status(200);
        let mut sets: Vec<(i64, String)> = history.list("/results").iter().map(written).collect();
        sets.sort();
        assert_eq!(sets.remove(0), (1, "0".into()));
        assert_eq!(sets, acknowledged);
    })
    .await;
}

#[tokio::test]
async fn simultaneous_upserts_of_one_key_make_one_record() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let node = app.second_node().await;
        let other = node.as_ref().map_or(ann.clone(), |node| node.person(&ann));
        let attempts = writers(&ann, &other).into_iter().enumerate().map(|(number, writer)| async move {
            let mut ids = Vec::new();
            for turn in 0..4 {
                let body = json!({"inputs": [{"properties": {"email": format!("lead{turn}@example.com"), "name": number.to_string()}}]});
                let answer = writer.post("/objects/leads/batch/upsert?idProperty=email", body).await.status(207);
                ids.push(answer.string("/results/0/id"));
            }
            ids
        });
        let ids: BTreeSet<String> = join_all(attempts).await.into_iter().flatten().collect();
        assert_eq!(ids.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn simultaneous_claims_of_a_unique_value_have_one_winner() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let node = app.second_node().await;
        let other = node.as_ref().map_or(ann.clone(), |node| node.person(&ann));
        let attempts = writers(&ann, &other).into_iter().map(|writer| async move {
            writer
                .post("/objects/products", json!({"properties": {"sku": "one"}}))
                .await
                .code
        });
        let mut codes = join_all(attempts).await;
        codes.sort_unstable();
        assert_eq!(codes[0], 201);
        assert!(codes[1..].iter().all(|code| *code == 409), "{codes:?}");
    })
    .await;
}

#[tokio::test]
async fn batches_that_meet_the_same_records_in_another_order_all_succeed() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let node = app.second_node().await;
        let other = node.as_ref().map_or(ann.clone(), |node| node.person(&ann));
        let body = json!({"inputs": (0..10).map(|n| json!({"properties": {"name": n.to_string()}})).collect::<Vec<_>>()});
        let made = ann.post("/objects/leads/batch/create", body).await.status(207);
        let ids: Vec<Value> = made.list("/results").iter().map(|record| record["id"].clone()).collect();
        let attempts = writers(&ann, &other).into_iter().enumerate().map(|(number, writer)| {
            let mut ids = ids.clone();
            ids.rotate_left(number);
            async move {
                let input = |id: &Value| json!({"id": id, "properties": {"city": number.to_string()}});
                let body = json!({"inputs": ids.iter().map(input).collect::<Vec<_>>()});
                let answer = writer.post("/objects/leads/batch/update", body).await.status(207);
                assert_eq!(answer.list("/results").len(), 10, "{}", answer.text);
            }
        });
        join_all(attempts).await;
        for id in ids {
            let lead = ann.get(&format!("/objects/leads/{}", id.as_str().unwrap())).await;
            assert_eq!(lead.number("/version"), 1 + WRITERS as i64);
        }
    })
    .await;
}

/// The version and the name that a change set wrote.
fn written(set: &Value) -> (i64, String) {
    let changes = set["changes"].as_array().unwrap();
    let name = changes
        .iter()
        .find(|change| change["property"] == "name")
        .unwrap();
    (
        set["version"].as_i64().unwrap(),
        name["to"].as_str().unwrap().to_owned(),
    )
}
