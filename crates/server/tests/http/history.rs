//! What was true when, since when it is known, and how the past is put right.

use serde_json::{Value, json};

use crate::{
    app::{at, each_app},
    person::Answer,
};

fn spans(answer: &Answer, property: &str) -> Vec<(Value, Value, Value)> {
    let list = answer
        .list(&format!("/propertiesWithHistory/{property}"))
        .iter();
    list.map(|span| {
        (
            span["value"].clone(),
            span["validFrom"].clone(),
            span["validTo"].clone(),
        )
    })
    .collect()
}

#[tokio::test]
async fn every_value_has_its_span() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "a"}}))
            .await
            .status(201)
            .path();
        app.clock.step_seconds(90);
        ann.patch(
            &lead,
            json!({"properties": {"stage": "contacted", "name": "a"}}),
        )
        .await
        .status(200);
        app.clock.step_seconds(30);
        let shown = ann
            .get(&format!("{lead}?propertiesWithHistory=stage,name,phone"))
            .await
            .status(200);
        assert_eq!(
            spans(&shown, "stage"),
            [
                (
                    json!("contacted"),
                    json!("2026-03-01T09:01:30Z"),
                    Value::Null
                ),
                (
                    json!("new"),
                    json!("2026-03-01T09:00:00Z"),
                    json!("2026-03-01T09:01:30Z")
                ),
            ]
        );
        assert_eq!(
            shown.at("/propertiesWithHistory/stage/0/durationSeconds"),
            &json!(30.0)
        );
        assert_eq!(
            shown.at("/propertiesWithHistory/stage/1/durationSeconds"),
            &json!(90.0)
        );
        assert_eq!(
            shown.string("/propertiesWithHistory/stage/0/actor/id"),
            ann.id
        );
        assert_eq!(spans(&shown, "name").len(), 1);
        assert_eq!(spans(&shown, "phone").len(), 0);
        let history = ann.get(&format!("{lead}/history")).await.status(200);
        assert_eq!(
            history.at("/results/0/changes"),
            &json!([{"property": "stage", "from": "new", "to": "contacted"}])
        );
        assert_eq!(
            history.string("/results/0/id"),
            shown.string("/propertiesWithHistory/stage/0/changeSet")
        );
        let names = ann
            .get(&format!("{lead}/history?property=name"))
            .await
            .status(200);
        assert_eq!(names.list("/results").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn as_of_shows_the_version_of_the_moment_and_the_etag_is_the_present_one() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"name": "a"}, "validFrom": "2026-01-01T00:00:00Z"});
        let lead = ann.post("/objects/leads", body).await.status(201).path();
        app.clock.step_seconds(60);
        let body = json!({"properties": {"city": "Delft"}, "validFrom": "2026-01-03T00:00:00Z"});
        ann.patch(&lead, body).await.status(200);
        app.clock.step_seconds(60);
        // A correction that leaves no value of its own.
        let set = json!([{"value": "b", "validFrom": "2026-01-02T00:00:00Z", "validTo": "2026-01-02T12:00:00Z"}]);
        ann.post(&format!("{lead}/corrections"), json!({"property": "name", "set": set})).await.status(200);
        let set = json!([{"value": "a", "validFrom": "2026-01-02T00:00:00Z", "validTo": "2026-01-02T12:00:00Z"}]);
        ann.post(&format!("{lead}/corrections"), json!({"property": "name", "set": set})).await.status(200);
        app.clock.step_seconds(60);
        ann.patch(&lead, json!({"properties": {"city": "Gouda"}})).await.status(200);
        let id = lead.rsplit_once('/').unwrap().1;
        let cases = [("2026-01-01T12:00:00Z", 1, "2026-03-01T09:00:00Z"), ("2026-01-02T00:00:00Z", 4, "2026-03-01T09:02:00.000001Z"), (&app.now(), 5, "2026-03-01T09:03:00Z")];
        for (time, version, updated_at) in cases {
            let shown = ann.get(&format!("{lead}?asOf={time}")).await.status(200);
            assert_eq!((shown.number("/version"), shown.string("/updatedAt")), (version, updated_at.into()), "{time}");
            assert_eq!(shown.header("etag"), "\"5\"");
            let list = ann.get(&format!("/objects/leads/records?asOf={time}")).await.status(200);
            let found = ann.post("/objects/leads/search", json!({"asOf": time})).await.status(200);
            let read = ann.post("/objects/leads/batch/read", json!({"inputs": [{"id": id}], "asOf": time})).await;
            for answer in [list, found, read] {
                assert_eq!((answer.number("/results/0/version"), answer.string("/results/0/updatedAt")), (version, updated_at.into()), "{time}: {}", answer.text);
            }
        }
        let known = ann.get(&format!("{lead}?asOf=2026-01-02T06:00:00Z&recordedAsOf=2026-03-01T09:01:30Z")).await.status(200);
        assert_eq!(known.number("/version"), 1);
    })
    .await;
}

