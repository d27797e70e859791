//! The feed.

use serde_json::json;

use crate::app::{TestApp, each_app};

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_gives_every_change_set_once_and_goes_on() {
    each_app(async |app: TestApp| {
        let (ann, eve) = (app.signup("ann").await, app.signup("eve").await);
        for number in 0..5 {
            ann.post(
                "/objects/leads",
                json!({"properties": {"name": format!("Lead {number}")}}),
            )
            .await
            .status(201);
        }
        eve.post("/objects/leads", json!({"properties": {"name": "hers"}}))
            .await
            .status(201);
        let mut names = Vec::new();
        let mut path = "/changes?limit=2".to_owned();
        loop {
            let page = ann.get(&path).await.status(200);
            names.extend(
                page.at("/results")
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|set| set["changes"][0]["to"].clone()),
            );
            match page.at("/paging/next/after").as_str() {
                Some(after) => path = format!("/changes?limit=2&after={after}"),
                None => break,
            }
        }
        assert_eq!(names, ["Lead 0", "Lead 1", "Lead 2", "Lead 3", "Lead 4"]);
        ann.post("/objects/leads", json!({"properties": {"name": "Lead 5"}}))
            .await
            .status(201);
        let page = ann.get(&path).await.status(200);
        assert_eq!(page.at("/results/0/changes/0/to"), "Lead 5");
        ann.get("/changes?after=nonsense")
            .await
            .problem(422, "INVALID_CURSOR");
    })
    .await;
}
