//! Reports: figures over history, and the records behind each of them.

use serde_json::{Value, json};

use crate::{app::each_app_and_without_room, person::Person};

/// Five leads with a past: two go through the stages, one goes back, one is lost and archived, one stays.
async fn leads_with_a_past(ann: &Person) {
    let pasts: [(&str, &[(&str, &str)]); 5] = [
        (
            "Ada",
            &[
                ("contacted", "2025-01-10"),
                ("qualified", "2025-02-01"),
                ("converted", "2025-03-15"),
            ],
        ),
        (
            "Bela",
            &[
                ("contacted", "2025-01-20"),
                ("new", "2025-02-10"),
                ("contacted", "2025-02-20"),
            ],
        ),
        ("Cleo", &[("qualified", "2025-02-05")]),
        ("Dora", &[("disqualified", "2025-01-30")]),
        ("Enzo", &[]),
    ];
    for (index, (name, moves)) in pasts.into_iter().enumerate() {
        let created = format!("2025-01-0{}T09:00:00Z", index + 1);
        let amount = json!({"amount": format!("{}00.50", index + 1), "currency": "EUR"});
        let city = ["Paris", "paris", "Pärîs", "Łódź", "Straße"][index];
        let body = json!({"properties": {"name": name, "amount": amount, "city": city}, "validFrom": created});
        let lead = ann.post("/objects/leads", body).await.status(201);
        for (stage, day) in moves {
            let body =
                json!({"properties": {"stage": stage}, "validFrom": format!("{day}T12:00:00Z")});
            ann.patch(&lead.path(), body).await.status(200);
        }
        if name == "Dora" {
            ann.delete(&lead.path()).await.status(204);
        }
    }
}

fn asked(more: Value) -> Value {
    let mut body = json!({"object": "leads", "property": "stage", "from": "2025-01-01", "to": "2025-07-01", "timeZone": "UTC"});
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}

#[tokio::test]
async fn the_figures_of_a_small_past_are_right() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        leads_with_a_past(&ann).await;

        let flow = ann.post("/reports/flow", asked(json!({}))).await.status(200);
        let count = |from: Value, to: &str| {
            let flows = flow.json["flows"].as_array().unwrap();
            let found = flows.iter().find(|flow| flow["from"] == from && flow["to"] == to);
            found.map_or(0, |flow| flow["count"].as_u64().unwrap())
        };
        assert_eq!([count(Value::Null, "new"), count("new".into(), "contacted"), count("contacted".into(), "new")], [5, 3, 1]);

        let funnel = ann.post("/reports/funnel", asked(json!({"stages": ["new", "contacted", "qualified", "converted"]}))).await.status(200);
        let reached: Vec<u64> = funnel.json["steps"].as_array().unwrap().iter().map(|step| step["reached"].as_u64().unwrap()).collect();
        assert_eq!(reached, [5, 3, 2, 1]);

        let snapshot = ann.post("/reports/snapshot", json!({"object": "leads", "property": "stage", "asOf": "2025-02-01T00:00:00Z"})).await.status(200);
        assert_eq!(snapshot.json["values"][0], json!({
            "value": "new", "count": 2, "sums": {"amount": [{"amount": "801.00", "currency": "EUR"}]}, "asOf": "2025-02-01T00:00:00Z",
            "filterGroups": [{"filters": [{"property": "stage", "operator": "EQ", "value": "new"}]}],
        }));

        let trend = ann.post("/reports/trend", asked(json!({"to": "2025-03-01", "interval": "month"}))).await.status(200);
        assert_eq!(trend.json["intervals"][1]["counts"], json!({"new": 1, "contacted": 1, "qualified": 2, "disqualified": 1}));
    })
    .await;
}

