//! The web app's files as a browser asks for them. Holds with and without a built `web/dist`.

use axum::{
    body::to_bytes,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use leadline_assets::{NONCE_PLACEHOLDER, get, list, respond};

#[tokio::test]
async fn every_client_route_gets_the_page_with_this_answers_nonce() {
    for path in [
        "/",
        "/sign-in",
        "/objects/leads/0197a3c2-0000-7000-8000-000000000000",
        "/index.html",
    ] {
        let response = fetch(path, &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/html; charset=utf-8"
        );
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let page = text(response).await;
        assert!(page.contains("<title>Leadline"), "{page}");
        assert!(!page.contains(NONCE_PLACEHOLDER), "{page}");
    }
}

#[tokio::test]
async fn a_missing_file_is_not_answered_with_the_page() {
    for path in [
        "/assets/gone-Ab12.js",
        "/assets/gone",
        "/robots.xml",
        "/a/b.png",
    ] {
        assert_eq!(
            fetch(path, &HeaderMap::new()).status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_file_comes_with_its_type_and_a_lifetime() {
    for asset in list().filter(|asset| asset.path != "index.html") {
        let response = fetch(&format!("/{}", asset.path), &HeaderMap::new());
        assert_eq!(response.headers()[header::CONTENT_TYPE], asset.content_type);
        assert_eq!(response.headers()[header::ETAG], asset.etag);
        let is_kept =
            response.headers()[header::CACHE_CONTROL] == "public, max-age=31536000, immutable";
        assert_eq!(is_kept, asset.path.starts_with("assets/"), "{}", asset.path);
        assert_eq!(
            to_bytes(response.into_body(), usize::MAX)
                .await
                .expect("in memory"),
            asset.bytes
        );
    }
}

#[tokio::test]
async fn a_compressed_file_is_sent_only_to_who_asks_for_it() {
    for asset in list().filter(|asset| asset.brotli.is_some()) {
        let path = format!("/{}", asset.path);
        let small = fetch(&path, &with(header::ACCEPT_ENCODING, "gzip, br;q=0.9"));
        assert_eq!(small.headers()[header::CONTENT_ENCODING], "br");
        assert!(
            to_bytes(small.into_body(), usize::MAX)
                .await
                .expect("in memory")
                .len()
                < asset.bytes.len()
        );
        let plain = fetch(&path, &with(header::ACCEPT_ENCODING, "gzip, br;q=0"));
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    }
}

#[tokio::test]
async fn a_file_that_the_client_has_is_not_sent_again() {
    for asset in list().filter(|asset| asset.path != "index.html") {
        let response = fetch(
            &format!("/{}", asset.path),
            &with(header::IF_NONE_MATCH, asset.etag),
        );
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert!(text(response).await.is_empty());
    }
}

#[test]
fn only_reading_is_allowed() {
    let response = respond(&Method::POST, "/", &HeaderMap::new(), "n");
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn a_file_is_found_with_and_without_the_slash() {
    assert_eq!(get("/index.html"), get("index.html"));
    assert!(get("../Cargo.toml").is_none());
}

fn fetch(path: &str, headers: &HeaderMap) -> Response {
    respond(&Method::GET, path, headers, "n0nce")
}

fn with(name: header::HeaderName, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name, HeaderValue::from_str(value).expect("plain"))])
}

async fn text(response: Response) -> String {
    String::from_utf8(
        to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("in memory")
            .to_vec(),
    )
    .expect("UTF-8")
}
