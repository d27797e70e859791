//! Headers that every answer carries, so that a browser does with it what is meant and nothing else.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::{app::App, service::secrets};

/// For what is no page.
const NOTHING: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// What goes with every answer.
const FIXED: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];
/// What goes with every answer over HTTPS.
const ALWAYS_HTTPS: &str = "max-age=31536000; includeSubDomains";

/// The nonce of one page: 256 random bits.
#[derive(Debug, Clone)]
pub(super) struct Nonce(pub String);

/// Put into the extensions of a page's answer: the nonce that its own styles carry.
impl Nonce {
    pub(super) fn new() -> Self {
        Self(secrets::random().reveal().to_owned())
    }

    fn policy(&self) -> String {
        let nonce = &self.0;
        format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; \
             font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
             frame-ancestors 'none'"
        )
    }
}

/// Sets the headers.
pub(super) async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let policy = response
        .extensions_mut()
        .remove::<Nonce>()
        .map(|nonce| nonce.policy());
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = policy
        .and_then(|policy| HeaderValue::from_str(&policy).ok())
        .unwrap_or(HeaderValue::from_static(NOTHING));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if app.config.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(ALWAYS_HTTPS),
        );
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    /// The headers that the web app has where it is served as files, apart from the server: lower-case names, by what they are for.
    fn static_headers(source: &str) -> BTreeMap<String, String> {
        let file = include_str!("../../../../web/vercel.json");
        let file: Value = serde_json::from_str(file).unwrap();
        let rules = file["headers"].as_array().unwrap();
        let rule = rules.iter().find(|rule| rule["source"] == source).unwrap();
        let text = |header: &Value, name: &str| header[name].as_str().unwrap().to_owned();
        let headers = rule["headers"].as_array().unwrap().iter();
        headers
            .map(|header| (text(header, "key").to_lowercase(), text(header, "value")))
            .collect()
    }

    #[test]
    fn the_app_as_files_has_the_headers_that_the_server_sends() {
        let nonce = Nonce::new();
        // Files have no nonce: scripts are files, and styles are let in wherever they stand.
        let of_page = format!(" 'nonce-{}'", nonce.0);
        let policy = nonce.policy();
        let (before_styles, rest) = policy.split_once("; style-src 'self'").unwrap();
        let policy = format!(
            "{}; style-src 'self' 'unsafe-inline'{}",
            before_styles.replace(&of_page, ""),
            rest.replace(&of_page, "")
        );
        let mut expected: BTreeMap<String, String> = FIXED
            .iter()
            .map(|(name, value)| (name.to_string(), (*value).to_owned()))
            .collect();
        expected.insert(header::CONTENT_SECURITY_POLICY.to_string(), policy);
        expected.insert(
            header::STRICT_TRANSPORT_SECURITY.to_string(),
            ALWAYS_HTTPS.to_owned(),
        );
        assert_eq!(static_headers("/((?!api/).*)"), expected);
    }

    #[test]
    fn the_app_as_files_keeps_what_never_changes_as_long_as_from_the_server() {
        let asset = leadline_assets::list().find(|asset| asset.is_immutable);
        let Some(asset) = asset else {
            // Without a built app there is only a page.
            return;
        };
        let answer = leadline_assets::respond(
            &axum::http::Method::GET,
            asset.path,
            &axum::http::HeaderMap::new(),
            "",
        );
        let cached = answer.headers()[header::CACHE_CONTROL].to_str().unwrap();
        assert_eq!(static_headers("/assets/(.*)")["cache-control"], cached);
        assert!(asset.path.starts_with("assets/"));
    }
}
