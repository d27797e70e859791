//! Leads that become contacts, accounts and deals: what follows from them, what is refused, and that it is all or nothing.

use futures_util::future::join_all;
use leadline_server::service::{access::Role, verify};
use serde_json::{Value, json};

use crate::{
    app::{TestApp, each_app},
    person::{Answer, Person},
};

/// A lead of which everything follows.
async fn lead(person: &Person) -> String {
    let properties = json!({
        "name": "Ada King Byron", "email": "ada@analytical.example", "phone": "+44 20 1234", "company": "Analytical Ltd",
        "amount": {"amount": "1250.00", "currency": "EUR"}, "owner": person.id,
    });
    let made = person
        .post("/objects/leads", json!({"properties": properties}))
        .await;
    made.status(201).path()
}

async fn create(person: &Person, object: &str, properties: Value) -> String {
    let body = json!({"properties": properties});
    let made = person.post(&format!("/objects/{object}"), body).await;
    made.status(201).string("/id")
}

async fn convert(person: &Person, lead: &str, body: Value) -> Answer {
    person.post(&format!("{lead}/convert"), body).await
}

async fn count(person: &Person, object: &str) -> i64 {
    let search = json!({"count": "exact", "limit": 1});
    let found = person
        .post(&format!("/objects/{object}/search"), search)
        .await;
    found.status(200).number("/total/value")
}

/// How many accounts, contacts and deals there are.
async fn counts(person: &Person) -> [i64; 3] {
    [
        count(person, "accounts").await,
        count(person, "contacts").await,
        count(person, "deals").await,
    ]
}

async fn is_sound(app: &TestApp) {
    let verified = verify::verify(&app.app().db, None, &|_, _, _| {}).await;
    assert!(verified.unwrap().is_ok());
}

#[tokio::test]
async fn a_lead_becomes_an_account_a_contact_and_a_deal() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann).await;
        app.clock.step_seconds(60);
        let done = convert(&ann, &lead, json!({})).await.status(200);
        assert_eq!(done.at("/dryRun"), &json!(false));
        assert_eq!(done.string("/lead/properties/stage"), "converted");
        assert_eq!(done.string("/lead/properties/name"), "Ada King Byron");
        for (place, expected) in [
            ("/account/record/properties/name", "Analytical Ltd"),
            ("/account/record/properties/domain", "analytical.example"),
            ("/account/record/properties/owner", &ann.id),
            ("/contact/record/properties/first_name", "Ada King"),
            ("/contact/record/properties/last_name", "Byron"),
            ("/contact/record/properties/email", "ada@analytical.example"),
            ("/contact/record/properties/phone", "+44 20 1234"),
            ("/contact/record/properties/stage", "prospect"),
            ("/deal/record/properties/name", "Analytical Ltd"),
            ("/deal/record/properties/amount/amount", "1250.00"),
            ("/deal/record/properties/stage", "prospecting"),
        ] {
            assert_eq!(done.string(place), expected, "{place}");
        }
        let (account, contact) = (
            done.at("/account/record/id").clone(),
            done.at("/contact/record/id").clone(),
        );
        assert_eq!(done.at("/contact/record/properties/account"), &account);
        assert_eq!(
            done.at("/contact/record/properties/lead"),
            done.at("/lead/id")
        );
        assert_eq!(done.at("/deal/record/properties/account"), &account);
        assert_eq!(done.at("/deal/record/properties/contact"), &contact);
        for (object, part) in [
            ("accounts", "account"),
            ("contacts", "contact"),
            ("deals", "deal"),
        ] {
            assert_eq!(done.string(&format!("/{part}/action")), "create");
            let links = ann
                .get(&format!("{lead}/associations/{object}"))
                .await
                .status(200);
            assert_eq!(
                links.at("/results/0/id"),
                done.at(&format!("/{part}/record/id"))
            );
            assert_eq!(links.string("/results/0/label"), "converted");
        }
        let history = ann.get(&format!("{lead}/history")).await.status(200);
        assert_eq!(history.list("/results").len(), 2);
        assert_eq!(history.at("/results/0/actor/id"), &json!(ann.id));
        assert_eq!(counts(&ann).await, [1, 1, 1]);
        is_sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_matches_alone_is_linked_and_stays_as_it_is() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let account = create(&ann, "accounts", json!({"name": "analytical LTD"})).await;
        let contact = create(
            &ann,
            "contacts",
            json!({"last_name": "B.", "email": "ADA@analytical.example"}),
        )
        .await;
        let lead = lead(&ann).await;
        let seen = convert(&ann, &lead, json!({"dryRun": true}))
            .await
            .status(200);
        assert_eq!(seen.string("/account/matches/0/by"), "name");
        assert_eq!(seen.string("/contact/matches/0/by"), "email");
        assert_eq!(seen.string("/contact/matches/0/record/id"), contact);
        let done = convert(&ann, &lead, json!({})).await.status(200);
        assert_eq!(done.string("/account/action"), "link");
        assert_eq!(done.string("/account/record/id"), account);
        assert_eq!(done.string("/contact/record/id"), contact);
        assert_eq!(done.number("/contact/record/version"), 1);
        assert_eq!(done.at("/deal/record/properties/contact"), &json!(contact));
        assert_eq!(counts(&ann).await, [1, 1, 1]);
    })
    .await;
}

