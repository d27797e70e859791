//! Timelines: whether they were loaded from the ledger, from files, or are read in parts, the answers are the same.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{
    app::{TestApp, each_app},
    person::Person,
};

const STAGES: [&str; 5] = ["new", "contacted", "qualified", "converted", "disqualified"];

/// Numbers that look random and are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}

/// Leads that move, and contacts that link to them.
async fn write(ann: &Person, numbers: &mut Numbers, leads: &mut Vec<String>) {
    for n in 0..9 {
        let day = 1 + numbers.below(20);
        let name = ["Ada", "Böhm", "Žofie"][numbers.below(3)];
        let city = ["Paris", "Łódź", "paris"][numbers.below(3)];
        let body = json!({"validFrom": format!("2025-01-{day:02}T08:00:00Z"), "properties": {
            "name": format!("Lead {n} {name}"), "city": city,
            "amount": {"amount": format!("{}.50", numbers.below(900)), "currency": "EUR"},
        }});
        let lead = ann.post("/objects/leads", body).await.status(201);
        let contact = json!({"properties": {"last_name": format!("Contact {n}"), "lead": lead.string("/id")}});
        ann.post("/objects/contacts", contact).await.status(201);
        leads.push(lead.path());
    }
    for lead in &*leads {
        let stage = STAGES[numbers.below(STAGES.len())];
        let country = ["NL", "PL"][numbers.below(2)];
        let change = json!({"properties": {"stage": stage, "country": country}});
        // One that is archived stays as it is.
        ann.patch(lead, change).await;
    }
    let gone = &leads[numbers.below(leads.len())];
    ann.delete(gone).await;
    ann.post(&format!("{gone}/unarchive"), json!({})).await;
    ann.delete(&leads[0]).await;
}

/// What is asked: lists and words, now and then, through links, and every report.
fn questions() -> Vec<(String, Value)> {
    let filters = [
        json!({"property": "stage", "operator": "NEQ", "value": "new"}),
        json!({"property": "stage", "operator": "EVER", "value": "qualified"}),
        json!({"property": "stage", "operator": "WAS", "value": "new", "at": "2025-01-15T00:00:00Z"}),
        json!({"property": "stage", "operator": "CHANGE_COUNT", "gte": 2}),
        json!({"property": "city", "operator": "EQ", "value": "PARIS"}),
        json!({"property": "amount", "operator": "GT", "value": {"amount": "300", "currency": "EUR"}}),
        json!({"property": "archived", "operator": "EQ", "value": true}),
        json!({"property": "created_by", "operator": "HAS_PROPERTY"}),
    ];
    let mut asked = Vec::new();
    let mut search = |object: &str, more: Value| {
        let mut body = json!({"limit": 7, "count": "exact"});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        asked.push((format!("/objects/{object}/search"), body));
    };
    for filter in filters {
        let groups = json!([{"filters": [filter]}]);
        let sorts = json!([{"property": "city", "direction": "desc"}, {"property": "amount", "direction": "asc"}]);
        search("leads", json!({"filterGroups": groups}));
        search(
            "leads",
            json!({"filterGroups": groups, "sorts": sorts, "asOf": "2025-01-12T00:00:00Z"}),
        );
    }
    search("leads", json!({"query": "bohm lead"}));
    let of_linked = json!([{"filters": [{"property": "lead.stage", "operator": "NEVER", "value": "converted"}]}]);
    search(
        "contacts",
        json!({"filterGroups": of_linked, "sorts": [{"property": "lead.city", "direction": "asc"}]}),
    );
    let stages = json!(["new", "contacted", "qualified"]);
    for (kind, more) in [
        ("time-in-value", json!({"basis": "all"})),
        (
            "time-in-value",
            json!({"basis": "closed", "clock": "working", "groupBy": "city"}),
        ),
        ("funnel", json!({"interval": "month", "stages": stages})),
        (
            "funnel",
            json!({"basis": "period", "skipped": "drop", "stages": stages}),
        ),
        ("flow", json!({"excludeSources": ["import"]})),
        ("cohort", json!({"interval": "week", "stages": stages})),
        ("trend", json!({"interval": "week", "groupBy": "country"})),
        (
            "snapshot",
            json!({"from": null, "to": null, "asOf": "2025-01-20T00:00:00Z"}),
        ),
        ("diff", json!({"from": "2025-01-10", "to": "2026-02-01"})),
    ] {
        let mut body = json!({"object": "leads", "property": "stage", "from": "2025-01-01", "to": "2026-03-01", "timeZone": "Europe/Warsaw"});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        asked.push((format!("/reports/{kind}"), body));
    }
    asked
}

