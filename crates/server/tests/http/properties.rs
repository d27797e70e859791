//! Properties: what may stand in a definition.

use serde_json::{Value, json};

use crate::{
    app::each_app,
    person::{Answer, Person},
};

pub(crate) const LEADS: &str = "/objects/leads/properties";

pub(crate) fn tier() -> Value {
    json!({"name": "tier", "label": "Tier", "type": "select", "options": [
        {"value": "gold", "label": "Gold", "color": "yellow"},
        {"value": "silver", "color": "#C0C0C0"},
        {"value": "tin, plated"},
    ]})
}

pub(crate) async fn lead(ann: &Person, properties: Value) -> Answer {
    let body = json!({ "properties": properties });
    ann.post("/objects/leads", body).await.status(201)
}

pub(crate) fn names(list: &Answer) -> Vec<String> {
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
