//! Properties: what may stand in a definition, how it changes, and how it was.

use leadline_server::service::access::Role;
use serde_json::{Value, json};

use crate::{
    app::{TestApp, each_app},
    person::{Answer, Person},
};

const HOUR: i64 = 3_600;
const LEADS: &str = "/objects/leads/properties";

fn tier() -> Value {
    json!({"name": "tier", "label": "Tier", "type": "select", "options": [
        {"value": "gold", "label": "Gold", "color": "yellow"},
        {"value": "silver", "color": "#C0C0C0"},
        {"value": "tin, plated"},
    ]})
}

/// The present, and from then on a later one.
fn tick(app: &TestApp) -> String {
    let now = app.now();
    app.clock.step_seconds(HOUR);
    now
}

async fn lead(ann: &Person, properties: Value) -> Answer {
    let body = json!({ "properties": properties });
    ann.post("/objects/leads", body).await.status(201)
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

fn names(list: &Answer) -> Vec<String> {
    let name = |entry: &Value| entry["name"].as_str().unwrap().to_owned();
    list.list("/results").iter().map(name).collect()
}

#[tokio::test]
async fn an_object_lists_the_properties_it_began_with() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let list = ann.get(LEADS).await.status(200);
        let expected = [
            "name", "email", "phone", "company", "stage", "source", "owner", "amount", "city",
            "country",
        ];
        assert_eq!(names(&list), expected);
        assert_eq!(list.at("/results/4/transitions"), &json!("any"));
        assert_eq!(list.string("/results/4/options/0/category"), "open");
        assert_eq!(list.number("/results/4/options/1/probability"), 25);
        assert_eq!(list.string("/results/7/currency"), "EUR");
        assert_eq!(list.at("/results/0/transitions"), &Value::Null);

        let first = ann.get(&format!("{LEADS}?limit=7")).await.status(200);
        let after = first.string("/paging/next/after");
        let second = ann
            .get(&format!("{LEADS}?limit=7&after={after}"))
            .await
            .status(200);
        assert_eq!(names(&second), expected[7..]);
        assert_eq!(second.at("/paging"), &Value::Null);
        ann.get("/objects/nothing/properties")
            .await
            .problem(404, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn every_type_can_be_made_and_holds_its_values() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let account = ann
            .post("/objects/accounts", json!({"properties": {"name": "Acme"}}))
            .await
            .status(201)
            .string("/id");
        let two = json!([{"value": "a"}, {"value": "b"}]);
        let cases = [
            ("text", json!({}), json!("x")),
            ("long_text", json!({}), json!("x\ny")),
            ("number", json!({}), json!(1.25)),
            (
                "money",
                json!({"currency": "usd"}),
                json!({"amount": "3.50", "currency": "USD"}),
            ),
            ("boolean", json!({}), json!(true)),
            ("date", json!({}), json!("2026-03-01")),
            ("datetime", json!({}), json!("2026-03-01T09:20:00Z")),
            ("select", json!({"options": two}), json!("a")),
            ("multi_select", json!({"options": two}), json!(["a", "b"])),
            ("stage", json!({"options": two}), json!("b")),
            ("user", json!({}), json!(ann.id)),
            (
                "record",
                json!({"targetObject": "accounts"}),
                json!(account),
            ),
            ("email", json!({}), json!("ada@example.com")),
            ("phone", json!({}), json!("+31 6 5550 1234")),
            ("url", json!({}), json!("https://example.com")),
        ];
        let mut values = json!({});
        for (kind, more, value) in cases {
            let name = format!("my_{kind}");
            let mut body = json!({"name": name, "label": kind, "type": kind});
            body.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            let made = ann.post(LEADS, body).await.status(201);
            assert_eq!(made.string("/type"), kind);
            assert_eq!(made.header("location"), format!("/api/v1{LEADS}/{name}"));
            let read = ann.get(&format!("{LEADS}/{name}")).await.status(200);
            assert_eq!(read.json, made.json);
            values[&name] = value;
        }
        let lead = lead(&ann, values.clone()).await;
        for (name, value) in values.as_object().unwrap() {
            assert_eq!(lead.at(&format!("/properties/{name}")), value);
        }
    })
    .await;
}

