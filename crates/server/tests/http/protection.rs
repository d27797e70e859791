//! What surrounds every operation: other sites, malformed input, forwarded headers, the headers of answers, and the gate.

use leadline_server::service::access;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, each_app};

/// Every operation: method, path with ids of the right form in it, operationId.
async fn operations(app: &TestApp) -> Vec<(Method, String, String)> {
    let document = app.visitor().get("/openapi.json").await.status(200).json;
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else {
                continue;
            };
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let path = path.trim_start_matches("/api/v1");
            let path = path
                .replace("{object}", "leads")
                .replace("{toObject}", "contacts");
            let path = fill(&path, "0197a1b2-0000-7000-8000-000000000000");
            all.push((method, path, id.to_owned()));
        }
    }
    all
}

fn fill(path: &str, id: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { id } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_operation_says_who_may_use_it() {
    let app = TestApp::sqlite().await;
    let operations = operations(&app).await;
    assert!(operations.len() > 10);
    for (_, _, id) in &operations {
        assert!(
            access::of_operation(id).is_some(),
            "service/access.rs does not list {id}"
        );
    }
    for (id, _) in access::OPERATIONS {
        assert!(
            operations.iter().any(|(_, _, known)| known == id),
            "there is no operation {id}"
        );
    }
}

#[tokio::test]
async fn a_stranger_reaches_public_operations_only() {
    let app = TestApp::sqlite().await;
    for (method, path, id) in operations(&app).await {
        let body = (method != Method::GET && method != Method::DELETE).then(|| json!({}));
        let answer = app.visitor().send(method, &path, body).await;
        if access::of_operation(&id) == Some(access::Access::Public) {
            assert_ne!(answer.code, 401, "{id}");
        } else {
            answer.problem(401, "UNAUTHENTICATED");
        }
    }
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let sites = [
            ann.with("origin", "https://evil.example"),
            ann.with("origin", "null"),
            ann.with("sec-fetch-site", "cross-site"),
            ann.with("sec-fetch-site", "same-site"),
        ];
        for (method, path, id) in operations(&app).await {
            if method == Method::GET {
                continue;
            }
            for site in &sites {
                let answer = site.send(method.clone(), &path, Some(json!({}))).await;
                assert_eq!(answer.code, 403, "{id}");
                answer.problem(403, "CROSS_SITE_REQUEST");
            }
            for kind in ["text/plain", "application/x-www-form-urlencoded"] {
                let body = Some(b"{}".to_vec());
                let answer = ann.send_bytes(method.clone(), &path, kind, body).await;
                answer.problem(415, "UNSUPPORTED_MEDIA_TYPE");
            }
        }
        ann.get("/me").await.status(200);
        let own = ann.with("sec-fetch-site", "same-origin");
        own.post("/auth/logout", json!({})).await.status(204);
    })
    .await;
}

