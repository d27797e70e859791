//! How definitions of properties change, who may change them, and how they were.

use leadline_server::service::access::Role;
use serde_json::{Value, json};

use crate::{
    app::{TestApp, each_app},
    person::Answer,
    properties::{LEADS, lead, names, tier},
};

const HOUR: i64 = 3_600;

/// The present, and from then on a later one.
fn tick(app: &TestApp) -> String {
    let now = app.now();
    app.clock.step_seconds(HOUR);
    now
}

/// Which options there are, with a `-` before archived ones.
fn options(property: &Answer) -> Vec<String> {
    let option = |option: &Value| {
        let sign = if option["archived"] == json!(true) {
            "-"
        } else {
            ""
        };
        format!("{sign}{}", option["value"].as_str().unwrap())
    };
    property.list("/options").iter().map(option).collect()
}

#[tokio::test]
async fn transitions_are_in_force_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann, json!({"name": "Ada"})).await;
        let stage = |stage: &str| json!({"properties": {"stage": stage}});
        let only = json!({"transitions": [{"from": null, "to": "new"}, {"from": "new", "to": "contacted"}]});
        ann.patch(&format!("{LEADS}/stage"), only).await.status(200);
        ann.patch(&lead.path(), stage("qualified"))
            .await
            .problem(409, "TRANSITION_NOT_ALLOWED");
        ann.patch(&lead.path(), stage("contacted"))
            .await
            .status(200);
        ann.patch(&format!("{LEADS}/stage"), json!({"transitions": "any"}))
            .await
            .status(200);
        ann.patch(&lead.path(), stage("qualified"))
            .await
            .status(200);
    })
    .await;
}

#[tokio::test]
async fn an_archived_property_is_shown_as_it_was_before() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let ada = lead(&ann, json!({"name": "Ada", "city": "Delft"})).await;
        let before = tick(&app);
        ann.delete(&format!("{LEADS}/city")).await.status(204);
        let after = tick(&app);
        let city = |answer: &Answer| answer.at("/properties/city").clone();
        let path = ada.path();
        assert_eq!(city(&ann.get(&path).await), Value::Null);
        assert!(ann.get(&path).await.at("/properties").get("city").is_none());
        for moment in ["asOf", "recordedAsOf"] {
            let shown = ann
                .get(&format!("{path}?{moment}={before}"))
                .await
                .status(200);
            assert_eq!(city(&shown), "Delft");
            let shown = ann
                .get(&format!("{path}?{moment}={after}"))
                .await
                .status(200);
            assert!(shown.at("/properties").get("city").is_none());
        }
        let list = ann
            .get(&format!("/objects/leads/records?asOf={before}"))
            .await;
        let found = ann
            .post("/objects/leads/search", json!({"asOf": before}))
            .await;
        let inputs = json!([{"id": ada.string("/id")}]);
        let read = ann
            .post(
                "/objects/leads/batch/read",
                json!({"inputs": inputs, "asOf": before}),
            )
            .await;
        for answer in [list, found, read] {
            assert_eq!(
                answer.at("/results/0/properties/city"),
                "Delft",
                "{}",
                answer.text
            );
        }
        let history = ann
            .get(&format!("{path}?propertiesWithHistory=city"))
            .await
            .status(200);
        assert_eq!(history.at("/propertiesWithHistory/city/0/value"), "Delft");
    })
    .await;
}

#[tokio::test]
async fn name_type_and_target_are_immutable_and_system_properties_read_only() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let path = "/objects/contacts/properties/account";
        let body = json!({"name": "firm", "type": "text", "targetObject": "leads"});
        let refused = ann.patch(path, body).await.problem(422, "IMMUTABLE");
        assert_eq!(refused.list("/errors").len(), 3);
        let same = json!({"name": "account", "type": "record", "targetObject": "accounts", "label": "Firm"});
        let changed = ann.patch(path, same).await.status(200);
        assert_eq!(changed.string("/label"), "Firm");

        let archived = format!("{LEADS}/archived");
        let shown = ann.get(&archived).await.status(200);
        assert_eq!(shown.at("/system"), &json!(true));
        ann.patch(&archived, json!({"label": "x"})).await.problem(422, "READ_ONLY");
        ann.delete(&archived).await.problem(422, "READ_ONLY");
        assert_eq!(ann.get(&archived).await.status(200).json, shown.json);
        ann.delete(&format!("{LEADS}/name")).await.problem(409, "PRIMARY_PROPERTY");
        ann.patch(&format!("{LEADS}/name"), json!({"archived": true})).await.problem(409, "PRIMARY_PROPERTY");
        ann.delete(&format!("{LEADS}/nothing")).await.problem(404, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn options_are_reordered_renamed_archived_and_brought_back_but_never_removed() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.post(LEADS, tier()).await.status(201);
        let path = format!("{LEADS}/tier");
        let list = |values: Value| json!({ "options": values });

        let changed = ann
            .patch(
                &path,
                list(json!([{"value": "new"}, {"value": "gold", "label": "Golden"}])),
            )
            .await
            .status(200);
        assert_eq!(
            options(&changed),
            ["new", "gold", "-silver", "-tin, plated"]
        );
        assert_eq!(changed.string("/options/1/label"), "Golden");
        assert_eq!(changed.string("/options/1/color"), "yellow");

        let back =
            list(json!([{"value": "silver", "color": null}, {"value": "gold"}, {"value": "new"}]));
        let changed = ann.patch(&path, back).await.status(200);
        assert_eq!(options(&changed), ["silver", "gold", "new", "-tin, plated"]);
        assert_eq!(changed.at("/options/0/color"), &Value::Null);
        assert_eq!(changed.string("/options/1/label"), "Golden");

        // What is read can be written back as it is.
        let again = ann
            .patch(&path, list(changed.at("/options").clone()))
            .await
            .status(200);
        assert_eq!(again.json, changed.json);
        ann.patch(&path, list(json!([])))
            .await
            .problem(422, "REQUIRED");
        ann.patch(&path, list(json!([{"value": "gold", "archived": true}])))
            .await
            .problem(422, "REQUIRED");

        ann.patch(&path, json!({"default": "gold"}))
            .await
            .status(200);
        let without = list(json!([{"value": "silver"}]));
        ann.patch(&path, without.clone())
            .await
            .problem(422, "OPTION_IS_DEFAULT");
        let mut cleared = without;
        cleared["default"] = Value::Null;
        let changed = ann.patch(&path, cleared).await.status(200);
        assert_eq!(changed.at("/default"), &Value::Null);
    })
    .await;
}