#[tokio::test]
async fn corrections_whose_intervals_overlap_are_refused() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"name": "a"}, "validFrom": "2026-01-01T00:00:00Z"});
        let lead = ann.post("/objects/leads", body).await.status(201).path();
        let correct = async |set: Value| {
            ann.post(&format!("{lead}/corrections"), json!({"property": "city", "set": set})).await
        };
        let refused = correct(json!([
            {"value": "Delft", "validFrom": "2026-01-02T00:00:00Z", "validTo": "2026-01-05T00:00:00Z"},
            {"value": "Gouda", "validFrom": "2026-01-04T00:00:00Z"},
        ]))
        .await
        .status(422);
        assert_eq!(refused.errors(), [("/set/1".into(), "OVERLAPPING_INTERVALS".into())]);
        assert_eq!(ann.get(&lead).await.number("/version"), 1);
        correct(json!([
            {"value": "Gouda", "validFrom": "2026-01-04T00:00:00Z"},
            {"value": "Delft", "validFrom": "2026-01-02T00:00:00Z", "validTo": "2026-01-04T00:00:00Z"},
        ]))
        .await
        .status(200);
        // One without an end lasts until the next.
        let set = json!([
            {"value": "Delft", "validFrom": "2026-01-02T00:00:00Z"},
            {"value": "Leiden", "validFrom": "2026-01-03T00:00:00Z", "validTo": "2026-01-04T00:00:00Z"},
        ]);
        correct(set).await.status(200);
        let shown = ann.get(&format!("{lead}?propertiesWithHistory=city")).await.status(200);
        let values: Vec<Value> = spans(&shown, "city").into_iter().map(|(value, ..)| value).collect();
        assert_eq!(values, ["Gouda", "Leiden", "Delft"]);
    })
    .await;
}

#[tokio::test]
async fn as_of_shows_the_moment_and_nothing_later() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "a"}}))
            .await
            .status(201)
            .path();
        app.clock.step_seconds(60);
        ann.patch(&lead, json!({"properties": {"name": "b"}}))
            .await
            .status(200);
        app.clock.step_seconds(60);
        let at = async |time: &str| {
            ann.get(&format!("{lead}?propertiesWithHistory=name&asOf={time}"))
                .await
        };
        at("2026-03-01T08:59:59.999999Z")
            .await
            .problem(404, "NOT_FOUND");
        let first = at("2026-03-01T09:00:59.999999Z").await.status(200);
        assert_eq!(first.string("/properties/name"), "a");
        assert_eq!(first.string("/asOf"), "2026-03-01T09:00:59.999999Z");
        assert_eq!(
            spans(&first, "name"),
            [(json!("a"), json!("2026-03-01T09:00:00Z"), Value::Null)]
        );
        assert_eq!(
            at("2026-03-01T09:01:00Z").await.string("/properties/name"),
            "b"
        );
        assert_eq!(
            at("2026-03-01T11:01:00%2B02:00")
                .await
                .string("/properties/name"),
            "b"
        );
        at("2026-03-01T09:02:00.000001Z")
            .await
            .problem(422, "TIME_IN_FUTURE");
        let history = ann
            .get(&format!("{lead}/history?asOf=2026-03-01T09:00:30Z"))
            .await
            .status(200);
        assert_eq!(history.list("/results").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_past_valid_from_is_accepted_after_the_last_change_only() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"name": "a"}, "validFrom": "2026-02-01T00:00:00Z"});
        let lead = ann.post("/objects/leads", body).await.status(201);
        assert_eq!(lead.string("/createdAt"), "2026-02-01T00:00:00Z");
        let lead = lead.path();
        let set = async |name: &str, from: &str| {
            ann.patch(
                &lead,
                json!({"properties": {"name": name}, "validFrom": from}),
            )
            .await
        };
        set("b", "2026-02-10T00:00:00Z").await.status(200);
        let refused = set("c", "2026-02-10T00:00:00Z")
            .await
            .problem(409, "VALID_FROM_BEFORE_LAST_CHANGE");
        assert!(refused.text.contains("corrections"));
        set("c", "2026-02-05T00:00:00Z")
            .await
            .problem(409, "VALID_FROM_BEFORE_LAST_CHANGE");
        set("c", "2026-03-02T00:00:00Z")
            .await
            .problem(422, "TIME_IN_FUTURE");
        ann.patch(
            &lead,
            json!({"properties": {"city": "Rome"}, "validFrom": "2026-02-05T00:00:00Z"}),
        )
        .await
        .status(200);
        let then = ann
            .get(&format!("{lead}?asOf=2026-02-07T00:00:00Z"))
            .await
            .status(200);
        assert_eq!(
            (
                then.string("/properties/name"),
                then.string("/properties/city")
            ),
            ("a".into(), "Rome".into())
        );
        assert_eq!(ann.get(&lead).await.number("/version"), 3);
    })
    .await;
}

