//! Members: who may make and change whom.

use leadline_server::service::access::Role;
use serde_json::json;

use crate::{
    app::{PASSWORD, each_app},
    person::Answer,
};

#[tokio::test]
async fn an_invitation_makes_a_member_once() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = json!({"email": "bob@example.com", "role": "manager"});
        let invitation = ann.post("/invitations", body).await.status(201);
        let token = invitation.string("/token");
        assert!(invitation.string("/link").ends_with(&token));
        assert!(
            !ann.get("/invitations")
                .await
                .status(200)
                .text
                .contains(&token)
        );
        let accept = || json!({"token": token.clone(), "name": "Bob", "password": PASSWORD});
        let answer = app.visitor().post("/invitations/accept", accept()).await;
        let bob = app.visitor().signed_in(&answer.status(201));
        assert_eq!(bob.get("/me").await.status(200).string("/role"), "manager");
        assert_eq!(bob.workspace, ann.workspace);
        let again = app.visitor().post("/invitations/accept", accept()).await;
        again.problem(403, "INVITATION_UNKNOWN");
        assert_eq!(ann.get("/users").await.list("/results").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_that_is_taken_back_is_good_no_more() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let invite = async |role: &str| {
            let body = json!({"email": format!("{role}@example.com"), "role": role});
            ann.post("/invitations", body).await.status(201)
        };
        let (owner, member) = (invite("owner").await, invite("member").await);
        let path = |invitation: &Answer| format!("/invitations/{}", invitation.string("/id"));
        let bob = app.member(&ann, "bob", Role::Admin).await;
        let cleo = app.member(&ann, "cleo", Role::Manager).await;
        let eve = app.signup("eve").await;
        bob.delete(&path(&owner)).await.problem(403, "ROLE_ABOVE_OWN");
        cleo.delete(&path(&member)).await.problem(403, "FORBIDDEN");
        eve.delete(&path(&member)).await.problem(404, "NOT_FOUND");
        assert_eq!(ann.get("/invitations").await.list("/results").len(), 2);
        bob.delete(&path(&member)).await.status(204);
        bob.delete(&path(&member)).await.problem(404, "NOT_FOUND");
        let accept = |invitation: &Answer| json!({"token": invitation.string("/token"), "name": "Dan", "password": PASSWORD});
        let refused = app.visitor().post("/invitations/accept", accept(&member)).await;
        refused.problem(403, "INVITATION_UNKNOWN");
        app.visitor().post("/invitations/accept", accept(&owner)).await.status(201);
        ann.delete(&path(&owner)).await.problem(409, "INVITATION_ACCEPTED");
        assert_eq!(ann.get("/invitations").await.list("/results").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn nobody_grants_or_touches_more_than_the_own_role() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let bob = app.member(&ann, "bob", Role::Admin).await;
        let eve = app.member(&ann, "eve", Role::Member).await;
        let owner = json!({"email": "new@example.com", "role": "owner"});
        bob.post("/invitations", owner)
            .await
            .problem(403, "ROLE_ABOVE_OWN");
        let promote = json!({"role": "owner"});
        for target in [&bob.id, &eve.id] {
            let path = format!("/users/{target}");
            bob.patch(&path, promote.clone())
                .await
                .problem(403, "ROLE_ABOVE_OWN");
        }
        let path = format!("/users/{}", ann.id);
        let demote = json!({"role": "viewer"});
        bob.patch(&path, demote.clone())
            .await
            .problem(403, "ROLE_ABOVE_OWN");
        eve.patch(&path, demote).await.problem(403, "FORBIDDEN");
        let self_promotion = json!({"role": "admin"});
        let path = format!("/users/{}", eve.id);
        eve.patch(&path, self_promotion)
            .await
            .problem(403, "FORBIDDEN");
        assert_eq!(ann.get("/me").await.string("/role"), "owner");
        assert_eq!(bob.get("/me").await.string("/role"), "admin");
        assert_eq!(eve.get("/me").await.string("/role"), "member");
    })
    .await;
}

#[tokio::test]
async fn the_last_owner_stays() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let path = format!("/users/{}", ann.id);
        for change in [json!({"role": "admin"}), json!({"disabled": true})] {
            ann.patch(&path, change).await.problem(409, "LAST_OWNER");
        }
        let bob = app.member(&ann, "bob", Role::Owner).await;
        ann.patch(&path, json!({"role": "admin"})).await.status(200);
        assert_eq!(ann.get("/me").await.string("/role"), "admin");
        let path = format!("/users/{}", bob.id);
        bob.patch(&path, json!({"role": "viewer"}))
            .await
            .problem(409, "LAST_OWNER");
    })
    .await;
}

#[tokio::test]
async fn an_administrator_makes_members_and_no_account_twice() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let body = |email: &str| json!({"email": email, "name": "Bob", "role": "viewer", "password": PASSWORD});
        let made = ann.post("/users", body("bob@example.com")).await.status(201);
        assert_eq!(made.string("/role"), "viewer");
        let login = json!({"email": "bob@example.com", "password": PASSWORD});
        let answer = app.visitor().post("/auth/login", login).await.status(200);
        let bob = app.visitor().signed_in(&answer);
        let lead = json!({"properties": {"name": "Ada Ltd"}});
        bob.post("/objects/leads", lead).await.problem(403, "FORBIDDEN");
        let again = ann.post("/users", body("BOB@example.com")).await;
        again.problem(409, "EMAIL_TAKEN");
    })
    .await;
}

#[tokio::test]
async fn members_of_another_workspace_are_unknown_here() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let eve = app.signup("eve").await;
        let path = format!("/users/{}", ann.id);
        eve.patch(&path, json!({"role": "viewer"}))
            .await
            .problem(404, "NOT_FOUND");
        eve.patch(&path, json!({"disabled": true}))
            .await
            .problem(404, "NOT_FOUND");
        assert!(!eve.get("/users").await.text.contains("ann@example.com"));
        assert_eq!(ann.get("/me").await.string("/role"), "owner");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_asked_for_cannot_be_set() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let signup = json!({
            "workspaceName": "x", "name": "Eve", "email": "eve@example.com", "password": PASSWORD, "role": "owner", "workspaceId": ann.workspace,
        });
        let answer = app.visitor().post("/auth/signup", signup).await;
        assert_eq!(answer.problem(422, "UNKNOWN_FIELD").errors().len(), 2);
        let path = format!("/users/{}", ann.id);
        let change = json!({"email": "other@example.com"});
        ann.patch(&path, change).await.problem(422, "UNKNOWN_FIELD");
        let token = json!({"name": "t", "accountId": ann.id});
        ann.post("/tokens", token).await.problem(422, "UNKNOWN_FIELD");
    })
    .await;
}
