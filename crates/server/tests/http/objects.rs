//! Objects: the kinds of records.

use leadline_server::service::access::Role;
use serde_json::{Value, json};

use crate::{
    app::{TestApp, each_app},
    person::Answer,
};

const HOUR: i64 = 3_600;

fn projects() -> Value {
    json!({"name": "projects", "label": "Project", "pluralLabel": "Projects"})
}

fn names(list: &Answer) -> Vec<String> {
    let name = |entry: &Value| entry["name"].as_str().unwrap().to_owned();
    list.list("/results").iter().map(name).collect()
}

/// The present, and from then on a later one.
fn tick(app: &TestApp) -> String {
    let now = app.now();
    app.clock.step_seconds(HOUR);
    now
}

#[tokio::test]
async fn a_new_workspace_lists_the_objects_it_began_with() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let list = ann.get("/objects").await.status(200);
        assert_eq!(
            names(&list),
            ["leads", "contacts", "accounts", "deals", "products"]
        );
        assert_eq!(list.at("/paging"), &Value::Null);
        assert_eq!(list.at("/results/0/properties"), &Value::Null);
        assert_eq!(list.at("/results/0/builtin"), &json!(true));
        let whole = ann.get("/objects?include=properties").await.status(200);
        assert_eq!(whole.string("/results/0/properties/0/name"), "name");
        ann.get("/objects?include=records")
            .await
            .problem(422, "INVALID_PARAMETER");
    })
    .await;
}

#[tokio::test]
async fn a_list_of_objects_goes_on_page_by_page() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let mut found = Vec::new();
        let mut path = "/objects?limit=2".to_owned();
        loop {
            let page = ann.get(&path).await.status(200);
            found.extend(names(&page));
            let Some(after) = page.at("/paging/next/after").as_str() else {
                break;
            };
            path = format!("/objects?limit=2&after={after}");
        }
        assert_eq!(
            found,
            ["leads", "contacts", "accounts", "deals", "products"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_new_object_takes_records_titled_by_its_primary_property() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({
            "name": "projects", "label": "Project", "pluralLabel": "Projects", "primaryProperty": "title", "description": "Work we sold",
        });
        let object = ann.post("/objects", body).await.status(201);
        assert_eq!(object.header("location"), "/api/v1/objects/projects");
        assert_eq!(object.string("/primaryProperty"), "title");
        assert_eq!(object.string("/description"), "Work we sold");
        assert_eq!(object.string("/createdAt"), app.now());
        assert_eq!(object.at("/builtin"), &json!(false));
        assert_eq!(object.at("/archived"), &json!(false));
        assert_eq!(object.number("/position"), 9);
        assert_eq!(object.string("/properties/0/name"), "title");
        assert_eq!(object.string("/properties/0/type"), "text");
        let read = ann.get("/objects/projects").await.status(200);
        assert_eq!(read.json, object.json);

        let body = json!({"properties": {"title": "Bridge"}});
        let project = ann.post("/objects/projects", body).await.status(201);
        assert_eq!(project.string("/properties/title"), "Bridge");
        ann.delete(&project.path()).await.status(204);
    })
    .await;
}

#[tokio::test]
async fn a_new_object_gets_a_lifecycle_if_asked() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"name": "projects", "label": "Project", "lifecycle": true});
        let object = ann.post("/objects", body).await.status(201);
        assert_eq!(object.string("/pluralLabel"), "Project");
        assert_eq!(object.string("/properties/1/type"), "stage");
        let body = json!({"properties": {"name": "Bridge"}});
        let project = ann.post("/objects/projects", body).await.status(201);
        assert_eq!(project.string("/properties/stage"), "new");
    })
    .await;
}