#[tokio::test]
async fn malformed_input_is_the_callers_fault_and_said_so() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        let bodies: [(&[u8], u16); 12] = [
            (b"", 400),
            (b"{", 400),
            (b"\xff\xfe", 400),
            (br#"{"properties":{"name":"\ud800"}}"#, 400),
            (br#"{"properties":{"name":"a","name":"b"}}"#, 400),
            (deep.as_bytes(), 400),
            (b"[]", 422),
            (b"null", 422),
            (br#"{"properties":[]}"#, 422),
            (br#"{"properties":{"name":"a\u0000b"}}"#, 422),
            (br#"{"properties":{"amount":1e999999}}"#, 422),
            (br#"{"properties":{},"other":1}"#, 422),
        ];
        for (body, status) in bodies {
            let body = Some(body.to_vec());
            let answer = ann
                .send_bytes(Method::POST, "/objects/leads", "application/json", body)
                .await;
            assert!(answer.at("/requestId").is_string(), "{}", answer.text);
            answer.status(status);
        }
        let listed = ann.get("/objects/leads/records").await.status(200);
        assert!(listed.list("/results").is_empty());
        for (method, path, id) in operations(&app).await {
            if method == Method::GET || access::of_operation(&id) == Some(access::Access::Public) {
                continue;
            }
            for body in [
                json!(null),
                json!([]),
                json!("x"),
                json!({"\u{1F980}": [1, {"a": null}]}),
            ] {
                let answer = ann.send(method.clone(), &path, Some(body)).await;
                assert!(answer.code < 500, "{id}: {}", answer.text);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn odd_paths_and_queries_are_not_found_or_invalid() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        for path in [
            "/objects/leads/not-an-id",
            "/objects/%00/records",
            "/nowhere",
            "/objects/%ff%fe/records",
            "/objects/'%3B--/records",
        ] {
            ann.get(path).await.problem(404, "NOT_FOUND");
        }
        for query in [
            "limit=0",
            "limit=abc",
            "limit=99999999999999999999",
            "nope=1",
            "after=%ff",
            "after=xyz",
            "asOf=yesterday",
            "asOf=%00",
        ] {
            let answer = ann.get(&format!("/objects/leads/records?{query}")).await;
            assert_eq!(answer.code, 422, "{query}: {}", answer.text);
        }
        let answer = ann.delete("/me").await.problem(405, "METHOD_NOT_ALLOWED");
        assert_eq!(answer.header("allow"), "GET, PATCH");
        let large = json!({"properties": {"name": "x".repeat(17 * 1024 * 1024)}});
        ann.post("/objects/leads", large)
            .await
            .problem(413, "BODY_TOO_LARGE");
    })
    .await;
}

#[tokio::test]
async fn forwarded_headers_of_strangers_are_not_believed() {
    each_app(async |app| {
        app.signup("ann").await;
        let login = json!({"email": "ann@example.com", "password": "wrong one"});
        let mut last = 0;
        for n in 0..6 {
            let liar = app.visitor().with("x-forwarded-for", &format!("203.0.113.{n}"));
            last = liar.post("/auth/login", login.clone()).await.code;
        }
        assert_eq!(last, 429);
        let liar = app.visitor().with("x-forwarded-proto", "https");
        let body = json!({"workspaceName": "E", "name": "Eve", "email": "eve@example.com", "password": crate::app::PASSWORD});
        let answer = liar.post("/auth/signup", body).await.status(201);
        assert!(answer.header("set-cookie").starts_with("leadline="));
        liar.get("//metrics").await.status(401);
        app.visitor().get("//metrics").await.status(200);
    })
    .await;
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        for path in [
            "//",
            "//leads/1",
            "//nothing.js",
            "//api/docs",
            "//livez",
            "/me",
            "/nowhere",
            "/openapi.json",
        ] {
            let answer = ann.get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(
                answer.header("cross-origin-opener-policy"),
                "same-origin",
                "{path}"
            );
            assert!(
                !answer.header("referrer-policy").is_empty()
                    && !answer.header("x-request-id").is_empty()
            );
            let policy = answer.header("content-security-policy");
            assert!(
                policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
                "{policy}"
            );
            assert!(!policy.contains("unsafe"), "{policy}");
            if !path.starts_with("//") {
                assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            }
        }
        let (first, second) = (ann.get("//").await, ann.get("//").await);
        assert_ne!(
            first.header("content-security-policy"),
            second.header("content-security-policy")
        );
    })
    .await;
}

#[tokio::test]
async fn errors_name_their_request_and_nothing_of_the_inside() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let answer = ann
            .get("/objects/leads/0197a1b2-0000-7000-8000-000000000000")
            .await
            .problem(404, "NOT_FOUND");
        assert_eq!(answer.string("/requestId"), answer.header("x-request-id"));
        let keys: Vec<_> = answer.json.as_object().unwrap().keys().cloned().collect();
        assert_eq!(
            keys,
            ["type", "title", "status", "detail", "code", "requestId"]
        );
        assert_eq!(answer.at("/status"), &Value::from(404));
    })
    .await;
}

#[tokio::test]
async fn the_process_says_whether_it_lives_and_whether_it_is_ready() {
    each_app(async |app| {
        app.visitor().get("//livez").await.status(200);
        app.visitor().get("//readyz").await.status(200);
        app.app().refuse_new_work();
        app.visitor().get("//readyz").await.status(503);
        app.visitor().get("//livez").await.status(200);
    })
    .await;
}
