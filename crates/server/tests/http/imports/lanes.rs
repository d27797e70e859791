//! Large imports: written in lanes and in small units of work, so that others get their writes in between.

use serde_json::{Value, json};

use super::{counts, ended, import, stage_history, stages, upload};
use crate::{
    app::{TestApp, each_app},
    person::Person,
};

/// A file that is large enough for several lanes: two rows for each lead, those of the second stage first.
fn large_file(leads: u64) -> String {
    let rows = |stage: &'static str, month: u64| {
        (0..leads).map(move |lead| format!("number {lead:060},{stage},2025-0{month}-01\n"))
    };
    let head = "case,activity,time\n".to_owned();
    let all = rows("contacted", 2).chain(rows("new", 1));
    std::iter::once(head).chain(all).collect()
}

/// The records of all change sets, in the order of the feed.
async fn feed(person: &Person) -> Vec<Value> {
    let mut records = Vec::new();
    let mut path = "/changes?limit=1000".to_owned();
    loop {
        let page = person.get(&path).await.status(200);
        records.extend(
            page.list("/results")
                .iter()
                .map(|set| set["recordId"].clone()),
        );
        match page.at("/paging/next/after").as_str() {
            Some(after) => path = format!("/changes?limit=1000&after={after}"),
            None => return records,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lanes_write_every_row_once_in_the_order_of_its_time() {
    const LEADS: u64 = 2_500;
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let file = large_file(LEADS);
        assert!(file.len() > 256 << 10);
        let done = import(&ann, &file, stage_history()).await;
        assert_eq!(counts(&done), [2 * LEADS, LEADS, 0, 0]);
        let again = import(&ann, &file, stage_history()).await;
        assert_eq!(counts(&again), [2 * LEADS, 0, 0, 0]);
        let one = stages(&ann, "leads", &format!("number {:060}", 7)).await;
        let values: Vec<Value> = one.into_iter().map(|(value, _, _)| value).collect();
        assert_eq!(values, ["new", "contacted"]);
        assert_eq!(feed(&ann).await.len() as u64, 2 * LEADS);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_row_of_a_record_wins_in_a_large_file_of_records() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let row = |lead: u64, city: &str| format!("lead{lead:060}@example.com,{city}\n");
        let first = (0..2_000).map(|lead| row(lead, "Oslo"));
        let last = (0..2_000).map(|lead| row(lead, "Bergen"));
        let head = "email,city\n".to_owned();
        let file: String = std::iter::once(head).chain(first).chain(last).collect();
        assert!(file.len() > 256 << 10);
        let mapping = ["email", "city"].map(|name| json!({"column": name, "property": name}));
        let options = json!({"object": "leads", "kind": "records", "idProperty": "email", "mapping": mapping});
        let done = import(&ann, &file, options).await;
        assert_eq!(counts(&done), [4_000, 2_000, 2_000, 0]);
        let filter = json!([{"filters": [{"property": "city", "operator": "EQ", "value": "Bergen"}]}]);
        let search = json!({"filterGroups": filter, "count": "exact", "limit": 1});
        let found = ann.post("/objects/leads/search", search).await.status(200);
        assert_eq!(found.at("/total/value"), 2_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn anothers_write_lands_between_two_units_of_an_import() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let own = ann
            .post("/objects/leads", json!({"properties": {"name": "Ada"}}))
            .await
            .status(201)
            .at("/id")
            .clone();
        let path = format!("/objects/leads/{}", own.as_str().unwrap());
        let file = large_file(2_500);
        let queued = upload(&ann, file.as_bytes(), &stage_history(), true).await;
        let job = format!("/imports/{}", queued.status(202).string("/id"));
        // As fast as the answers come, until the import has ended.
        let mut number = 0;
        while ["queued", "running"].contains(&ann.get(&job).await.string("/status").as_str()) {
            number += 1;
            let body = json!({"properties": {"city": format!("City {number}")}});
            ann.patch(&path, body).await.status(200);
        }
        assert_eq!(ended(&ann, &job).await.at("/status"), "succeeded");
        let written = feed(&ann).await;
        let is_imported = |record: &Value| *record != own;
        let first = written.iter().position(is_imported).unwrap();
        let last = written.iter().rposition(is_imported).unwrap();
        let between = written[first..last].iter().filter(|record| **record == own);
        assert!(between.count() > 1, "of {number}");
    })
    .await;
}
