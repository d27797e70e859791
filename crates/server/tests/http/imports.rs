//! Stories of imports, exports and the feed.

mod errors;
mod exports;
mod feed;
mod lanes;
mod real_files;
mod restart;
mod undo;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{TestApp, each_app},
    person::{Answer, Person},
};

const BOUNDARY: &str = "a-boundary-that-no-file-holds";

/// Uploads a file with its options. What the API wants comes first or last.
pub(super) async fn upload(
    person: &Person,
    file: &[u8],
    options: &Value,
    options_first: bool,
) -> Answer {
    let options = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"options\"\r\ncontent-type: application/json\r\n\r\n{options}\r\n"
    );
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"rows.csv\"\r\ncontent-type: text/csv\r\n\r\n"
    );
    let file = [head.as_bytes(), file, b"\r\n"].concat();
    let end = format!("--{BOUNDARY}--\r\n");
    let body = match options_first {
        true => [options.as_bytes(), &file, end.as_bytes()].concat(),
        false => [&file, options.as_bytes(), end.as_bytes()].concat(),
    };
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    person
        .send_bytes(Method::POST, "/imports", &content_type, Some(body))
        .await
}

/// Waits until a job has ended.
pub(super) async fn ended(person: &Person, path: &str) -> Answer {
    for _ in 0..6_000 {
        let job = person.get(path).await.status(200);
        let status = job.string("/status");
        if !["queued", "running"].contains(&status.as_str()) {
            return job;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{path} does not end");
}

/// Imports a file and expects it to succeed.
pub(super) async fn import(person: &Person, file: impl AsRef<[u8]>, options: Value) -> Answer {
    let queued = upload(person, file.as_ref(), &options, true)
        .await
        .status(202);
    let done = ended(person, &format!("/imports/{}", queued.string("/id"))).await;
    assert_eq!(done.at("/status"), "succeeded", "{}", done.text);
    done
}

/// Rows read, created, updated, refused.
pub(super) fn counts(import: &Answer) -> [u64; 4] {
    ["/rowsRead", "/created", "/updated", "/refused"]
        .map(|pointer| import.at(pointer).as_u64().unwrap())
}

/// The stage spans of the record with this title, oldest first: value, from, until.
pub(super) async fn stages(
    person: &Person,
    object: &str,
    title: &str,
) -> Vec<(Value, Value, Value)> {
    let found = person
        .post(
            &format!("/objects/{object}/search"),
            json!({"query": title, "limit": 10}),
        )
        .await
        .status(200);
    let id = found.string("/results/0/id");
    let record = person
        .get(&format!(
            "/objects/{object}/{id}?propertiesWithHistory=stage"
        ))
        .await
        .status(200);
    let spans = record
        .at("/propertiesWithHistory/stage")
        .as_array()
        .unwrap()
        .iter()
        .rev();
    spans
        .map(|span| {
            (
                span["value"].clone(),
                span["validFrom"].clone(),
                span["validTo"].clone(),
            )
        })
        .collect()
}

fn stage_history() -> Value {
    json!({"object": "leads", "kind": "history", "mapping": [
        {"column": "case", "property": "@key"}, {"column": "activity", "property": "stage"}, {"column": "time", "property": "@time"},
    ]})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_in_any_order_becomes_visits() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let file = "case,activity,time\n\
            b,new,2025-01-02\n\
            a,qualified,2025-01-03T10:00:00+01:00\n\
            a,new,2025-01-01\n\
            a,contacted,2025-01-02\n\
            a,contacted,2025-01-02 12:00:00\n\
            a,converted,2025-01-04\n\
            a,Waiting for papers,2025-01-04\n";
        let done = import(&ann, file, stage_history()).await;
        assert_eq!(counts(&done), [7, 2, 0, 0]);
        let visits = [
            ("new", "2025-01-01T00:00:00Z", Some("2025-01-02T00:00:00Z")),
            (
                "contacted",
                "2025-01-02T00:00:00Z",
                Some("2025-01-03T09:00:00Z"),
            ),
            (
                "qualified",
                "2025-01-03T09:00:00Z",
                Some("2025-01-04T00:00:00Z"),
            ),
            // Of two values of one instant the first was held for no time.
            (
                "converted",
                "2025-01-04T00:00:00Z",
                Some("2025-01-04T00:00:00Z"),
            ),
            ("Waiting for papers", "2025-01-04T00:00:00Z", None),
        ];
        let expected: Vec<_> = visits
            .iter()
            .map(|(value, from, to)| (json!(value), json!(from), json!(to)))
            .collect();
        assert_eq!(stages(&ann, "leads", "a").await, expected);
        // The record has its key as its title, and began with its history.
        let found = ann
            .post("/objects/leads/search", json!({"query": "b"}))
            .await
            .status(200);
        assert_eq!(found.at("/results/0/properties/name"), "b");
        assert_eq!(found.at("/results/0/properties/external_id"), "b");
        assert_eq!(found.at("/results/0/createdAt"), "2025-01-02T00:00:00Z");
        // The same file again says nothing new.
        let again = import(&ann, file, stage_history()).await;
        assert_eq!(
            (counts(&again), again.at("/unchanged")),
            ([7, 0, 0, 0], &json!(2))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn local_times_follow_the_clocks_of_their_zone() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let mut options = stage_history();
        options["timeZone"] = json!("Europe/Amsterdam");
        options["dateFormat"] = json!("DD.MM.YYYY HH:mm");
        let file = "case;activity;time\na;new;27.03.2011 01:30\na;contacted;27.03.2011 03:30\na;qualified;30.10.2011 02:30\n";
        assert_eq!(counts(&import(&ann, file, options).await), [3, 1, 0, 0]);
        let begun: Vec<Value> = stages(&ann, "leads", "a").await.into_iter().map(|(_, from, _)| from).collect();
        assert_eq!(begun, ["2011-03-27T00:30:00Z", "2011-03-27T01:30:00Z", "2011-10-30T00:30:00Z"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_can_name_its_property_and_its_author() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let options = json!({"object": "leads", "kind": "history", "idProperty": "email", "mapping": [
            {"column": "who", "property": "@key"}, {"column": "what", "property": "@property", "createProperty": true},
            {"column": "is", "property": "@value"}, {"column": "since", "property": "@time"},
            {"column": "by", "property": "@user"}, {"column": "how", "property": "@source"},
        ]});
        let file = "who,what,is,since,by,how\n\
            ada@example.com,city,Delft,2025-01-01,ann@example.com,user\n\
            ada@example.com,Shoe size,42,2025-01-01,,\n\
            ada@example.com,city,,2025-02-01,nobody,FORMS\n";
        assert_eq!(counts(&import(&ann, file, options).await), [3, 1, 0, 0]);
        let found = ann.post("/objects/leads/search", json!({"query": "ada"})).await.status(200);
        let id = found.string("/results/0/id");
        assert_eq!(found.at("/results/0/properties/shoe_size"), "42");
        let lead = ann.get(&format!("/objects/leads/{id}?propertiesWithHistory=city")).await.status(200);
        let spans = lead.at("/propertiesWithHistory/city");
        assert_eq!((&spans[1]["value"], &spans[1]["source"], &spans[1]["actor"]["id"]), (&json!("Delft"), &json!("user"), &json!(ann.id)));
        assert_eq!((&spans[0]["value"], &spans[0]["source"]), (&Value::Null, &json!("import")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_found_by_their_key_and_links_by_their_titles() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let accounts = json!({"object": "accounts", "kind": "records", "mapping": [{"column": "account", "property": "name"}]});
        import(&ann, "account\nAcme Corporation\nBetatech\n", accounts).await;
        let deals = json!({"object": "deals", "kind": "records", "idProperty": "code", "dateFormat": "MM/DD/YYYY", "mapping": [
            {"column": "id", "property": "code", "createProperty": {"type": "text", "unique": true}},
            {"column": "account", "property": "account"},
            {"column": "product", "property": "product", "createProperty": {"type": "record", "targetObject": "products"}, "createRecord": true},
            {"column": "agent", "property": "owner"},
            {"column": "stage", "property": "stage"},
            {"column": "closed", "property": "close_date"},
            {"column": "value", "property": "amount"},
        ]});
        let file = "id,account,product,agent,stage,closed,value\n\
            1,acme corporation,GTX Pro,ann,Won,3/1/2017,\"1,054\"\n\
            2,Nobody,GTX Pro,,Lost,,\n\
            3,,GTX Pro,ann@example.com,Prospecting,,\n";
        let done = import(&ann, file, deals.clone()).await;
        assert_eq!(counts(&done), [3, 2, 0, 1]);
        let found = ann.post("/objects/deals/search", json!({"filterGroups": [{"filters": [{"property": "code", "operator": "EQ", "value": "1"}]}]})).await.status(200);
        let deal = found.at("/results/0/properties");
        assert_eq!((&deal["stage"], &deal["close_date"], &deal["owner"]), (&json!("won"), &json!("2017-03-01"), &json!(ann.id)));
        assert_eq!(deal["amount"], json!({"amount": "1054.00", "currency": "EUR"}));
        let products = ann.get("/objects/products/records").await.status(200);
        assert_eq!((products.at("/results/0/id"), products.at("/results/1")), (&deal["product"], &Value::Null));
        // The same deals again are changed, not made anew; an empty cell says nothing.
        let again = import(&ann, "id,account,product,agent,stage,closed,value\n1,,,,,,2000\n", deals).await;
        assert_eq!(counts(&again), [1, 0, 1, 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_counts_and_leaves_nothing() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let before = ann.get("/objects/leads/properties").await.status(200);
        let mut options = stage_history();
        options["dryRun"] = json!(true);
        let done = import(
            &ann,
            "case,activity,time\na,Mystery,2025-01-01\nb,new,never\n",
            options,
        )
        .await;
        assert_eq!(
            (counts(&done), done.at("/dryRun")),
            ([2, 1, 0, 1], &json!(true))
        );
        assert_eq!(
            ann.get("/objects/leads/records")
                .await
                .status(200)
                .at("/results"),
            &json!([])
        );
        assert_eq!(
            ann.get("/objects/leads/properties").await.status(200).json,
            before.json
        );
        assert_eq!(
            ann.get("/changes").await.status(200).at("/results"),
            &json!([])
        );
        ann.post(&format!("/imports/{}/undo", done.string("/id")), json!({}))
            .await
            .problem(409, "IMPORT_NOT_UNDOABLE");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_of_the_form_come_in_either_order_and_only_once() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await.once("a-key");
        let file = b"case,activity,time\na,new,2025-01-01\n";
        let first = upload(&ann, file, &stage_history(), false)
            .await
            .status(202);
        ended(&ann, &format!("/imports/{}", first.string("/id"))).await;
        let again = upload(&ann, file, &stage_history(), true).await.status(202);
        assert_eq!(again.string("/id"), first.string("/id"));
        upload(
            &ann,
            b"case,activity,time\nb,new,2025-01-01\n",
            &stage_history(),
            true,
        )
        .await
        .problem(422, "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(
            ann.get("/imports")
                .await
                .status(200)
                .at("/results")
                .as_array()
                .unwrap()
                .len(),
            1
        );
    })
    .await;
}