#[tokio::test]
async fn a_correction_puts_the_past_right_and_keeps_what_was_believed() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann.post("/objects/leads", json!({"properties": {}})).await.status(201).path();
        app.clock.step_seconds(3_600);
        ann.patch(&lead, json!({"properties": {"stage": "qualified"}})).await.status(200);
        app.clock.step_seconds(3_600);
        let body = json!({"property": "stage", "reason": "told on the phone",
            "set": [{"value": "contacted", "validFrom": "2026-03-01T09:20:00Z", "validTo": "2026-03-01T09:40:00Z"}]});
        let corrected = ann.post(&format!("{lead}/corrections"), body.clone()).await.status(200);
        assert_eq!((corrected.number("/version"), corrected.string("/properties/stage")), (3, "qualified".into()));
        let shown = ann.get(&format!("{lead}?propertiesWithHistory=stage")).await.status(200);
        let values: Vec<Value> = spans(&shown, "stage").into_iter().map(|(value, ..)| value).collect();
        assert_eq!(values, [json!("qualified"), json!("new"), json!("contacted"), json!("new")]);
        let then = ann.get(&format!("{lead}?asOf=2026-03-01T09:30:00Z")).await;
        assert_eq!(then.string("/properties/stage"), "contacted");
        let believed = ann.get(&format!("{lead}?asOf=2026-03-01T09:30:00Z&recordedAsOf=2026-03-01T10:59:59Z")).await.status(200);
        assert_eq!(believed.string("/properties/stage"), "new");
        let history = ann.get(&format!("{lead}/history")).await;
        assert_eq!(history.string("/results/0/reason"), "told on the phone");
        // Stated once more, it is known already.
        let again = ann.post(&format!("{lead}/corrections"), body).await.status(200);
        assert_eq!(again.number("/version"), 3);
        let nonsense = json!({"property": "stage", "set": [{"value": "new", "validFrom": "2026-03-01T09:20:00Z", "validTo": "2026-03-01T09:20:00Z"}]});
        ann.post(&format!("{lead}/corrections"), nonsense).await.problem(422, "INVALID_INTERVAL");
        let future = json!({"property": "stage", "set": [{"value": "new", "validFrom": "2027-03-01T09:20:00Z"}]});
        ann.post(&format!("{lead}/corrections"), future).await.problem(422, "TIME_IN_FUTURE");
    })
    .await;
}

#[tokio::test]
async fn a_restore_is_a_new_change_and_a_diff_shows_both_values() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post(
                "/objects/leads",
                json!({"properties": {"name": "a", "city": "Rome"}}),
            )
            .await
            .status(201)
            .path();
        app.clock.step_seconds(60);
        ann.patch(
            &lead,
            json!({"properties": {"name": "b", "city": null, "phone": "+39 06 1"}}),
        )
        .await
        .status(200);
        app.clock.step_seconds(60);
        let diff = ann
            .get(&format!(
                "{lead}/diff?from=2026-03-01T09:00:00Z&to=2026-03-01T09:01:00Z"
            ))
            .await
            .status(200);
        let mut names: Vec<&str> = diff
            .list("/changes")
            .iter()
            .map(|change| change["property"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["city", "name", "phone"]);
        let body = json!({"asOf": "2026-03-01T09:00:30Z", "properties": ["name", "phone"]});
        let restored = ann.post(&format!("{lead}/restore"), body).await.status(200);
        assert_eq!(
            (
                restored.string("/properties/name"),
                restored.at("/properties/phone"),
                restored.at("/properties/city")
            ),
            ("a".into(), &Value::Null, &Value::Null)
        );
        assert_eq!(
            (
                restored.number("/version"),
                ann.get(&format!("{lead}/history"))
                    .await
                    .string("/results/0/source")
            ),
            (3, "restore".into())
        );
        ann.post(
            &format!("{lead}/restore"),
            json!({"asOf": "2026-02-01T00:00:00Z"}),
        )
        .await
        .problem(422, "AS_OF_BEFORE_CREATION");
    })
    .await;
}