#[tokio::test]
async fn everything_wrong_with_an_object_is_told_at_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"name": "My Projects", "label": " ", "pluralLabel": "x".repeat(201), "primaryProperty": "created_at"});
        let refused = ann.post("/objects", body).await.problem(422, "INVALID_INPUT");
        let expected = [
            ("/name", "INVALID_NAME"),
            ("/label", "REQUIRED"),
            ("/pluralLabel", "TOO_LONG"),
            ("/primaryProperty", "RESERVED_NAME"),
        ];
        assert_eq!(refused.errors(), expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
        let body = json!({"name": "projects", "label": "Project", "id": "x", "workspace": "y"});
        ann.post("/objects", body).await.problem(422, "UNKNOWN_FIELD");
        ann.post("/objects", json!({})).await.problem(422, "REQUIRED");
        assert_eq!(ann.get("/objects/projects").await.code, 404);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_was_ever_used_is_taken() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.post("/objects", projects()).await.status(201);
        ann.post("/objects", projects())
            .await
            .problem(409, "NAME_TAKEN");
        ann.delete("/objects/projects").await.status(204);
        ann.post("/objects", projects())
            .await
            .problem(409, "NAME_TAKEN");
        ann.post(
            "/objects",
            json!({"name": "leads", "label": "L", "pluralLabel": "Ls"}),
        )
        .await
        .problem(409, "NAME_TAKEN");
    })
    .await;
}

#[tokio::test]
async fn of_many_who_make_the_same_object_at_once_one_wins() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let tries = (0..6).map(|_| {
            let ann = ann.clone();
            tokio::spawn(async move { ann.post("/objects", projects()).await.code })
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
async fn an_idempotency_key_makes_one_object() {
    each_app(async |app| {
        let ann = app.signup("ann").await.once("projects-1");
        let first = ann.post("/objects", projects()).await.status(201);
        let second = ann.post("/objects", projects()).await.status(201);
        assert_eq!(first.json, second.json);
        ann.post("/objects", json!({"name": "others", "label": "Other"}))
            .await
            .problem(422, "IDEMPOTENCY_KEY_REUSED");
    })
    .await;
}

#[tokio::test]
async fn an_object_changes_and_stays_readable_as_it_was() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let before = tick(&app);
        let created = tick(&app);
        ann.post("/objects", projects()).await.status(201);
        let created_at = tick(&app);
        let body =
            json!({"label": "Job", "pluralLabel": "Jobs", "description": "Work", "position": 1});
        let changed = ann.patch("/objects/projects", body).await.status(200);
        assert_eq!(changed.string("/label"), "Job");
        assert_eq!(changed.number("/position"), 1);
        assert_eq!(changed.string("/updatedAt"), app.now());
        tick(&app);

        for early in [&before, &created] {
            ann.get(&format!("/objects/projects?asOf={early}"))
                .await
                .problem(404, "NOT_FOUND");
            let list = ann.get(&format!("/objects?asOf={early}")).await.status(200);
            assert_eq!(list.list("/results").len(), 5);
        }
        let then = ann
            .get(&format!("/objects/projects?asOf={created_at}"))
            .await
            .status(200);
        assert_eq!(then.string("/label"), "Project");
        assert_eq!(then.string("/asOf"), created_at);
        assert_eq!(then.string("/updatedAt"), created_at);
        assert_eq!(then.number("/position"), 9);
        let list = ann
            .get(&format!("/objects?asOf={created_at}"))
            .await
            .status(200);
        assert_eq!(list.string("/asOf"), created_at);
        assert_eq!(list.string("/results/5/pluralLabel"), "Projects");
        assert_eq!(
            ann.get("/objects")
                .await
                .status(200)
                .string("/results/2/name"),
            "projects"
        );
        ann.get("/objects?asOf=2100-01-01T00:00:00Z")
            .await
            .problem(422, "TIME_IN_FUTURE");
    })
    .await;
}

