//! Passwords: which are accepted, how often they may be tried, and how one gets a new one.

use leadline_server::service::accounts;
use serde_json::json;

use crate::app::{PASSWORD, TestApp, each_app};

/// The token of a link for a new password, as `leadline user reset-password` prints it.
async fn reset_token(app: &TestApp, email: &str) -> String {
    let link = accounts::password_reset_link(app.app(), email)
        .await
        .unwrap();
    link.split_once("#token=").unwrap().1.to_owned()
}

#[tokio::test]
async fn weak_passwords_are_refused_at_sign_up_with_everything_else_that_is_wrong() {
    each_app(async |app| {
        let body = json!({"workspaceName": "", "name": "Ann", "email": "no address", "password": "short"});
        let answer = app.visitor().post("/auth/signup", body).await;
        let expected = [
            ("/workspaceName", "REQUIRED"),
            ("/email", "INVALID_EMAIL"),
            ("/password", "PASSWORD_TOO_SHORT"),
        ];
        let answer = answer.problem(422, "INVALID_INPUT");
        assert_eq!(answer.errors(), expected.map(|(at, code)| (at.to_owned(), code.to_owned())));
        for (password, code) in [
            ("password123".to_owned(), "PASSWORD_TOO_COMMON"),
            ("é".repeat(129), "PASSWORD_TOO_LONG"),
        ] {
            let body = json!({"workspaceName": "A", "name": "Ann", "email": "ann@example.com", "password": password});
            app.visitor().post("/auth/signup", body).await.problem(422, code);
        }
    })
    .await;
}

#[tokio::test]
async fn long_passwords_are_not_cut() {
    each_app(async |app| {
        let long = format!("{}x", "correct horse battery ".repeat(5));
        let body = json!({"workspaceName": "A", "name": "Ann", "email": "ann@example.com", "password": long});
        app.visitor().post("/auth/signup", body).await.status(201);
        let login = |password: String| json!({"email": "ann@example.com", "password": password});
        let cut = long[..long.len() - 1].to_owned();
        app.visitor().post("/auth/login", login(cut)).await.problem(401, "INVALID_CREDENTIALS");
        app.visitor().post("/auth/login", login(long)).await.status(200);
    })
    .await;
}

#[tokio::test]
async fn wrong_tries_are_slowed_down_and_nobody_is_locked_out_for_good() {
    each_app(async |app| {
        app.signup("ann").await;
        let login =
            |password: &str| json!({"email": "ann@example.com", "password": password.to_owned()});
        for _ in 0..5 {
            let answer = app.visitor().post("/auth/login", login("wrong one")).await;
            answer.problem(401, "INVALID_CREDENTIALS");
        }
        let refused = app.visitor().post("/auth/login", login(PASSWORD)).await;
        let refused = refused.problem(429, "TOO_MANY_REQUESTS");
        let seconds: i64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
        app.clock.step_seconds(seconds);
        let answer = app.visitor().post("/auth/login", login(PASSWORD)).await;
        answer.status(200);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_address_is_slowed_down_like_a_known_one() {
    each_app(async |app| {
        app.signup("ann").await;
        for email in ["ann@example.com", "nobody@example.com"] {
            let mut codes = Vec::new();
            for _ in 0..6 {
                let login = json!({"email": email, "password": "wrong one"});
                codes.push(app.visitor().post("/auth/login", login).await.code);
            }
            assert_eq!(codes, [401, 401, 401, 401, 401, 429], "{email}");
        }
    })
    .await;
}

#[tokio::test]
async fn asking_for_a_new_password_never_tells_who_has_an_account() {
    each_app(async |app| {
        app.signup("ann").await;
        let mut answers = Vec::new();
        for email in ["ann@example.com", "nobody@example.com"] {
            let answer = app
                .visitor()
                .post("/auth/password-reset", json!({"email": email}))
                .await
                .status(202);
            answers.push(answer.text);
        }
        assert_eq!(answers[0], answers[1]);
    })
    .await;
}

#[tokio::test]
async fn a_link_sets_a_new_password_once_and_ends_every_session() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let token = reset_token(&app, "ann@example.com").await;
        let confirm =
            |password: &str| json!({"token": token.clone(), "password": password.to_owned()});
        let path = "/auth/password-reset/confirm";
        let weak = app.visitor().post(path, confirm("password")).await;
        weak.problem(422, "PASSWORD_TOO_COMMON");
        ann.get("/me").await.status(200);
        let set = app.visitor().post(path, confirm("a new one to use")).await;
        set.status(202);
        ann.get("/me").await.problem(401, "UNAUTHENTICATED");
        let again = app.visitor().post(path, confirm("another one here")).await;
        again.problem(422, "INVALID_TOKEN");
        let login = |password: &str| json!({"email": "ann@example.com", "password": password});
        let old = app.visitor().post("/auth/login", login(PASSWORD)).await;
        old.problem(401, "INVALID_CREDENTIALS");
        let new = login("a new one to use");
        app.visitor().post("/auth/login", new).await.status(200);
    })
    .await;
}

#[tokio::test]
async fn a_link_ends_after_an_hour_and_when_a_newer_one_is_made() {
    each_app(async |app| {
        app.signup("ann").await;
        let first = reset_token(&app, "ann@example.com").await;
        let second = reset_token(&app, "ann@example.com").await;
        let confirm = |token: &str| json!({"token": token, "password": "a new one to use"});
        let path = "/auth/password-reset/confirm";
        let answer = app.visitor().post(path, confirm(&first)).await;
        answer.problem(422, "INVALID_TOKEN");
        app.clock.step_seconds(3601);
        let answer = app.visitor().post(path, confirm(&second)).await;
        answer.problem(422, "INVALID_TOKEN");
    })
    .await;
}

#[tokio::test]
async fn changing_the_own_password_needs_the_old_one_and_ends_the_other_sessions() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let login = json!({"email": "ann@example.com", "password": PASSWORD});
        let answer = app.visitor().post("/auth/login", login).await.status(200);
        let elsewhere = app.visitor().signed_in(&answer);
        let change =
            |current: &str| json!({"currentPassword": current, "newPassword": "a new one to use"});
        let wrong = ann.post("/auth/password", change("not mine at all")).await;
        wrong.problem(422, "INVALID_CREDENTIALS");
        elsewhere.get("/me").await.status(200);
        ann.post("/auth/password", change(PASSWORD))
            .await
            .status(204);
        ann.get("/me").await.status(200);
        elsewhere.get("/me").await.problem(401, "UNAUTHENTICATED");
    })
    .await;
}
