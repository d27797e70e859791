//! Public data of the real world, where it is there: the figures that its README gives.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{counts, import};
use crate::{
    app::{TestApp, each_app},
    person::Person,
};

/// A file of the shared data; `None`, said aloud, where there is none.
fn shared(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("LEADLINE_SHARED_DATA").map(PathBuf::from);
    let folder = folder
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let file = std::fs::read(folder.join(name)).ok();
    if file.is_none() {
        eprintln!("skipped: the shared data has no {name}");
    }
    file
}

fn close(found: &Value, expected: f64) -> bool {
    found
        .as_f64()
        .is_some_and(|found| (found - expected).abs() < 0.000_002)
}

async fn snapshot(person: &Person, body: Value) -> Vec<(String, u64)> {
    let report = person.post("/reports/snapshot", body).await.status(200);
    let values = report.at("/values").as_array().unwrap();
    values
        .iter()
        .filter_map(|value| {
            Some((
                value["value"].as_str()?.to_owned(),
                value["count"].as_u64()?,
            ))
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn permit_requests_give_the_known_figures() {
    let Some(file) = shared("permit-requests/receipt.csv") else {
        return;
    };
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let options = json!({"object": "leads", "kind": "history", "mapping": [
            {"column": "case:concept:name", "property": "@key"}, {"column": "concept:name", "property": "stage"},
            {"column": "time:timestamp", "property": "@time"},
        ]});
        assert_eq!(counts(&import(&ann, &file, options).await), [8_577, 1_434, 0, 0]);
        let period = json!({"object": "leads", "property": "stage", "from": "2010-01-01T00:00:00Z", "to": "2013-01-01T00:00:00Z", "timeZone": "UTC"});
        let report = ann.post("/reports/time-in-value", merged(&period, json!({"basis": "closed"}))).await.status(200);
        let values = report.at("/values").as_array().unwrap();
        for (value, mean, median, p90) in [
            ("Confirmation of receipt", 76_016.778_686, 38.914_5, 7_405.125),
            ("T02 Check confirmation of receipt", 44_704.268_504, 30.36, 7_778.039_3),
            ("T05 Print and send confirmation of receipt", 259_341.633_044, 40.776_5, 852_442.591_5),
            ("T06 Determine necessity of stop advice", 44_947.043_415, 32.902_5, 611.842_8),
            ("T10 Determine necessity to stop indication", 208_583.007_013, 11_284.974, 523_852.686_8),
        ] {
            let found = values.iter().find(|found| found["value"] == value).unwrap();
            assert!(close(&found["meanSeconds"], mean) && close(&found["medianSeconds"], median) && close(&found["p90Seconds"], p90), "{found}");
        }
        let flow = ann.post("/reports/flow", period).await.status(200);
        let flows = flow.at("/flows").as_array().unwrap();
        for (from, to, count) in [("T04", "T05", 1_177), ("T06", "T10", 1_165), ("T02", "T04", 1_119), ("Confirmation", "T02", 1_079), ("T05", "T06", 791)] {
            let is_meant = |flow: &&Value| flow["from"].as_str().is_some_and(|value| value.starts_with(from)) && flow["to"].as_str().is_some_and(|value| value.starts_with(to));
            assert_eq!(flows.iter().find(is_meant).unwrap()["count"], count, "{from} {to}");
        }
        let mut then = snapshot(&ann, json!({"object": "leads", "property": "stage", "asOf": "2011-06-01T00:00:00Z", "timeZone": "UTC"})).await;
        then.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let largest: Vec<u64> = then.iter().map(|(_, count)| *count).collect();
        assert_eq!(largest, [333, 331, 59, 22, 6, 5, 3, 3, 2, 1, 1, 1, 1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_funnel_gives_its_cohorts_and_shows_who_was_won_too_early() {
    let (Some(leads), Some(deals)) = (
        shared("leads-funnel/marketing_qualified_leads.csv"),
        shared("leads-funnel/closed_deals.csv"),
    ) else {
        return;
    };
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let first = json!({"object": "leads", "kind": "history", "mapping": [
            {"column": "mql_id", "property": "@key"}, {"column": "first_contact_date", "property": "@time"}, {"value": "new", "property": "stage"},
            {"column": "origin", "property": "origin", "createProperty": true},
        ]});
        assert_eq!(counts(&import(&ann, &leads, first).await), [8_000, 8_000, 0, 0]);
        let second = json!({"object": "leads", "kind": "history", "mapping": [
            {"column": "mql_id", "property": "@key"}, {"column": "won_date", "property": "@time"}, {"value": "converted", "property": "stage"},
            {"column": "business_segment", "property": "segment", "createProperty": {"type": "select"}},
        ]});
        assert_eq!(counts(&import(&ann, &deals, second).await), [842, 0, 842, 0]);
        let report = ann.post("/reports/funnel", json!({
            "object": "leads", "property": "stage", "stages": ["new", "converted"], "basis": "cohort", "interval": "month",
            "from": "2017-01-01T00:00:00Z", "to": "2019-01-01T00:00:00Z", "timeZone": "UTC",
        })).await.status(200);
        let cohorts: Vec<u64> = report.at("/intervals").as_array().unwrap().iter().filter_map(|interval| interval["steps"][0]["reached"].as_u64()).filter(|count| *count > 0).collect();
        assert_eq!(cohorts, [4, 239, 386, 312, 416, 445, 200, 1_141, 1_028, 1_174, 1_352, 1_303], "{}", report.text);
        // One lead was won before it was contacted first: it is there, in the order of its times.
        let early = ann.post("/objects/leads/search", json!({"count": "exact", "limit": 1, "filterGroups": [{"filters": [
            {"property": "stage", "operator": "EQ", "value": "new"}, {"property": "stage", "operator": "EVER", "value": "converted"},
        ]}]})).await.status(200);
        assert_eq!(early.at("/total/value"), 1);
        let without_origin = json!({"count": "exact", "limit": 1, "filterGroups": [{"filters": [{"property": "origin", "operator": "NOT_HAS_PROPERTY"}]}]});
        assert_eq!(ann.post("/objects/leads/search", without_origin).await.status(200).at("/total/value"), 60);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_comes_with_its_accounts_and_products() {
    let (Some(accounts), Some(products), Some(deals)) = (
        shared("sales-pipeline/accounts.csv"),
        shared("sales-pipeline/products.csv"),
        shared("sales-pipeline/sales_pipeline.csv"),
    ) else {
        return;
    };
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        let columns = |pairs: &[(&str, &str)]| pairs.iter().map(|(column, property)| json!({"column": column, "property": property})).collect::<Vec<_>>();
        import(&ann, &accounts, json!({"object": "accounts", "kind": "records", "mapping": columns(&[("account", "name"), ("sector", "industry")])})).await;
        import(&ann, &products, json!({"object": "products", "kind": "records", "mapping": columns(&[("product", "name"), ("sales_price", "price")])})).await;
        let mut mapping = columns(&[("opportunity_id", "name"), ("account", "account"), ("deal_stage", "stage"), ("close_date", "close_date"), ("close_value", "amount")]);
        mapping.push(json!({"column": "product", "property": "product", "createProperty": {"type": "record", "targetObject": "products"}}));
        mapping.push(json!({"column": "sales_agent", "property": "agent", "createProperty": true}));
        let mut options = json!({"object": "deals", "kind": "records", "dateFormat": "MM/DD/YYYY", "idProperty": "name", "mapping": mapping});
        // GTXPro is no product: its rows are told.
        let rehearsed = import(&ann, &deals, merged(&options, json!({"dryRun": true}))).await;
        let [read, created, _, refused] = counts(&rehearsed);
        assert_eq!((read, created + refused), (8_800, 8_800));
        assert_eq!(refused, 1_480);
        // Or it is made, where the mapping says so.
        options["mapping"][5]["createRecord"] = json!(true);
        assert_eq!(counts(&import(&ann, &deals, options).await), [8_800, 8_800, 0, 0]);
        let mut stages = snapshot(&ann, json!({"object": "deals", "property": "stage", "timeZone": "UTC"})).await;
        stages.sort();
        assert_eq!(stages, [("engaging", 1_589), ("lost", 2_473), ("prospecting", 500), ("won", 4_238)].map(|(value, count)| (value.to_owned(), count)));
        let without_account = json!({"count": "exact", "limit": 1, "filterGroups": [{"filters": [{"property": "account", "operator": "NOT_HAS_PROPERTY"}]}]});
        assert_eq!(ann.post("/objects/deals/search", without_account).await.status(200).at("/total/value"), 1_425);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_of_other_systems_load_by_their_ready_made_mappings() {
    each_app(async |app: TestApp| {
        let ann = app.signup("ann").await;
        for (file, object, format, rows, created, updated) in [
            (
                "hubspot_contact_property_history_data",
                "contacts",
                "hubspot-history",
                100,
                97,
                0,
            ),
            (
                "hubspot_company_property_history_data",
                "accounts",
                "hubspot-history",
                100,
                43,
                0,
            ),
            (
                "hubspot_deal_property_history_data",
                "deals",
                "hubspot-history",
                100,
                96,
                0,
            ),
            (
                "salesforce_account_history",
                "accounts",
                "salesforce-history",
                10,
                10,
                0,
            ),
            (
                "salesforce_opportunity_history",
                "deals",
                "salesforce-history",
                10,
                10,
                0,
            ),
            (
                "salesforce_contact_history",
                "contacts",
                "salesforce-history",
                4,
                4,
                0,
            ),
        ] {
            let Some(bytes) = shared(&format!("vendor-exports/{file}.csv")) else {
                return;
            };
            let done = import(&ann, bytes, json!({"object": object, "format": format})).await;
            assert_eq!(
                counts(&done),
                [rows, created, updated, 0],
                "{file}: {}",
                done.text
            );
        }
        let Some(bytes) = shared("vendor-exports/hubspot_deal_stage_data.csv") else {
            return;
        };
        let done = import(
            &ann,
            bytes,
            json!({"object": "deals", "format": "hubspot-history"}),
        )
        .await;
        assert_eq!(
            (done.at("/rowsRead"), done.at("/refused")),
            (&json!(14), &json!(0)),
            "{}",
            done.text
        );
    })
    .await;
}

fn merged(one: &Value, other: Value) -> Value {
    let mut all = one.as_object().unwrap().clone();
    all.extend(other.as_object().unwrap().clone());
    Value::Object(all)
}