#[tokio::test]
async fn where_several_match_nobody_guesses() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        for name in ["North", "South"] {
            create(
                &ann,
                "accounts",
                json!({"name": name, "domain": "analytical.example"}),
            )
            .await;
        }
        let lead = lead(&ann).await;
        let seen = convert(&ann, &lead, json!({"dryRun": true}))
            .await
            .status(200);
        assert_eq!(seen.list("/account/matches").len(), 2);
        assert_eq!(seen.string("/account/action"), "create");
        assert_eq!(seen.string("/account/properties/name"), "Analytical Ltd");
        assert!(seen.at("/account/record").is_null());
    })
    .await;
}

#[tokio::test]
async fn a_public_address_names_no_company() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let properties = json!({"name": "Ada", "email": "ada@gmail.com"});
        let lead = format!("/objects/leads/{}", create(&ann, "leads", properties).await);
        let done = convert(&ann, &lead, json!({})).await.status(200);
        assert_eq!(done.string("/account/action"), "none");
        assert_eq!(done.string("/contact/record/properties/last_name"), "Ada");
        assert!(done.at("/contact/record/properties/account").is_null());
        assert_eq!(done.string("/deal/record/properties/name"), "Ada");
    })
    .await;
}

#[tokio::test]
async fn a_preview_changes_nothing_and_tells_everything_that_is_wrong() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann).await;
        let before = ann.get(&lead).await.status(200).json;
        let body = json!({
            "dryRun": true, "contact": {"properties": {"email": "nonsense", "surprise": 1}},
            "deal": {"properties": {"close_date": "soon"}},
        });
        let seen = convert(&ann, &lead, body.clone()).await.status(200);
        let mut told = seen.errors();
        told.sort();
        let expected = [
            ("/contact/properties/email", "INVALID_EMAIL"),
            ("/contact/properties/surprise", "UNKNOWN_PROPERTY"),
            ("/deal/properties/close_date", "INVALID_DATE"),
        ];
        assert_eq!(told, expected.map(|(at, code)| (at.into(), code.into())));
        assert_eq!(seen.string("/account/properties/name"), "Analytical Ltd");
        let mut real = body;
        real["dryRun"] = json!(false);
        let mut refused = convert(&ann, &lead, real).await.status(422).errors();
        refused.sort();
        assert_eq!(refused, told);
        assert_eq!(ann.get(&lead).await.json, before);
        assert_eq!(counts(&ann).await, [0, 0, 0]);
        is_sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_refused_part_leaves_nothing_of_the_others_behind() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let unique = json!({"unique": true});
        ann.patch("/objects/contacts/properties/email", unique)
            .await
            .status(200);
        create(
            &ann,
            "contacts",
            json!({"last_name": "Other", "email": "ada@analytical.example"}),
        )
        .await;
        let lead = lead(&ann).await;
        let before = ann.get(&lead).await.json;
        let refused = convert(&ann, &lead, json!({"contact": {"properties": {}}})).await;
        let refused = refused.problem(409, "UNIQUE_CONFLICT");
        assert_eq!(
            refused.errors(),
            [("/contact/properties/email".into(), "UNIQUE_CONFLICT".into())]
        );
        assert_eq!(counts(&ann).await, [0, 1, 0]);
        assert_eq!(ann.get(&lead).await.json, before);
        for object in ["accounts", "contacts", "deals"] {
            let links = ann.get(&format!("{lead}/associations/{object}")).await;
            assert!(links.list("/results").is_empty());
        }
        is_sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn the_lifecycle_decides_whether_a_lead_may_be_converted() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann).await;
        let lifecycle = json!({"transitions": [{"from": "new", "to": "contacted"}, {"from": "contacted", "to": "converted"}]});
        ann.patch("/objects/leads/properties/stage", lifecycle).await.status(200);
        let refused = convert(&ann, &lead, json!({})).await;
        let refused = refused.problem(409, "TRANSITION_NOT_ALLOWED");
        assert_eq!(refused.errors()[0].0, "/lead/properties/stage");
        assert_eq!(counts(&ann).await, [0, 0, 0]);
        ann.patch(&lead, json!({"properties": {"stage": "contacted"}})).await.status(200);
        let stage = ann.get("/objects/leads/properties/stage").await.status(200);
        let mut options = stage.at("/options").clone();
        for option in options.as_array_mut().unwrap() {
            if option["value"] == "converted" {
                option["requiredProperties"] = json!(["city"]);
            }
        }
        ann.patch("/objects/leads/properties/stage", json!({"options": options})).await.status(200);
        let refused = convert(&ann, &lead, json!({})).await.status(422);
        assert_eq!(refused.errors(), [("/lead/properties/city".into(), "STAGE_REQUIREMENT_MISSING".into())]);
        let with_city = json!({"lead": {"properties": {"city": "London"}}});
        let done = convert(&ann, &lead, with_city).await.status(200);
        assert_eq!(done.string("/lead/properties/city"), "London");
    })
    .await;
}

