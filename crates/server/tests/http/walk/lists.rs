//! Every list of the document has a limit, and goes on from page to page.

use leadline_server::service::access::Role;
use serde_json::{Value, json};

use super::{
    document::{Operation, operations},
    world::World,
};
use crate::{
    app::{PASSWORD, TestApp, each_app},
    person::Person,
};

fn lists() -> Vec<Operation> {
    let lists: Vec<Operation> = operations()
        .into_iter()
        .filter(Operation::is_list)
        .collect();
    assert!(lists.len() > 12);
    lists
}

fn path_of(world: &World, list: &Operation) -> String {
    let object = if list.path.contains("line-items") {
        "deals"
    } else {
        "leads"
    };
    world.path_in(list, object)
}

#[tokio::test]
async fn a_limit_is_a_number_from_1_to_1000_and_a_cursor_one_of_the_list() {
    each_app(async |app| {
        let world = World::build(&app).await;
        for list in lists() {
            let path = path_of(&world, &list);
            for query in [
                "limit=0",
                "limit=-1",
                "limit=1001",
                "limit=x",
                "limit=1.5",
                "after=nowhere",
                "after=bnVsbA",
            ] {
                let answer = world.ann.get(&format!("{path}?{query}")).await;
                assert_eq!(answer.code, 422, "{}: {}", answer.request, answer.text);
            }
            for query in ["limit=1000", "limit=1"] {
                let answer = world.ann.get(&format!("{path}?{query}")).await.status(200);
                let most = query.trim_start_matches("limit=").parse().unwrap();
                assert!(answer.list("/results").len() <= most, "{}", answer.request);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn pages_of_one_make_the_whole_list() {
    each_app(async |app| {
        let world = World::build(&app).await;
        two_of_everything(&app, &world).await;
        for list in lists() {
            let path = path_of(&world, &list);
            let whole = world
                .ann
                .get(&format!("{path}?limit=1000"))
                .await
                .status(200);
            let whole = whole.list("/results");
            assert!(whole.len() > 1, "there is only {} of {path}", whole.len());
            let paged = paged(&world.ann, &path, whole.len()).await;
            assert_eq!(without_use(&paged), without_use(whole), "{path}");
        }
    })
    .await;
}

/// The list, one entry at a time; the feed of changes, which never ends, until it says nothing new.
async fn paged(person: &Person, path: &str, count: usize) -> Vec<Value> {
    let mut all = Vec::new();
    let mut query = "limit=1".to_owned();
    for _ in 0..=count {
        let page = person.get(&format!("{path}?{query}")).await.status(200);
        all.extend(page.list("/results").iter().cloned());
        match page.at("/paging/next/after").as_str() {
            Some(after) => query = format!("limit=1&after={after}"),
            None => break,
        }
    }
    all
}

/// That a session or a token was used is no change of the list.
fn without_use(list: &[Value]) -> Vec<Value> {
    let mut list = list.to_vec();
    for one in list.iter_mut().filter_map(Value::as_object_mut) {
        one.remove("lastSeenAt");
        one.remove("lastUsedAt");
    }
    list
}

async fn two_of_everything(app: &TestApp, world: &World) {
    let ann = &world.ann;
    ann.post("/tokens", json!({"name": "second"}))
        .await
        .status(201);
    let invitation = json!({"email": "third@example.com", "role": "member"});
    ann.post("/invitations", invitation).await.status(201);
    app.member(ann, "bert", Role::Member).await;
    let login = json!({"email": "olivia@example.com", "password": PASSWORD});
    app.visitor().post("/auth/login", login).await.status(200);
    let item = json!({"name": "second", "quantity": 1});
    ann.post(&format!("/objects/deals/{}/line-items", world.deal), item)
        .await
        .status(201);
    let contact = json!({"properties": {"last_name": "second"}});
    let contact = ann.post("/objects/contacts", contact).await.status(201);
    let link = json!({"id": contact.string("/id")});
    ann.post(
        &format!("/objects/leads/{}/associations/contacts", world.lead),
        link,
    )
    .await
    .status(201);
    for (list, body) in [
        ("/activities", json!({"kind": "email"})),
        ("/notes", json!({"body": "second"})),
        ("/tasks", json!({"title": "second"})),
    ] {
        ann.post(list, body).await.status(201);
    }
    let lead = json!({"properties": {"name": "second"}});
    ann.post("/objects/leads", lead).await.status(201);
    let view = json!({"object": "leads", "name": "second"});
    ann.post("/views", view).await.status(201);
    ann.post("/dashboards", json!({"name": "second"}))
        .await
        .status(201);
    let report = json!({"object": "leads", "property": "stage"});
    let report = json!({"name": "second", "kind": "snapshot", "report": report});
    ann.post("/saved-reports", report).await.status(201);
    world.import_again().await;
    ann.post("/exports", json!({"object": "leads"}))
        .await
        .status(202);
    for list in ["/imports", "/exports"] {
        loop {
            let jobs = ann.get(list).await.status(200);
            let is_done =
                |job: &Value| !matches!(job["status"].as_str(), Some("queued" | "running"));
            if jobs.list("/results").iter().all(is_done) {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
}