#[tokio::test]
async fn a_property_is_shown_whole() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let mut body = tier();
        body["group"] = json!("About");
        body["description"] = json!("How dear they are");
        body["required"] = json!(true);
        body["default"] = json!("silver");
        let made = ann.post(LEADS, body).await.status(201);
        let expected = json!({
            "id": made.string("/id"), "name": "tier", "label": "Tier", "type": "select", "group": "About",
            "description": "How dear they are", "required": true, "unique": false, "default": "silver",
            "options": [
                {"value": "gold", "label": "Gold", "color": "yellow", "archived": false},
                {"value": "silver", "label": "silver", "color": "#c0c0c0", "archived": false},
                {"value": "tin, plated", "label": "tin, plated", "color": null, "archived": false},
            ],
            "currency": null, "targetObject": null, "transitions": null, "builtin": false, "system": false,
            "archived": false, "position": 10, "createdAt": app.now(), "updatedAt": app.now(),
        });
        assert_eq!(made.json, expected);
        let lead = lead(&ann, json!({"name": "Ada"})).await;
        assert_eq!(lead.string("/properties/tier"), "silver");
    })
    .await;
}

#[tokio::test]
async fn a_stage_has_options_with_rules() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let option = json!({
            "value": "in", "label": "In", "color": "blue", "category": "won", "probability": 100, "maxDuration": "P14D",
            "requiredProperties": ["email"],
        });
        let body = json!({
            "name": "path", "label": "Path", "type": "stage", "options": [{"value": "out"}, option],
            "transitions": [{"from": null, "to": "out"}, {"from": "out", "to": "in"}, {"from": "out", "to": "in"}],
        });
        let made = ann.post(LEADS, body).await.status(201);
        let mut shown = option.clone();
        shown["archived"] = json!(false);
        assert_eq!(made.at("/options/1"), &shown);
        assert_eq!(made.string("/options/0/category"), "open");
        assert_eq!(made.at("/transitions"), &json!([{"from": null, "to": "out"}, {"from": "out", "to": "in"}]));

        let lead = lead(&ann, json!({"name": "Ada"})).await;
        assert_eq!(lead.string("/properties/path"), "out");
        ann.patch(&lead.path(), json!({"properties": {"path": "in"}})).await.problem(422, "STAGE_REQUIREMENT_MISSING");
        ann.patch(&lead.path(), json!({"properties": {"path": "in", "email": "a@b.org"}})).await.status(200);
        ann.patch(&lead.path(), json!({"properties": {"path": "out"}})).await.problem(409, "TRANSITION_NOT_ALLOWED");
        // A property that a stage requires cannot go away.
        ann.delete(&format!("{LEADS}/email")).await.problem(409, "PROPERTY_IN_USE");
    })
    .await;
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

/// A body and the pointers and codes of what is wrong with it.
type Refused = (Value, Vec<(&'static str, &'static str)>);

