//! Records, one by one: creating, reading, changing, archiving, and what is refused.

use serde_json::{Value, json};

use crate::{app::each_app, person::Answer};

#[tokio::test]
async fn a_lead_is_created_and_read_back() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"name": "Ada Ltd", "email": "Ada@Example.com", "amount": {"amount": "1250.00", "currency": "EUR"}}});
        let lead = ann.post("/objects/leads", body).await.status(201);
        assert_eq!(lead.header("etag"), "\"1\"");
        assert_eq!(lead.header("location"), format!("/api/v1{}", lead.path()));
        assert_eq!(lead.string("/properties/stage"), "new");
        assert_eq!(lead.string("/properties/amount/amount"), "1250.00");
        assert_eq!(lead.string("/createdAt"), app.now());
        let read = ann.get(&lead.path()).await.status(200);
        assert_eq!(read.json, lead.json);
    })
    .await;
}

#[tokio::test]
async fn everything_wrong_with_an_input_is_said_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"email": "no address", "stage": "nowhere", "amount": "much", "height": 3, "archived": true}});
        let answer = ann.post("/objects/leads", body).await.problem(422, "INVALID_INPUT");
        let mut pointers: Vec<String> = answer.errors().into_iter().map(|(pointer, _)| pointer).collect();
        pointers.sort();
        assert_eq!(pointers, ["/properties/amount", "/properties/archived", "/properties/email", "/properties/height", "/properties/stage"]);
        let answer = ann.post("/objects/leads", json!({"propertys": {}, "validfrom": 1})).await.status(422);
        assert!(answer.errors().len() >= 2, "{}", answer.text);
        ann.post("/objects/unicorns", json!({"properties": {}})).await.problem(404, "NOT_FOUND");
    })
    .await;
}

fn told(answer: &Answer) -> Vec<String> {
    let mut told: Vec<String> = answer
        .errors()
        .into_iter()
        .map(|(pointer, code)| format!("{pointer} {code}"))
        .collect();
    told.sort();
    told
}

#[tokio::test]
async fn wrong_structure_hides_no_wrong_value() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let nobody = "0197a000-0000-7000-8000-000000000000";
        let body = json!({"properties": {"email": "nope", "bogus": 1, "owner": nobody}, "validFrom": "soon", "source": "magic", "foo": 1});
        let expected = [
            "/foo UNKNOWN_FIELD",
            "/properties/bogus UNKNOWN_PROPERTY",
            "/properties/email INVALID_EMAIL",
            "/properties/owner UNKNOWN_USER",
            "/source INVALID_SOURCE",
            "/validFrom INVALID_VALUE",
        ];
        let created = ann.post("/objects/leads", body.clone()).await.status(422);
        assert_eq!(told(&created), expected);
        let lead = ann.post("/objects/leads", json!({"properties": {"name": "a"}})).await.status(201).path();
        assert_eq!(told(&ann.patch(&lead, body.clone()).await.status(422)), expected);
        for (kind, input) in [("create", body.clone()), ("update", body.clone()), ("upsert", body)] {
            let mut input = input;
            input["id"] = json!(nobody);
            let batch = json!({"inputs": [{"id": nobody, "properties": {"name": "b"}}, input], "bar": 1});
            let answer = ann.post(&format!("/objects/leads/batch/{kind}"), batch).await.status(422);
            let mut all: Vec<String> = expected.iter().map(|error| format!("/inputs/1{error}")).collect();
            all.insert(0, "/bar UNKNOWN_FIELD".to_owned());
            assert_eq!(told(&answer), all, "{kind}");
        }
        let list = ann.get("/objects/leads/records").await.status(200);
        assert_eq!(list.list("/results").len(), 1);
        assert_eq!(ann.get(&lead).await.status(200).number("/version"), 1);
    })
    .await;
}

#[tokio::test]
async fn wrong_values_of_all_kinds_are_told_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"email": "nope", "owner": "0197a000-0000-7000-8000-000000000000"}, "validFrom": "2999-01-01T00:00:00Z"});
        let answer = ann.post("/objects/leads", body).await.status(422);
        assert_eq!(told(&answer), ["/properties/email INVALID_EMAIL", "/properties/owner UNKNOWN_USER", "/validFrom TIME_IN_FUTURE"]);
    })
    .await;
}