#[tokio::test]
async fn every_figure_leads_to_exactly_its_records() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        leads_with_a_past(&ann).await;
        let mut followed = 0;
        let reports = [
            ("time-in-value", json!({"basis": "closed"})),
            ("time-in-value", json!({"basis": "all", "groupBy": "name"})),
            ("funnel", json!({"interval": "month"})),
            ("funnel", json!({"basis": "period", "skipped": "drop"})),
            ("flow", json!({"excludeSources": ["import"]})),
            ("cohort", json!({"interval": "month"})),
            ("trend", json!({"interval": "month"})),
            ("trend", json!({"interval": "month", "property": "city"})),
            // The filter's own moment is the first interval's end, and stays in the filters of the others.
            (
                "trend",
                json!({"interval": "month", "filterGroups": [
                    {"filters": [{"property": "stage", "operator": "WAS", "value": "new", "at": "2025-02-01T00:00:00Z"}]},
                    {"filters": [{"property": "stage", "operator": "WAS", "value": "contacted", "at": "2025-02-01T00:00:00Z"}]},
                ]}),
            ),
            ("snapshot", json!({"from": null, "to": null})),
            ("snapshot", json!({"property": "city", "groupBy": "city"})),
            ("trend", json!({"property": "city", "groupBy": "stage"})),
            ("flow", json!({"property": "city"})),
            (
                "time-in-value",
                json!({"property": "city", "basis": "all", "to": "2027-01-01"}),
            ),
            ("diff", json!({"from": "2025-01-15", "to": "2025-03-01"})),
        ];
        for (kind, more) in reports {
            let report = ann
                .post(&format!("/reports/{kind}"), asked(more))
                .await
                .status(200);
            let mut parts = vec![&report.json];
            while let Some(part) = parts.pop() {
                match part {
                    Value::Array(items) => parts.extend(items),
                    Value::Object(fields) => {
                        parts.extend(fields.values());
                        followed += follow(&ann, kind, part).await;
                    }
                    _ => {}
                }
            }
        }
        assert!(followed > 80, "only {followed} figures were followed");
    })
    .await;
}

/// Asks for the records behind a cell's figures, and compares how many there are.
async fn follow(ann: &Person, kind: &str, cell: &Value) -> usize {
    let figure = match kind {
        "time-in-value" | "flow" => "records",
        "snapshot" | "diff" => "count",
        _ => "reached",
    };
    let figures = [
        ("filterGroups", &cell[figure]),
        ("convertedFilterGroups", &cell["converted"]),
        ("openFilterGroups", &cell["openVisits"]),
    ];
    let named = [
        ("enteredRecords", &cell["entered"]),
        ("leftRecords", &cell["left"]),
        ("movedRecords", &cell["moved"]),
    ];
    let mut filters: Vec<(&Value, u64)> = figures
        .iter()
        .filter_map(|(key, figure)| Some((cell.get(*key)?, figure.as_u64()?)))
        .collect();
    filters.extend(named.iter().filter_map(|(key, figure)| {
        Some((cell.get(*key)?.get("filterGroups")?, figure.as_u64()?))
    }));
    if let (Some(counts), Some(cells)) = (cell.get("counts"), cell.get("cells")) {
        for (value, count) in counts.as_object().unwrap() {
            filters.push((&cells[value]["filterGroups"], count.as_u64().unwrap()));
        }
    }
    let count = filters.len();
    for (filter_groups, expected) in filters {
        let body =
            json!({"filterGroups": filter_groups, "count": "exact", "asOf": cell.get("asOf")});
        let found = ann.post("/objects/leads/search", body).await.status(200);
        assert_eq!(
            found.json["total"]["value"],
            json!(expected),
            "{kind}: {cell}"
        );
    }
    count
}

