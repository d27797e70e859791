//! The web app: every path that is not the API's.

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};

use super::{csp::Nonce, problem::Rejection};

/// Answers with a file of the web app, or its page.
pub(super) async fn get_page(request: Request) -> Response {
    if request.uri().path().starts_with("/api/") || request.uri().path() == "/api" {
        return Rejection::NoSuchPath.into_response();
    }
    let nonce = Nonce::new();
    let mut response = leadline_assets::respond(
        request.method(),
        request.uri().path(),
        request.headers(),
        &nonce.0,
    );
    response.extensions_mut().insert(nonce);
    response
}