#[tokio::test]
async fn a_lead_is_converted_once_until_it_leaves_that_stage() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann).await;
        let first = convert(&ann, &lead, json!({})).await.status(200);
        app.clock.step_seconds(60);
        for body in [json!({}), json!({"dryRun": true})] {
            convert(&ann, &lead, body)
                .await
                .problem(409, "ALREADY_CONVERTED");
        }
        assert_eq!(counts(&ann).await, [1, 1, 1]);
        ann.patch(&lead, json!({"properties": {"stage": "qualified"}}))
            .await
            .status(200);
        let again = convert(&ann, &lead, json!({"deal": null}))
            .await
            .status(200);
        assert_eq!(
            again.at("/account/record/id"),
            first.at("/account/record/id")
        );
        assert_eq!(again.string("/deal/action"), "none");
        assert_eq!(counts(&ann).await, [1, 1, 1]);
        is_sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_conversion_is_repeated_by_its_key_and_never_done_twice_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann).await;
        let node = app.second_node().await;
        let other = node.as_ref().map_or(ann.clone(), |node| node.person(&ann));
        let first = convert(&ann.once("k"), &lead, json!({})).await.status(200);
        let again = convert(&other.once("k"), &lead, json!({}))
            .await
            .status(200);
        assert_eq!(again.json, first.json);
        convert(&ann.once("k"), &lead, json!({"deal": null}))
            .await
            .problem(422, "IDEMPOTENCY_KEY_REUSED");
        let second = format!(
            "/objects/leads/{}",
            create(&ann, "leads", json!({"name": "Charles"})).await
        );
        let attempts = (0..8).map(|number| {
            let person = if number % 2 == 0 { &ann } else { &other };
            convert(person, &second, json!({}))
        });
        let codes: Vec<u16> = join_all(attempts)
            .await
            .iter()
            .map(|answer| answer.code)
            .collect();
        assert_eq!(
            codes.iter().filter(|code| **code == 200).count(),
            1,
            "{codes:?}"
        );
        assert!(
            codes.iter().all(|code| [200, 409].contains(code)),
            "{codes:?}"
        );
        assert_eq!(counts(&ann).await, [1, 2, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_conversion_of_the_past_is_in_the_past() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann).await;
        app.clock.step_seconds(60);
        let then = app.now();
        app.clock.step_seconds(3_600);
        let future = json!({"validFrom": "2100-01-01T00:00:00Z"});
        let refused = convert(&ann, &lead, future).await.status(422);
        assert_eq!(
            refused.errors(),
            [("/validFrom".into(), "TIME_IN_FUTURE".into())]
        );
        let done = convert(&ann, &lead, json!({"validFrom": then}))
            .await
            .status(200);
        assert_eq!(done.string("/deal/record/createdAt"), then);
        let links = ann
            .get(&format!("{lead}/associations/deals?asOf={then}"))
            .await
            .status(200);
        assert_eq!(links.list("/results").len(), 1);
        let was = ann.get(&format!("{lead}?asOf={then}")).await.status(200);
        assert_eq!(was.string("/properties/stage"), "converted");
        is_sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn parts_that_make_no_sense_are_refused_all_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann).await;
        let nobody = "0197a000-0000-7000-8000-000000000000";
        let archived = create(&ann, "deals", json!({"name": "old"})).await;
        ann.delete(&format!("/objects/deals/{archived}")).await.status(204);
        let body = json!({
            "account": {"id": nobody}, "deal": {"id": archived}, "lead": {"properties": {"stage": "converted"}},
        });
        let refused = convert(&ann, &lead, body).await.status(422);
        let expected = [("/lead/properties/stage", "READ_ONLY"), ("/account/id", "UNKNOWN_RECORD"), ("/deal/id", "UNKNOWN_RECORD")];
        assert_eq!(refused.errors(), expected.map(|(at, code)| (at.into(), code.into())));
        let choice = json!({"account": {}, "contact": {"id": nobody, "properties": {}}, "deal": {"properties": {"amount": 1}}});
        let refused = convert(&ann, &lead, choice).await.status(422).errors();
        for expected in [("/account", "INVALID_CHOICE"), ("/contact", "INVALID_CHOICE")] {
            assert!(refused.contains(&(expected.0.into(), expected.1.into())), "{refused:?}");
        }
        let contact = create(&ann, "contacts", json!({})).await;
        ann.post(&format!("/objects/contacts/{contact}/convert"), json!({})).await.problem(404, "NOT_FOUND");
        assert_eq!(counts(&ann).await, [0, 1, 0]);
    })
    .await;
}