#[tokio::test]
async fn a_search_is_told_everything_that_is_wrong_with_it() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({
            "zz": 1, "asOf": "soon", "limit": 0, "after": "?", "properties": ["nope"], "sorts": [{"property": "nope"}],
            "filterGroups": [{"filters": [{"property": "nope", "operator": "EQ", "value": 1}]}]
        });
        let answer = ann.post("/objects/leads/search", body).await.status(422);
        let pointers: Vec<String> = told(&answer).iter().map(|error| error.split(' ').next().unwrap().to_owned()).collect();
        let expected = ["/after", "/asOf", "/filterGroups/0/filters/0/property", "/limit", "/properties", "/sorts/0", "/zz"];
        assert_eq!(pointers, expected, "{}", answer.text);
        let answer = ann.post("/objects/leads/search", json!({"asOf": "2999-01-01T00:00:00Z", "limit": 1001, "propertiesWithHistory": ["nope"]})).await.status(422);
        assert_eq!(told(&answer), ["/asOf TIME_IN_FUTURE", "/limit INVALID_LIMIT", "/propertiesWithHistory UNKNOWN_PROPERTY"]);
    })
    .await;
}

#[tokio::test]
async fn everything_missing_is_told_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let answer = ann.post("/auth/signup", json!({})).await.status(422);
        assert_eq!(
            told(&answer),
            [
                "/email MISSING_FIELD",
                "/name MISSING_FIELD",
                "/password MISSING_FIELD",
                "/workspaceName MISSING_FIELD"
            ]
        );
        let answer = ann
            .post(
                "/auth/signup",
                json!({"workspaceName": "", "email": "nope", "x": 1}),
            )
            .await
            .status(422);
        let pointers: Vec<String> = answer
            .errors()
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect();
        for pointer in ["/workspaceName", "/email", "/x", "/name", "/password"] {
            assert!(
                pointers.iter().any(|told| told == pointer),
                "{pointer}: {}",
                answer.text
            );
        }
        assert_eq!(pointers.len(), 5, "{}", answer.text);
        let answer = ann.post("/reports/flow", json!({})).await.status(422);
        assert_eq!(
            told(&answer),
            ["/object MISSING_FIELD", "/property MISSING_FIELD"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_lead_may_come_from_anywhere() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        for origin in ["Website", "organic_search", "Trade fair, Utrecht"] {
            let body = json!({"properties": {"name": "a", "source": origin}});
            let lead = ann.post("/objects/leads", body).await.status(201);
            assert_eq!(lead.string("/properties/source"), origin);
        }
    })
    .await;
}

#[tokio::test]
async fn one_of_several_known_versions_is_enough() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "a"}}))
            .await
            .status(201)
            .path();
        let body = |name: &str| json!({"properties": {"name": name}});
        ann.with("if-match", "\"9\", \"1\"")
            .patch(&lead, body("b"))
            .await
            .status(200);
        ann.with("if-match", "\"9\", \"1\"")
            .patch(&lead, body("c"))
            .await
            .problem(412, "STALE_VERSION");
        ann.with("if-match", "W/\"2\"")
            .delete(&lead)
            .await
            .problem(412, "STALE_VERSION");
        ann.with("if-match", "\"x\",\"2\"")
            .delete(&lead)
            .await
            .status(204);
    })
    .await;
}

#[tokio::test]
async fn a_number_is_no_text() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let score = json!({"name": "score", "label": "Score", "type": "number"});
        ann.post("/objects/leads/properties", score).await.status(201);
        let body = |score: Value| json!({"properties": {"name": "a", "score": score}});
        for text in ["1", "1.5", " 2 ", "much"] {
            let answer = ann.post("/objects/leads", body(json!(text))).await.problem(422, "INVALID_NUMBER");
            assert_eq!(told(&answer), ["/properties/score INVALID_NUMBER"]);
        }
        ann.post("/objects/leads", body(json!(1.5))).await.status(201);
        let filter = |value: Value| json!({"filterGroups": [{"filters": [{"property": "score", "operator": "GTE", "value": value}]}]});
        assert_eq!(ann.post("/objects/leads/search", filter(json!(1))).await.status(200).list("/results").len(), 1);
        ann.post("/objects/leads/search", filter(json!("1"))).await.problem(422, "INVALID_NUMBER");
    })
    .await;
}