#[tokio::test]
async fn names_of_objects_are_immutable_and_primary_properties_hold_text() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let refused = ann
            .patch("/objects/leads", json!({"name": "prospects"}))
            .await;
        let refused = refused.problem(422, "IMMUTABLE");
        assert_eq!(refused.string("/errors/0/pointer"), "/name");
        ann.patch("/objects/leads", json!({"primaryProperty": "amount"}))
            .await
            .problem(422, "INVALID_PRIMARY_PROPERTY");
        ann.patch("/objects/leads", json!({"label": ""}))
            .await
            .problem(422, "REQUIRED");
        ann.patch("/objects/leads", json!({"version": 3}))
            .await
            .problem(422, "UNKNOWN_FIELD");
        let changed = ann
            .patch("/objects/leads", json!({"primaryProperty": "company"}))
            .await
            .status(200);
        assert_eq!(changed.string("/primaryProperty"), "company");
        ann.patch("/objects/nothing", json!({"label": "x"}))
            .await
            .problem(404, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn an_archived_object_is_out_of_use_until_it_is_brought_back() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.post("/objects", projects()).await.status(201);
        let body = json!({"properties": {"name": "Bridge"}});
        let project = ann
            .post("/objects/projects", body.clone())
            .await
            .status(201);
        let in_use = tick(&app);
        ann.delete("/objects/projects").await.status(204);
        ann.delete("/objects/projects").await.status(204);

        assert_eq!(names(&ann.get("/objects").await.status(200)).len(), 5);
        let archived = ann.get("/objects?archived=true").await.status(200);
        assert_eq!(names(&archived), ["projects"]);
        let read = ann.get("/objects/projects").await.status(200);
        assert_eq!(read.at("/archived"), &json!(true));
        ann.post("/objects/projects", body)
            .await
            .problem(404, "NOT_FOUND");
        app.clock.step_seconds(HOUR);
        let then = ann
            .get(&format!("/objects/projects?asOf={in_use}"))
            .await
            .status(200);
        assert_eq!(then.at("/archived"), &json!(false));

        let back = ann
            .patch("/objects/projects", json!({"archived": false}))
            .await
            .status(200);
        assert_eq!(back.at("/archived"), &json!(false));
        ann.get(&project.path()).await.status(200);
    })
    .await;
}

#[tokio::test]
async fn a_change_that_changes_nothing_is_not_noted() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let before = ann.get("/objects/leads").await.status(200);
        tick(&app);
        let after = ann
            .patch("/objects/leads", json!({"label": "Lead", "name": "leads"}))
            .await
            .status(200);
        assert_eq!(after.json, before.json);
    })
    .await;
}

#[tokio::test]
async fn the_schema_is_read_by_all_and_changed_by_managers() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let before = ann.get("/objects?include=properties").await.status(200);
        for role in [Role::Member, Role::Viewer] {
            let person = app.member(&ann, role.as_str(), role).await;
            person.get("/objects/leads").await.status(200);
            person
                .post("/objects", projects())
                .await
                .problem(403, "FORBIDDEN");
            person
                .patch("/objects/leads", json!({"label": "x"}))
                .await
                .problem(403, "FORBIDDEN");
            person
                .delete("/objects/leads")
                .await
                .problem(403, "FORBIDDEN");
        }
        let after = ann.get("/objects?include=properties").await.status(200);
        assert_eq!(after.json, before.json);
        let manager = app.member(&ann, "mia", Role::Manager).await;
        manager.post("/objects", projects()).await.status(201);
    })
    .await;
}

#[tokio::test]
async fn another_workspace_sees_and_changes_nothing() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        ann.post("/objects", projects()).await.status(201);
        let bob = app.signup("bob").await;
        bob.get("/objects/projects").await.problem(404, "NOT_FOUND");
        bob.patch("/objects/projects", json!({"label": "x"}))
            .await
            .problem(404, "NOT_FOUND");
        bob.delete("/objects/projects")
            .await
            .problem(404, "NOT_FOUND");
        bob.get("/objects/projects/properties/name")
            .await
            .problem(404, "NOT_FOUND");
        bob.post("/objects", projects()).await.status(201);
        let read = ann.get("/objects/projects").await.status(200);
        assert_eq!(read.string("/label"), "Project");
    })
    .await;
}