async fn answers(ann: &Person) -> Vec<Value> {
    let mut answers = Vec::new();
    for (path, body) in questions() {
        let answer = ann.post(&path, body.clone()).await.status(200);
        answers.push(json!([path, body, answer.json]));
    }
    answers.push(ann.get("/search?q=lead").await.status(200).json);
    answers
}

/// The answers from the ledger alone.
async fn truth(app: &mut TestApp, ann: &Person) -> Vec<Value> {
    app.restart_with(|config| config.timeline_memory_mb = Some(0))
        .await;
    let answers = answers(ann).await;
    app.restart_with(|config| config.timeline_memory_mb = None)
        .await;
    answers
}

/// A server that keeps timelines in files, and somebody who owns its workspace.
async fn with_files(app: &mut TestApp, folder: &Path) -> Person {
    app.restart_with(|config| {
        config.timeline_snapshot_records = 1;
        if config.database_url.is_some() {
            config.data = folder.to_owned();
        }
    })
    .await;
    app.signup("ann").await
}

fn files(data: &Path) -> Vec<PathBuf> {
    let mut folders = vec![data.join("timelines")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// How many loads of columns came from there.
async fn loads_from(ann: &Person, source: &str) -> f64 {
    let name = format!("leadline_timeline_load_seconds_count{{source=\"{source}\"}}");
    metric(ann, &name).await
}

#[tokio::test]
async fn timelines_from_files_answer_as_those_from_the_ledger() {
    each_app(async |mut app| {
        let folder = tempfile::tempdir().unwrap();
        let ann = with_files(&mut app, folder.path()).await;
        let (mut numbers, mut leads) = (Numbers(7), Vec::new());
        write(&ann, &mut numbers, &mut leads).await;
        let before = answers(&ann).await;

        app.restart().await;
        let from_ledger = loads_from(&ann, "ledger").await;
        assert_eq!(answers(&ann).await, before);
        // Accounts, deals and products have no records, and so no files.
        assert_eq!(loads_from(&ann, "ledger").await, from_ledger + 3.0);
        assert!(loads_from(&ann, "snapshot").await > 0.0);

        write(&ann, &mut numbers, &mut leads).await;
        let after = answers(&ann).await;
        assert_ne!(after, before);
        app.restart().await;
        write(&ann, &mut numbers, &mut leads).await;
        let from_files = answers(&ann).await;
        assert_eq!(from_files, truth(&mut app, &ann).await);
    })
    .await;
}

#[tokio::test]
async fn damaged_and_deleted_files_are_ignored() {
    each_app(async |mut app| {
        let folder = tempfile::tempdir().unwrap();
        let ann = with_files(&mut app, folder.path()).await;
        let (mut numbers, mut leads) = (Numbers(11), Vec::new());
        write(&ann, &mut numbers, &mut leads).await;
        let right = answers(&ann).await;
        for round in 0..6 {
            app.restart_after(|config| {
                let files = files(&config.data);
                assert!(files.len() > 8, "{files:?}");
                for file in files {
                    let mut bytes = std::fs::read(&file).unwrap();
                    match round {
                        0 => bytes.truncate(numbers.below(bytes.len())),
                        1 => {
                            return std::fs::remove_dir_all(config.data.join("timelines")).unwrap();
                        }
                        _ => {
                            let place = numbers.below(bytes.len());
                            bytes[place] ^= 1 << numbers.below(8);
                        }
                    }
                    std::fs::write(&file, bytes).unwrap();
                }
            })
            .await;
            let from_files = loads_from(&ann, "snapshot").await;
            assert_eq!(answers(&ann).await, right);
            assert_eq!(loads_from(&ann, "snapshot").await, from_files);
        }
    })
    .await;
}

#[tokio::test]
async fn files_of_a_history_that_was_taken_back_are_ignored() {
    let mut app = TestApp::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let ann = with_files(&mut app, folder.path()).await;
    let (mut numbers, mut leads) = (Numbers(13), Vec::new());
    write(&ann, &mut numbers, &mut leads).await;
    let copy = folder.path().join("copy");
    app.restart_after(|config| {
        std::fs::copy(config.data.join("leadline.db"), &copy).unwrap();
    })
    .await;
    let known = leads.clone();
    write(&ann, &mut numbers, &mut leads).await;
    let taken_back = answers(&ann).await;
    app.restart_after(|config| {
        let database = config.data.join("leadline.db");
        std::fs::copy(&copy, &database).unwrap();
        for end in ["-wal", "-shm"] {
            let _there_may_be_none = std::fs::remove_file(format!("{}{end}", database.display()));
        }
    })
    .await;
    // As many changes as were taken back, and some more: the same numbers stand for other changes now.
    let mut leads = known;
    write(&ann, &mut Numbers(17), &mut leads).await;
    write(&ann, &mut Numbers(19), &mut leads).await;
    let now = answers(&ann).await;
    assert_ne!(now, taken_back);
    assert_eq!(now, truth(&mut app, &ann).await);
}

#[tokio::test]
async fn memory_is_bounded_and_answers_stay_right() {
    each_app(async |mut app| {
        app.restart_with(|config| config.timeline_memory_mb = Some(1))
            .await;
        let ann = app.signup("ann").await;
        let texts = ["name", "company", "city", "country", "email"];
        for batch in 0..4 {
            let inputs: Vec<Value> = (0..1_000)
                .map(|n| {
                    let text = |name: &str| match name {
                        "email" => format!("{batch}.{n}@example.com"),
                        _ => format!("the {name} of number {batch}.{n}"),
                    };
                    json!({"properties": texts.iter().map(|name| (*name, text(name))).collect::<std::collections::HashMap<_, _>>()})
                })
                .collect();
            let created = ann.post("/objects/leads/batch/create", json!({"inputs": inputs}));
            created.await.status(207);
        }
        for round in 0..3 {
            for (place, name) in texts.into_iter().enumerate() {
                let needle = format!(".{}{place}", 20 + round);
                let filter = json!({"property": name, "operator": "CONTAINS", "value": needle});
                let body = json!({"filterGroups": [{"filters": [filter]}], "limit": 1});
                let found = ann.post("/objects/leads/search", body).await.status(200);
                assert_eq!(found.number("/total/value"), 4, "{name} {needle}");
            }
            assert!(metric(&ann, "leadline_timeline_bytes").await <= f64::from(1 << 20));
        }
        assert!(metric(&ann, "leadline_timeline_columns_given_up_total").await > 0.0);
        let all = json!({"query": "number 3.777", "limit": 3});
        let found = ann.post("/objects/leads/search", all).await.status(200);
        assert_eq!(found.number("/total/value"), 1);
        assert!(metric(&ann, "leadline_timeline_streamed_questions_total").await > 0.0);
    })
    .await;
}

async fn metric(ann: &Person, name: &str) -> f64 {
    let metrics = ann.open("//metrics").await.text().await.unwrap();
    let line = metrics.lines().find_map(|line| line.strip_prefix(name));
    line.map_or(0.0, |value| value.trim().parse().unwrap())
}