#[tokio::test]
async fn a_stale_version_is_refused() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "a"}}))
            .await
            .status(201)
            .path();
        let changed = ann
            .knowing(1)
            .patch(&lead, json!({"properties": {"name": "b"}}))
            .await
            .status(200);
        assert_eq!(changed.header("etag"), "\"2\"");
        ann.knowing(1)
            .patch(&lead, json!({"properties": {"name": "c"}}))
            .await
            .problem(412, "STALE_VERSION");
        ann.knowing(1)
            .delete(&lead)
            .await
            .problem(412, "STALE_VERSION");
        ann.with("if-match", "W/\"2\"")
            .patch(&lead, json!({"properties": {"name": "c"}}))
            .await
            .problem(412, "STALE_VERSION");
        ann.with("if-match", "*")
            .patch(&lead, json!({"properties": {"name": "d"}}))
            .await
            .status(200);
        assert_eq!(ann.get(&lead).await.string("/properties/name"), "d");
        assert_eq!(
            ann.get(&format!("{lead}/history"))
                .await
                .list("/results")
                .len(),
            3
        );
    })
    .await;
}

#[tokio::test]
async fn a_write_that_changes_nothing_makes_no_version() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post(
                "/objects/leads",
                json!({"properties": {"name": "a", "phone": null}}),
            )
            .await
            .status(201)
            .path();
        app.clock.step_seconds(5);
        for body in [
            json!({}),
            json!({"name": "a"}),
            json!({"name": "a", "city": null, "stage": "new"}),
        ] {
            let answer = ann
                .patch(&lead, json!({"properties": body}))
                .await
                .status(200);
            assert_eq!(answer.number("/version"), 1, "{body}");
        }
        ann.post(&format!("{lead}/unarchive"), json!({}))
            .await
            .status(200);
        assert_eq!(
            ann.get(&format!("{lead}/history"))
                .await
                .list("/results")
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn an_archived_record_is_kept_and_can_be_brought_back() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = ann
            .post("/objects/leads", json!({"properties": {"name": "a"}}))
            .await
            .status(201)
            .path();
        app.clock.step_seconds(10);
        ann.delete(&lead).await.status(204);
        ann.delete(&lead).await.status(204);
        let archived = ann.get(&lead).await.status(200);
        assert_eq!(
            (archived.at("/archived"), archived.number("/version")),
            (&json!(true), 2)
        );
        ann.patch(&lead, json!({"properties": {"name": "b"}}))
            .await
            .problem(409, "RECORD_ARCHIVED");
        app.clock.step_seconds(10);
        let back = ann
            .post(&format!("{lead}/unarchive"), json!({}))
            .await
            .status(200);
        assert_eq!(
            (back.at("/archived"), back.number("/version")),
            (&json!(false), 3)
        );
        let then = ann
            .get(&format!("{lead}?asOf=2026-03-01T09:00:10Z"))
            .await
            .status(200);
        assert_eq!(then.at("/archived"), &json!(true));
        ann.delete("/objects/leads/0197a0e8-0000-7000-8000-000000000000")
            .await
            .problem(404, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn a_unique_value_is_held_by_one_record_and_let_go_by_archiving() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"properties": {"sku": "A-1"}});
        let product = ann
            .post("/objects/products", body.clone())
            .await
            .status(201)
            .path();
        let refused = ann
            .post("/objects/products", body.clone())
            .await
            .problem(409, "UNIQUE_CONFLICT");
        assert_eq!(refused.errors()[0].0, "/properties/sku");
        ann.delete(&product).await.status(204);
        let second = ann.post("/objects/products", body).await.status(201).path();
        ann.post(&format!("{product}/unarchive"), json!({}))
            .await
            .problem(409, "UNIQUE_CONFLICT");
        assert_eq!(ann.get(&product).await.at("/archived"), &json!(true));
        ann.patch(&second, json!({"properties": {"sku": "A-2"}}))
            .await
            .status(200);
        ann.post(&format!("{product}/unarchive"), json!({}))
            .await
            .status(200);
    })
    .await;
}

#[tokio::test]
async fn links_and_owners_must_exist() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let nobody = "0197a0e8-0000-7000-8000-000000000000";
        let answer = ann
            .post("/objects/leads", json!({"properties": {"owner": nobody}}))
            .await
            .status(422);
        assert_eq!(answer.errors()[0].0, "/properties/owner");
        let answer = ann
            .post("/objects/contacts", json!({"properties": {"lead": nobody}}))
            .await
            .status(422);
        assert_eq!(answer.errors()[0].0, "/properties/lead");
        ann.post("/objects/leads", json!({"properties": {"owner": ann.id}}))
            .await
            .status(201);
    })
    .await;
}
