//! Who may do what (S2, S5), what a body must not set (S6), and what pages of other sites must not do (S16).

use leadline_server::service::access::{self, Access, Role};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    document::operations,
    world::{World, is_discreet},
};
use crate::{app::each_app, person::Person};

/// Whether a caller may do what needs this.
type May = Box<dyn Fn(Access) -> bool>;

#[tokio::test]
async fn who_may_not_changes_nothing() {
    each_app(async |app| {
        let world = World::build(&app).await;
        let mut callers: Vec<(Person, May)> = Vec::new();
        for role in [Role::Viewer, Role::Member, Role::Manager, Role::Admin] {
            let person = app.member(&world.ann, role.as_str(), role).await;
            let may = move |access| match access {
                Access::Needs(permission) => role.covers(permission.least_role()),
                Access::Public | Access::SignedIn | Access::Session => true,
            };
            callers.push((person, Box::new(may)));
        }
        for scope in ["read", "write", "schema", "admin"] {
            let may = move |access| match access {
                Access::Needs(permission) => ["read", scope].contains(&permission.scope().as_str()),
                Access::Public | Access::SignedIn => true,
                Access::Session => false,
            };
            callers.push((world.ann.token(&[scope]).await, Box::new(may)));
        }
        let before = world.everything().await;
        for operation in operations() {
            let access = access::of_operation(&operation.id).unwrap();
            let path = world.path(&operation);
            for (caller, may) in &callers {
                if !may(access) {
                    let answer = caller
                        .send(operation.method.clone(), &path, world.body(&operation))
                        .await;
                    assert_eq!(answer.code, 403, "{}: {}", answer.request, answer.text);
                    is_discreet(&answer);
                }
            }
            if access != Access::Public {
                let answer = app
                    .visitor()
                    .send(operation.method.clone(), &path, world.body(&operation))
                    .await;
                assert_eq!(answer.code, 401, "{}: {}", answer.request, answer.text);
                is_discreet(&answer);
            }
        }
        World::is_as_before(&before, &world.everything().await, "those who may not");
    })
    .await;
}

#[tokio::test]
async fn fields_that_the_server_keeps_are_refused_in_every_body() {
    each_app(async |app| {
        let world = World::build(&app).await;
        let before = world.everything().await;
        for operation in operations() {
            let Some(Value::Object(body)) = world.body(&operation) else {
                continue;
            };
            let fields = operation.fields();
            for name in [
                "id",
                "workspace",
                "workspaceId",
                "version",
                "createdAt",
                "role",
                "archived",
                "actor",
            ] {
                if fields.contains_key(name) {
                    continue;
                }
                let mut body = body.clone();
                body.insert(name.into(), json!("0197a0e8-0000-7000-8000-000000000000"));
                let answer = world
                    .ann
                    .send(
                        operation.method.clone(),
                        &world.path(&operation),
                        Some(Value::Object(body)),
                    )
                    .await;
                assert_eq!(answer.code, 422, "{}: {}", answer.request, answer.text);
                assert!(
                    answer
                        .errors()
                        .contains(&(format!("/{name}"), "UNKNOWN_FIELD".into())),
                    "{}: {}",
                    answer.request,
                    answer.text
                );
            }
        }
        for name in ["id", "version", "archived", "created_at", "workspace"] {
            let body = json!({"properties": {name: true}});
            let lead = format!("/objects/leads/{}", world.lead);
            world.ann.patch(&lead, body.clone()).await.status(422);
            world.ann.post("/objects/leads", body).await.status(422);
        }
        World::is_as_before(
            &before,
            &world.everything().await,
            "fields that the server keeps",
        );
    })
    .await;
}

#[tokio::test]
async fn pages_of_other_sites_can_change_nothing() {
    each_app(async |app| {
        let world = World::build(&app).await;
        let before = world.everything().await;
        for operation in operations().iter().filter(|operation| !operation.is_safe()) {
            let path = world.path(operation);
            let body = world.body(operation);
            for (name, value) in [
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
                ("origin", "null"),
                ("origin", "https://evil.example"),
            ] {
                let browser = world.ann.with(name, value);
                let answer = browser
                    .send(operation.method.clone(), &path, body.clone())
                    .await;
                answer.problem(403, "CROSS_SITE_REQUEST");
            }
            if operation.method == Method::DELETE {
                continue;
            }
            let bytes = body.unwrap_or_default().to_string().into_bytes();
            for kind in [
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
            ] {
                let answer = world
                    .ann
                    .send_bytes(operation.method.clone(), &path, kind, Some(bytes.clone()))
                    .await;
                is_discreet(&answer);
                assert!(
                    matches!(answer.code, 400 | 415 | 422),
                    "{} as {kind}: {}",
                    answer.request,
                    answer.text
                );
            }
        }
        World::is_as_before(&before, &world.everything().await, "pages of other sites");
    })
    .await;
}