#[tokio::test]
async fn an_option_renamed_later_is_shown_as_it_was() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let before = tick(&app);
        ann.post(LEADS, tier()).await.status(201);
        let made = tick(&app);
        let path = format!("{LEADS}/tier");
        let body = json!({"label": "Level", "options": [{"value": "gold", "label": "Golden", "color": "orange"}]});
        ann.patch(&path, body).await.status(200);
        let renamed = tick(&app);
        ann.delete(&path).await.status(204);

        ann.get(&format!("{path}?asOf={before}")).await.problem(404, "NOT_FOUND");
        let list = ann.get(&format!("{LEADS}?asOf={before}")).await.status(200);
        assert_eq!(list.list("/results").len(), 10);

        let then = ann.get(&format!("{path}?asOf={made}")).await.status(200);
        assert_eq!((then.string("/label"), then.string("/asOf")), ("Tier".to_owned(), made.clone()));
        assert_eq!(then.string("/options/0/label"), "Gold");
        assert_eq!(options(&then), ["gold", "silver", "tin, plated"]);

        let then = ann.get(&format!("{path}?asOf={renamed}")).await.status(200);
        assert_eq!((then.string("/label"), then.string("/options/0/label")), ("Level".to_owned(), "Golden".to_owned()));
        assert_eq!(options(&then), ["gold", "-silver", "-tin, plated"]);
        assert_eq!(then.at("/archived"), &json!(false));
        let object = ann.get(&format!("/objects/leads?asOf={made}")).await.status(200);
        assert_eq!(object.string("/properties/10/label"), "Tier");

        let now = ann.get(&path).await.status(200);
        assert_eq!(now.at("/archived"), &json!(true));
        ann.get(&format!("{path}?asOf=2100-01-01T00:00:00Z")).await.problem(422, "TIME_IN_FUTURE");
        ann.get(&format!("{LEADS}?asOf=2100-01-01T00:00:00Z")).await.problem(422, "TIME_IN_FUTURE");
    })
    .await;
}

#[tokio::test]
async fn changes_are_kept_in_order_when_the_clock_steps_back() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.post(LEADS, tier()).await.status(201);
        app.clock.step_seconds(-HOUR);
        let changed = ann
            .patch(&format!("{LEADS}/tier"), json!({"label": "Level"}))
            .await
            .status(200);
        assert_eq!(changed.string("/updatedAt"), "2026-03-01T09:00:00.000001Z");
        app.clock.step_seconds(2 * HOUR);
        let now = app.now();
        let then = ann
            .get(&format!("{LEADS}/tier?asOf={now}"))
            .await
            .status(200);
        assert_eq!(then.string("/label"), "Level");
    })
    .await;
}

#[tokio::test]
async fn a_record_keeps_the_value_of_an_archived_option() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.post(LEADS, tier()).await.status(201);
        let ada = lead(&ann, json!({"name": "Ada", "tier": "silver"})).await;
        let path = format!("{LEADS}/tier");
        let changed = ann
            .patch(&path, json!({"options": [{"value": "gold"}]}))
            .await
            .status(200);
        assert_eq!(changed.string("/options/1/label"), "silver");
        let read = ann.get(&ada.path()).await.status(200);
        assert_eq!(read.string("/properties/tier"), "silver");
        ann.patch(&ada.path(), json!({"properties": {"name": "Ada L"}}))
            .await
            .status(200);
        let body = json!({"properties": {"name": "Bob", "tier": "silver"}});
        ann.post("/objects/leads", body)
            .await
            .problem(422, "OPTION_ARCHIVED");
    })
    .await;
}