#[tokio::test]
async fn recorded_times_increase_when_the_clock_steps_back() {
    each_app(async |mut app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "0"}}))
            .await
            .status(201)
            .path();
        for step in 1..5 {
            app.clock.step_seconds(-3_600);
            if step == 3 {
                app.restart().await;
            }
            ann.patch(&lead, json!({"properties": {"name": step.to_string()}}))
                .await
                .status(200);
        }
        app.clock.step_seconds(100_000);
        let history = ann.get(&format!("{lead}/history")).await.status(200);
        let mut sets = history.list("/results").clone();
        sets.reverse();
        for (index, pair) in sets.windows(2).enumerate() {
            assert_eq!(pair[1]["version"], json!(index + 2));
            let [before, after] =
                [0, 1].map(|place| at(pair[place]["recordedAt"].as_str().unwrap()));
            assert!(before < after, "{pair:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_history_is_read_page_by_page_while_it_grows() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "0"}}))
            .await
            .status(201)
            .path();
        for step in 1..7 {
            app.clock.step_seconds(1);
            ann.patch(&lead, json!({"properties": {"name": step.to_string()}}))
                .await
                .status(200);
        }
        let (mut versions, mut after) = (Vec::new(), String::new());
        loop {
            let page = ann
                .get(&format!("{lead}/history?limit=3{after}"))
                .await
                .status(200);
            versions.extend(
                page.list("/results")
                    .iter()
                    .map(|set| set["version"].as_i64().unwrap()),
            );
            ann.patch(
                &lead,
                json!({"properties": {"city": format!("{}", versions.len())}}),
            )
            .await
            .status(200);
            match page.at("/paging/next/after").as_str() {
                Some(cursor) => after = format!("&after={cursor}"),
                None => break,
            }
        }
        assert_eq!(versions, [7, 6, 5, 4, 3, 2, 1]);
        ann.get(&format!("{lead}/history?limit=0"))
            .await
            .status(422);
        ann.get(&format!("{lead}/history?after=nonsense"))
            .await
            .status(422);
    })
    .await;
}

#[tokio::test]
async fn what_a_correction_says_of_later_times_does_not_show_before() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let first = json!({"properties": {"name": "a"}, "validFrom": "2026-01-05T00:00:00Z"});
        let lead = ann.post("/objects/leads", first).await.status(201).path();
        let correction = json!({"property": "city", "set": [
            {"value": "Oslo", "validFrom": "2026-01-10T00:00:00Z", "validTo": "2026-02-10T00:00:00Z"},
            {"value": "Bergen", "validFrom": "2026-02-20T00:00:00Z"}]});
        ann.post(&format!("{lead}/corrections"), correction)
            .await
            .status(200);
        let stated = |answer: &Answer| {
            let sets = answer.list("/results").iter();
            let changes = sets.flat_map(|set| {
                let set = set.get("changeSet").unwrap_or(set);
                set["changes"].as_array().cloned().unwrap_or_default()
            });
            let changes = changes.filter(|change| change["property"] == "city");
            changes
                .map(|change| (change["to"].clone(), change["validTo"].clone()))
                .collect::<Vec<_>>()
        };
        let ended = (json!("Oslo"), json!("2026-02-10T00:00:00Z"));
        for (as_of, expected) in [
            ("2026-01-06T00:00:00Z", vec![]),
            ("2026-01-15T00:00:00Z", vec![(json!("Oslo"), Value::Null)]),
            ("2026-02-10T00:00:00Z", vec![ended.clone()]),
            (
                "2026-02-20T00:00:00Z",
                vec![ended, (json!("Bergen"), Value::Null)],
            ),
        ] {
            for path in ["history", "timeline"] {
                let shown = ann.get(&format!("{lead}/{path}?asOf={as_of}")).await;
                assert_eq!(stated(&shown.status(200)), expected, "{path} {as_of}");
            }
        }
    })
    .await;
}