#[tokio::test]
async fn open_visits_are_those_that_have_not_ended_and_all_are_measured_up_to_the_end() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        leads_with_a_past(&ann).await;
        let body = asked(json!({"basis": "all", "to": "2025-01-15", "filterGroups": [{"filters": [{"property": "name", "operator": "IN", "values": ["Ada", "Enzo"]}]}]}));
        let report = ann.post("/reports/time-in-value", body).await.status(200);
        // Both were new by then, and Ada has left since.
        let figures = |value: &str| {
            let found = report.list("/values").iter().find(|cell| cell["value"] == value).unwrap();
            (found["visits"].as_u64().unwrap(), found["openVisits"].as_u64().unwrap())
        };
        assert_eq!((figures("new"), figures("contacted")), ((2, 1), (1, 0)));
        let contacted = report.list("/values").iter().find(|cell| cell["value"] == "contacted").unwrap();
        assert_eq!(contacted["meanSeconds"], json!(4.5 * 86_400.0));
    })
    .await;
}

#[tokio::test]
async fn a_report_refuses_what_only_others_take_and_what_cannot_be_read() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"object": "leads", "property": "stage", "from": "x", "to": "y", "timeZone": "Mars/Olympus", "stages": ["zz"], "interval": "never"});
        let refused = ann.post("/reports/snapshot", body).await.status(422);
        let mut errors = refused.errors();
        errors.sort_unstable();
        let expected = [
            ("/from", "INVALID_TIME"), ("/interval", "UNKNOWN_FIELD"), ("/stages", "UNKNOWN_FIELD"), ("/timeZone", "INVALID_TIME_ZONE"), ("/to", "INVALID_TIME"),
        ];
        let found: Vec<(&str, &str)> = errors.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
        assert_eq!(found, expected);
        let late = json!([{"filters": [{"property": "stage", "operator": "WAS", "value": "new", "at": "2999-01-01T00:00:00Z"}]}]);
        let places = [("/filterGroups/0/filters/0/at".to_owned(), "TIME_IN_FUTURE".to_owned())];
        let refused = ann.post("/objects/leads/search", json!({"filterGroups": late})).await.status(422);
        assert_eq!(refused.errors(), places);
        let refused = ann.post("/reports/flow", asked(json!({"filterGroups": late}))).await.status(422);
        assert_eq!(refused.errors(), places);
    })
    .await;
}

#[tokio::test]
async fn letters_that_people_type_plainly_are_found_and_exact_texts_are_told_apart() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        leads_with_a_past(&ann).await;
        let count = async |body: Value| {
            ann.post("/objects/leads/search", body)
                .await
                .status(200)
                .list("/results")
                .len()
        };
        let filter = |operator: &str, value: &str, exact: bool| {
            let mut filter = json!({"property": "city", "operator": operator, "value": value});
            if exact {
                filter["exact"] = json!(true);
            }
            json!({"filterGroups": [{"filters": [filter]}]})
        };
        assert_eq!(count(filter("EQ", "STRASSE", false)).await, 1);
        assert_eq!(count(filter("CONTAINS", "rasse", false)).await, 1);
        assert_eq!(count(json!({"query": "strasse"})).await, 1);
        assert_eq!(count(filter("EQ", "paris", false)).await, 3);
        assert_eq!(count(filter("EQ", "paris", true)).await, 1);
        assert_eq!(count(filter("EVER", "Pärîs", true)).await, 1);
        assert_eq!(count(filter("NEVER", "paris", true)).await, 3);
    })
    .await;
}

#[tokio::test]
async fn what_a_report_does_not_know_is_refused_all_at_once() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({
            "object": "leads", "property": "colour", "from": "soon", "to": "2025-07-01", "timeZone": "Mars/Olympus", "groupBy": "size",
            "excludeSources": ["rumour"], "basis": "sometimes", "interval": "fortnight",
        });
        let refused = ann.post("/reports/trend", body).await.status(422);
        let mut places: Vec<&str> = refused.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        places.sort_unstable();
        assert_eq!(places, ["/basis", "/excludeSources/0", "/from", "/groupBy", "/interval", "/property", "/timeZone"]);
        ann.post("/reports/flow", json!({"object": "nothing", "property": "stage"})).await.status(404);
    })
    .await;
}