#[tokio::test]
async fn an_archived_property_cannot_be_set_and_keeps_its_values() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.post(LEADS, tier()).await.status(201);
        let ada = lead(&ann, json!({"name": "Ada", "tier": "gold"})).await;
        let path = format!("{LEADS}/tier");
        ann.delete(&path).await.status(204);
        ann.delete(&path).await.status(204);
        let archived = ann.get(&format!("{LEADS}?archived=true")).await.status(200);
        assert_eq!(names(&archived), ["tier"]);
        assert_eq!(ann.get(LEADS).await.status(200).list("/results").len(), 10);
        ann.patch(&ada.path(), json!({"properties": {"tier": "silver"}}))
            .await
            .problem(422, "PROPERTY_ARCHIVED");
        ann.patch(&path, json!({"archived": false}))
            .await
            .status(200);
        let read = ann.get(&ada.path()).await.status(200);
        assert_eq!(read.string("/properties/tier"), "gold");
    })
    .await;
}

#[tokio::test]
async fn a_property_becomes_unique_only_when_no_values_collide() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let code = json!({"name": "code", "label": "Code", "type": "text"});
        ann.post(LEADS, code).await.status(201);
        for name in ["A", "a", "á", "b"] {
            lead(&ann, json!({"name": name, "code": name})).await;
        }
        let path = format!("{LEADS}/code");
        let before = ann.get(&path).await.status(200);
        let refused = ann
            .patch(&path, json!({"unique": true}))
            .await
            .problem(409, "UNIQUE_CONFLICT");
        assert!(
            refused.string("/detail").starts_with("2 "),
            "{}",
            refused.text
        );
        assert_eq!(ann.get(&path).await.status(200).json, before.json);

        let list = ann.get("/objects/leads/records").await.status(200);
        let ids: Vec<String> = (1..3)
            .map(|index| list.string(&format!("/results/{index}/id")))
            .collect();
        for id in &ids {
            ann.delete(&format!("/objects/leads/{id}"))
                .await
                .status(204);
        }
        ann.patch(&path, json!({"unique": true})).await.status(200);
        let again = json!({"properties": {"code": "B"}});
        ann.post("/objects/leads", again.clone())
            .await
            .problem(409, "UNIQUE_CONFLICT");
        ann.post(&format!("/objects/leads/{}/unarchive", ids[0]), json!({}))
            .await
            .status(409);

        ann.patch(&path, json!({"unique": false})).await.status(200);
        ann.post("/objects/leads", again).await.status(201);
        ann.post(&format!("/objects/leads/{}/unarchive", ids[0]), json!({}))
            .await
            .status(200);
    })
    .await;
}

#[tokio::test]
async fn a_definition_is_written_once_for_an_idempotency_key() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let once = ann.once("tier-1");
        let first = once.post(LEADS, tier()).await.status(201);
        assert_eq!(once.post(LEADS, tier()).await.status(201).json, first.json);
        let path = format!("{LEADS}/tier");
        let patch = ann.once("tier-2");
        let first = patch.patch(&path, json!({"label": "A"})).await.status(200);
        ann.patch(&path, json!({"label": "B"})).await.status(200);
        assert_eq!(
            patch
                .patch(&path, json!({"label": "A"}))
                .await
                .status(200)
                .json,
            first.json
        );
        assert_eq!(ann.get(&path).await.status(200).string("/label"), "B");
    })
    .await;
}

#[tokio::test]
async fn properties_are_changed_by_managers_only() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.post(LEADS, tier()).await.status(201);
        let path = format!("{LEADS}/tier");
        let before = ann.get("/objects/leads").await.status(200);
        let max = app.member(&ann, "max", Role::Member).await;
        max.get(&path).await.status(200);
        max.post(LEADS, json!({"name": "a", "label": "A", "type": "text"}))
            .await
            .problem(403, "FORBIDDEN");
        max.patch(&path, json!({"label": "x"}))
            .await
            .problem(403, "FORBIDDEN");
        max.delete(&path).await.problem(403, "FORBIDDEN");
        let after = ann.get("/objects/leads").await.status(200);
        assert_eq!(after.json, before.json);
        let mia = app.member(&ann, "mia", Role::Manager).await;
        mia.delete(&path).await.status(204);
    })
    .await;
}

#[tokio::test]
async fn a_token_needs_the_scope_schema_to_change_definitions() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let writer = ann.token(&["read", "write"]).await;
        writer.get(LEADS).await.status(200);
        writer
            .post(LEADS, tier())
            .await
            .problem(403, "INSUFFICIENT_SCOPE");
        ann.get(&format!("{LEADS}/tier"))
            .await
            .problem(404, "NOT_FOUND");
        let keeper = ann.token(&["schema"]).await;
        keeper.post(LEADS, tier()).await.status(201);
    })
    .await;
}