#[tokio::test]
async fn viewers_and_other_workspaces_convert_nothing() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let lead = lead(&ann).await;
        let eve = app.member(&ann, "eve", Role::Viewer).await;
        let bob = app.signup("bob").await;
        for body in [json!({}), json!({"dryRun": true})] {
            convert(&eve, &lead, body.clone())
                .await
                .problem(403, "FORBIDDEN");
            convert(&bob, &lead, body).await.problem(404, "NOT_FOUND");
        }
        let contact = create(&ann, "contacts", json!({"last_name": "Hers"})).await;
        let own = format!(
            "/objects/leads/{}",
            create(&bob, "leads", json!({"name": "His"})).await
        );
        let refused = convert(&bob, &own, json!({"contact": {"id": contact}}))
            .await
            .status(422);
        assert_eq!(
            refused.errors(),
            [("/contact/id".into(), "UNKNOWN_RECORD".into())]
        );
        assert_eq!(counts(&bob).await, [0, 0, 0]);
        assert_eq!(counts(&ann).await, [0, 1, 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_carried_over_has_the_same_name_and_type_and_an_owner_who_is_there() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let ben = app.member(&ann, "ben", Role::Member).await;
        for object in ["leads", "accounts"] {
            let region = json!({"name": "region", "label": "Region", "type": "text"});
            ann.post(&format!("/objects/{object}/properties"), region).await.status(201);
        }
        let number = json!({"name": "city", "label": "City", "type": "number"});
        ann.post("/objects/accounts/properties", number).await.status(201);
        let properties = json!({"name": "Ada", "company": "Ltd", "region": "EMEA", "city": "London", "owner": ben.id});
        let lead = format!("/objects/leads/{}", create(&ann, "leads", properties).await);
        ann.patch(&format!("/users/{}", ben.id), json!({"disabled": true})).await.status(200);
        let done = convert(&ann, &lead, json!({})).await.status(200);
        assert_eq!(done.string("/account/record/properties/region"), "EMEA");
        assert!(done.at("/account/record/properties/city").is_null());
        assert!(done.at("/account/record/properties/owner").is_null());
    })
    .await;
}