#[tokio::test]
async fn everything_wrong_with_a_property_is_told_at_once() {
    let cases: Vec<Refused> = vec![
        (
            json!({}),
            vec![
                ("/name", "REQUIRED"),
                ("/label", "REQUIRED"),
                ("/type", "REQUIRED"),
            ],
        ),
        (
            json!({"name": "A b", "label": "", "type": "colour"}),
            vec![
                ("/name", "INVALID_NAME"),
                ("/type", "INVALID_TYPE"),
                ("/label", "REQUIRED"),
            ],
        ),
        (
            json!({"name": "id", "label": "Id", "type": "text"}),
            vec![("/name", "RESERVED_NAME")],
        ),
        (
            json!({"name": "archived", "label": "A", "type": "boolean"}),
            vec![("/name", "RESERVED_NAME")],
        ),
        (
            json!({"name": "sum", "label": "Sum", "type": "formula", "formula": "1+1"}),
            vec![("/type", "FORMULA_NOT_AVAILABLE")],
        ),
        (
            json!({"name": "sum", "label": "Sum", "type": "number", "formula": "1+1"}),
            vec![("/formula", "FORMULA_NOT_AVAILABLE")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "select"}),
            vec![("/options", "REQUIRED")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "stage", "options": []}),
            vec![("/options", "REQUIRED")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "text", "options": [{"value": "x"}], "currency": "EUR", "targetObject": "leads", "transitions": "any"}),
            vec![
                ("/targetObject", "NOT_APPLICABLE"),
                ("/options", "NOT_APPLICABLE"),
                ("/transitions", "NOT_APPLICABLE"),
                ("/currency", "NOT_APPLICABLE"),
            ],
        ),
        (
            json!({"name": "a", "label": "A", "type": "select", "options": [
                {"value": ""}, {"value": "x".repeat(101)}, {"value": "a\nb"}, {"value": "b", "label": " "}, {"value": "b"}, {"value": "c", "color": "mauve"},
                {"value": "d", "color": "#12345"}, {"value": "e", "category": "won", "probability": 3, "maxDuration": "P1D", "requiredProperties": ["email"]},
            ]}),
            vec![
                ("/options/0/value", "REQUIRED"),
                ("/options/1/value", "TOO_LONG"),
                ("/options/2/value", "INVALID_CHARACTER"),
                ("/options/3/label", "REQUIRED"),
                ("/options/4/value", "DUPLICATE_OPTION"),
                ("/options/5/color", "INVALID_COLOR"),
                ("/options/6/color", "INVALID_COLOR"),
                ("/options/7/category", "NOT_APPLICABLE"),
                ("/options/7/probability", "NOT_APPLICABLE"),
                ("/options/7/maxDuration", "NOT_APPLICABLE"),
                ("/options/7/requiredProperties", "NOT_APPLICABLE"),
            ],
        ),
        (
            json!({"name": "a", "label": "A", "type": "stage", "transitions": [{"from": "x", "to": "y"}, {"from": "y"}, 3, {"to": "x", "via": "z"}], "options": [
                {"value": "x", "category": "open-ish", "probability": 101, "maxDuration": "P1M", "requiredProperties": ["email", "nothing", "archived"]},
                {"value": "z", "probability": 12.5},
            ]}),
            vec![
                ("/options/0/category", "INVALID_CATEGORY"),
                ("/options/0/probability", "INVALID_PROBABILITY"),
                ("/options/0/maxDuration", "INVALID_DURATION"),
                ("/options/0/requiredProperties/1", "UNKNOWN_PROPERTY"),
                ("/options/0/requiredProperties/2", "UNKNOWN_PROPERTY"),
                ("/options/1/probability", "INVALID_PROBABILITY"),
                ("/transitions/0/to", "UNKNOWN_STAGE"),
                ("/transitions/1/from", "UNKNOWN_STAGE"),
                ("/transitions/1/to", "MISSING_FIELD"),
                ("/transitions/2", "WRONG_TYPE"),
                ("/transitions/3/via", "UNKNOWN_FIELD"),
            ],
        ),
        (
            json!({"name": "a", "label": "A", "type": "stage", "options": [{"value": "x"}], "transitions": "some"}),
            vec![("/transitions", "INVALID_TRANSITIONS")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "stage", "options": [{"value": "x"}, {"value": "y"}], "transitions": [{"from": null, "to": "x"}], "default": "y"}),
            vec![("/default", "DEFAULT_NOT_ENTERABLE")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "number", "default": "many"}),
            vec![("/default", "INVALID_NUMBER")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "select", "options": [{"value": "x"}], "default": "y"}),
            vec![("/default", "INVALID_OPTION")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "text", "unique": true, "default": "y"}),
            vec![("/default", "DEFAULT_NOT_UNIQUE")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "money", "currency": "EURO"}),
            vec![("/currency", "INVALID_CURRENCY")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "record"}),
            vec![("/targetObject", "REQUIRED")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "record", "targetObject": "nothing"}),
            vec![("/targetObject", "UNKNOWN_OBJECT")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "money", "unique": true}),
            vec![("/unique", "UNIQUE_NOT_SUPPORTED")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "user", "default": "01970000-0000-7000-8000-000000000000"}),
            vec![("/default", "INVALID_DEFAULT")],
        ),
        (
            json!({"name": "a", "label": "A", "type": "text", "id": "x", "createdAt": "2026-01-01T00:00:00Z", "builtin": true}),
            vec![
                ("/id", "UNKNOWN_FIELD"),
                ("/createdAt", "UNKNOWN_FIELD"),
                ("/builtin", "UNKNOWN_FIELD"),
            ],
        ),
    ];
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let before = ann.get("/objects/leads").await.status(200);
        for (body, expected) in &cases {
            let refused = ann.post(LEADS, body.clone()).await.status(422);
            let mut found = refused.errors();
            let mut expected: Vec<_> = expected
                .iter()
                .map(|(p, c)| ((*p).to_owned(), (*c).to_owned()))
                .collect();
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{body}");
        }
        let after = ann.get("/objects/leads").await.status(200);
        assert_eq!(after.json, before.json);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_was_ever_used_on_the_object_is_taken() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.post(LEADS, tier()).await.status(201);
        ann.post(LEADS, tier()).await.problem(409, "NAME_TAKEN");
        ann.delete(&format!("{LEADS}/tier")).await.status(204);
        ann.post(LEADS, tier()).await.problem(409, "NAME_TAKEN");
        ann.post("/objects/deals/properties", tier())
            .await
            .status(201);
    })
    .await;
}

#[tokio::test]
async fn of_many_who_make_the_same_property_at_once_one_wins() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let tries = (0..6).map(|_| {
            let ann = ann.clone();
            tokio::spawn(async move { ann.post(LEADS, tier()).await.code })
        });
        let tries: Vec<_> = tries.collect();
        let mut codes = Vec::new();
        for attempt in tries {
            codes.push(attempt.await.unwrap());
        }
        codes.sort_unstable();
        assert_eq!(codes, [201, 409, 409, 409, 409, 409]);
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
