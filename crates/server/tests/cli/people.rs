//! `user`: a first owner without sign-up, and links for new passwords.

use reqwest::Method;
use serde_json::json;

use crate::{
    binary::{Binary, Run},
    client::{Client, PASSWORD},
};

fn token(run: &Run) -> &str {
    run.out.trim().split_once("#token=").unwrap().1
}

#[tokio::test]
async fn an_owner_is_made_sets_a_password_by_the_link_and_can_be_helped_in_again() {
    let home = tempfile::tempdir().unwrap();
    let binary = Binary::on_folder(home.path());
    let create = [
        "user",
        "create",
        "--workspace",
        "Mill",
        "--name",
        "Ann",
        "ann@example.com",
    ];
    let made = binary.run(&create).await.ok();
    binary
        .run(&create)
        .await
        .fails(1, "there is an account with this address");
    let reset = ["user", "reset-password", "ANN@example.com"];
    let newer = binary.run(&reset).await.ok();
    binary
        .run(&["user", "reset-password", "bob@example.com"])
        .await
        .fails(1, "there is no account with this address");

    let server = binary.serve().await;
    let confirm = async |token: &str| {
        let body = json!({"token": token, "password": PASSWORD});
        let path = "/auth/password-reset/confirm";
        let request = Client::stranger(&server).request(Method::POST, path);
        request.json(&body).send().await.unwrap().status().as_u16()
    };
    // The newest link counts, once.
    assert_eq!(confirm(token(&made)).await, 422);
    assert_eq!(confirm(token(&newer)).await, 202);
    assert_eq!(confirm(token(&newer)).await, 422);
    let ann = Client::sign_in(&server, "ann@example.com", PASSWORD).await;
    let me = ann.get("/me").await;
    assert_eq!(
        (&me["role"], &me["workspace"]["name"]),
        (&json!("owner"), &json!("Mill"))
    );
    // The owner is there, so the door for a first sign-up is closed.
    let body = json!({"workspaceName": "Eve's", "name": "Eve", "email": "eve@example.com", "password": PASSWORD});
    let request = Client::stranger(&server).request(Method::POST, "/auth/signup");
    assert_eq!(request.json(&body).send().await.unwrap().status(), 403);
    // While a server runs the file is its own.
    binary
        .run(&reset)
        .await
        .fails(1, "is in use by another process");
}

#[tokio::test]
async fn what_is_wrong_with_an_owner_is_said() {
    let home = tempfile::tempdir().unwrap();
    let binary = Binary::on_folder(home.path());
    let create = [
        "user",
        "create",
        "--workspace",
        "Mill",
        "--name",
        "",
        "no address",
    ];
    let run = binary.run(&create).await.fails(1, "/email");
    assert!(run.err.contains("/name"), "{}", run.err);
    binary.run(&["verify"]).await.ok();
}
