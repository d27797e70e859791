//! What somebody types into a search field: in one object, and in all of them.

use serde_json::{Value, json};

use crate::{app::each_app_and_without_room, person::Person};

#[tokio::test]
async fn the_best_answers_come_first_and_one_typo_is_forgiven() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        for (name, email) in [
            ("Johnson", "a@example.com"),
            ("Mary Jonson", "b@example.com"),
            ("Peter Johnson", "c@example.com"),
            ("Johnsons Mill", "d@example.com"),
            ("Nobody", "johnson@example.com"),
            ("McJohnson", "e@example.com"),
            ("Jansen", "f@example.com"),
        ] {
            lead(&ann, name, email).await;
        }
        let counted = json!({"query": "johnson", "limit": 1});
        let counted = ann.post("/objects/leads/search", counted).await;
        assert_eq!(counted.status(200).number("/total/value"), 6);
        let uncounted = json!({"query": "johnson", "count": "none"});
        let uncounted = ann.post("/objects/leads/search", uncounted).await;
        assert_eq!(uncounted.status(200).json.get("total"), None);
        let names = async |body: Value| {
            let found = ann.post("/objects/leads/search", body).await.status(200);
            names_in(found.list("/results"))
        };
        let best_first = [
            "Johnson",
            "Peter Johnson",
            "Nobody",
            "Johnsons Mill",
            "McJohnson",
            "Mary Jonson",
        ];
        assert_eq!(names(json!({"query": "JOHNSON"})).await, best_first);
        let by_name =
            json!({"query": "johnson", "sorts": [{"property": "name", "direction": "asc"}]});
        assert_eq!(names(by_name).await[0], "Johnson");
        assert_eq!(
            names(json!({"query": "johsnon"})).await,
            ["Johnsons Mill", "Peter Johnson", "Johnson", "Nobody"]
        );
        assert_eq!(
            names(json!({"query": "johnson peter"})).await,
            ["Peter Johnson"]
        );
        assert_eq!(names(json!({"query": "jonh"})).await, Vec::<String>::new());

        let mut paged = Vec::new();
        let mut after = Value::Null;
        loop {
            let body = json!({"query": "johnson", "limit": 2, "after": after, "count": "exact"});
            let page = ann.post("/objects/leads/search", body).await.status(200);
            assert_eq!(page.number("/total/value"), 6);
            paged.extend(names_in(page.list("/results")));
            match page.json.pointer("/paging/next/after") {
                Some(next) => after = next.clone(),
                None => break,
            }
        }
        assert_eq!(paged, best_first);
        let long = json!({"query": "x".repeat(501)});
        ann.post("/objects/leads/search", long)
            .await
            .problem(422, "TOO_LONG");
    })
    .await;
}

#[tokio::test]
async fn a_search_in_all_objects_shows_the_best_of_each() {
    each_app_and_without_room(async |app| {
        let ann = app.signup("ann").await;
        lead(&ann, "Ada Lovelace", "ada@example.com").await;
        lead(&ann, "Adam", "adam@example.com").await;
        let account = json!({"properties": {"name": "Ada"}});
        let account = ann.post("/objects/accounts", account).await.status(201);
        let found = ann.get("/search?q=ada&limit=1").await.status(200);
        let objects: Vec<&Value> = found
            .list("/results")
            .iter()
            .map(|group| &group["object"])
            .collect();
        assert_eq!(objects, ["accounts", "leads"]);
        assert_eq!(found.number("/results/1/total/value"), 2);
        assert_eq!(names_in(found.list("/results/1/records")), ["Ada Lovelace"]);
        let leads = ann.get("/search?q=ada&objects=leads").await.status(200);
        assert_eq!(leads.list("/results").len(), 1);

        let path = format!("/objects/accounts/{}", account.string("/id"));
        let before = app.now();
        app.clock.step_seconds(60);
        ann.patch(&path, json!({"properties": {"name": "Bob"}}))
            .await
            .status(200);
        let now = ann.get("/search?q=ada&objects=accounts").await.status(200);
        assert!(now.list("/results").is_empty());
        let then = format!("/search?q=ada&objects=accounts&asOf={before}");
        let then = ann.get(&then).await.status(200);
        assert_eq!(names_in(then.list("/results/0/records")), ["Ada"]);
        assert_eq!(then.string("/asOf"), before.to_string());
        let known = format!("/search?q=ada&recordedAsOf={before}");
        let known = ann.get(&known).await.status(200);
        assert_eq!(known.string("/recordedAsOf"), before.to_string());

        for (query, code, pointer) in [
            ("q=", "REQUIRED", "/q"),
            ("q=ada&limit=51", "INVALID_LIMIT", "/limit"),
            ("q=ada&objects=ghosts", "UNKNOWN_OBJECT", "/objects"),
        ] {
            let refused = ann.get(&format!("/search?{query}")).await;
            let refused = refused.problem(422, code);
            assert_eq!(refused.errors()[0].0, pointer);
        }
        let bob = app.signup("bob").await;
        let elsewhere = bob.get("/search?q=ada").await.status(200);
        assert!(elsewhere.list("/results").is_empty());
        app.visitor()
            .get("/search?q=ada")
            .await
            .problem(401, "UNAUTHENTICATED");
    })
    .await;
}

async fn lead(person: &Person, name: &str, email: &str) {
    let body = json!({"properties": {"name": name, "email": email}});
    person.post("/objects/leads", body).await.status(201);
}

fn names_in(records: &[Value]) -> Vec<String> {
    let name = |record: &Value| record["properties"]["name"].as_str().unwrap().to_owned();
    records.iter().map(name).collect()
}
