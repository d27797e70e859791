//! Many records at once: each is accepted or refused by itself.

use serde_json::json;

use crate::app::each_app;

#[tokio::test]
async fn good_inputs_are_kept_and_bad_ones_named() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"inputs": [
            {"properties": {"name": "a"}}, {"properties": {"email": "bad"}}, {"properties": {"name": "c"}}, {"properties": {"stage": "nowhere"}},
        ]});
        let answer = ann.post("/objects/leads/batch/create", body).await.status(207);
        assert_eq!(answer.list("/results").len(), 2);
        let indexes: Vec<_> = answer.list("/errors").iter().map(|error| error["index"].as_i64().unwrap()).collect();
        assert_eq!(indexes, [1, 3]);
        let ids: Vec<_> = answer.list("/results").iter().map(|record| record["id"].clone()).collect();
        let read = json!({"inputs": [{"id": ids[1]}, {"id": "0197a0e8-0000-7000-8000-000000000000"}, {"id": ids[0]}], "properties": ["name"]});
        let read = ann.post("/objects/leads/batch/read", read).await.status(207);
        assert_eq!((read.string("/results/0/properties/name"), read.string("/results/1/properties/name")), ("c".into(), "a".into()));
        assert_eq!((read.number("/errors/0/index"), read.string("/errors/0/code")), (1, "NOT_FOUND".into()));
        let update = json!({"inputs": [
            {"id": ids[0], "properties": {"name": "x"}, "version": 1}, {"id": ids[0], "properties": {"name": "y"}, "version": 1},
            {"id": ids[1], "properties": {"name": null}},
        ]});
        let update = ann.post("/objects/leads/batch/update", update).await.status(207);
        assert_eq!((update.list("/results").len(), update.string("/errors/0/code")), (2, "STALE_VERSION".into()));
        let archive = json!({"inputs": [{"id": ids[0]}, {"id": ids[1]}]});
        assert_eq!(ann.post("/objects/leads/batch/archive", archive).await.status(207).list("/results").len(), 2);
        let many: Vec<_> = (0..1_001).map(|_| json!({"properties": {}})).collect();
        ann.post("/objects/leads/batch/create", json!({"inputs": many})).await.problem(422, "TOO_MANY_INPUTS");
    })
    .await;
}

#[tokio::test]
async fn a_unique_value_goes_to_the_first_that_asks_for_it() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"inputs": [{"properties": {"sku": "1"}}, {"properties": {"sku": "1"}}, {"properties": {"sku": "2"}}]});
        let answer = ann.post("/objects/products/batch/create", body).await.status(207);
        assert_eq!((answer.list("/results").len(), answer.number("/errors/0/index"), answer.string("/errors/0/code")), (2, 1, "UNIQUE_CONFLICT".into()));
    })
    .await;
}

#[tokio::test]
async fn an_upsert_changes_the_holder_of_the_key_or_makes_one() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.post("/objects/leads", json!({"properties": {"email": "ada@example.com", "name": "old"}})).await.status(201);
        let body = json!({"inputs": [
            {"properties": {"email": "ADA@example.com", "name": "new"}}, {"properties": {"email": "bob@example.com"}},
            {"properties": {"email": "bob@example.com", "name": "Bob"}}, {"properties": {"name": "no key"}},
        ]});
        let answer = ann.post("/objects/leads/batch/upsert?idProperty=email", body).await.status(207);
        assert_eq!(answer.list("/results").len(), 3, "{}", answer.text);
        assert_eq!(answer.number("/results/0/version"), 2);
        assert_eq!(answer.string("/results/1/id"), answer.string("/results/2/id"));
        assert_eq!(answer.number("/errors/0/index"), 3);
        // A property that was no key becomes one when it is first used as one.
        ann.post("/objects/leads", json!({"properties": {"company": "Acme"}})).await.status(201);
        let body = json!({"inputs": [{"properties": {"company": "Acme", "city": "Oslo"}}]});
        let answer = ann.post("/objects/leads/batch/upsert?idProperty=company", body).await.status(207);
        assert_eq!(answer.number("/results/0/version"), 2, "{}", answer.text);
        let body = json!({"inputs": [{"properties": {"stage": "new"}}]});
        ann.post("/objects/leads/batch/upsert?idProperty=stage", body).await.problem(422, "NOT_A_KEY");
    })
    .await;
}

#[tokio::test]
async fn archived_records_come_back_each_by_itself() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let products = json!({"inputs": [{"properties": {"sku": "1"}}, {"properties": {"sku": "2"}}, {"properties": {"sku": "3"}}]});
        let made = ann.post("/objects/products/batch/create", products).await.status(207);
        let ids: Vec<String> = (0..3).map(|index| made.string(&format!("/results/{index}/id"))).collect();
        let both = json!({"inputs": [{"id": ids[0]}, {"id": ids[1]}]});
        ann.post("/objects/products/batch/archive", both).await.status(207);
        // Meanwhile another product takes the unique value of the second one.
        ann.post("/objects/products", json!({"properties": {"sku": "2"}})).await.status(201);
        let all = json!({"inputs": [{"id": ids[0]}, {"id": ids[1]}, {"id": ids[2]}, {"id": ann.id}, {}]});
        let back = ann.post("/objects/products/batch/unarchive", all).await.status(207);
        assert_eq!(back.list("/results").len(), 2, "{}", back.text);
        assert_eq!((back.string("/results/0/id"), back.number("/results/0/version")), (ids[0].clone(), 3));
        assert_eq!((back.string("/results/1/id"), back.number("/results/1/version")), (ids[2].clone(), 1));
        let refused: Vec<(i64, String)> = (0..3)
            .map(|index| (back.number(&format!("/errors/{index}/index")), back.string(&format!("/errors/{index}/code"))))
            .collect();
        assert_eq!(refused, [(1, "UNIQUE_CONFLICT".into()), (3, "NOT_FOUND".into()), (4, "REQUIRED".into())]);
        let second = ann.get(&format!("/objects/products/{}", ids[1])).await.status(200);
        assert_eq!(second.at("/archived"), &json!(true));
        assert_eq!(second.number("/version"), 2);
    })
    .await;
}
