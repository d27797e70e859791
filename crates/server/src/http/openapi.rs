//! The OpenAPI document, generated from the types and handlers.

use std::sync::OnceLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use utoipa::{
    Modify, OpenApi as _,
    openapi::{
        Content, OpenApi, Ref, RefOr, ResponseBuilder,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{problem::ProblemBody, router};
use crate::app::App;

/// The media type of refusals.
const PROBLEM: &str = "application/problem+json";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Leadline",
        description = "A CRM that keeps every property's full history. Times are RFC 3339 in UTC; errors are problem details (RFC 9457).",
    ),
    components(schemas(ProblemBody, super::problem::InputError)),
    security(("session" = []), ("token" = [])),
    modifiers(&Security),
)]
struct Base;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_with(Default::default);
        let cookie = ApiKeyValue::with_description(
            "leadline",
            "The session cookie; `__Host-leadline` over HTTPS.",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API token."))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// The document without operations.
pub(super) fn base() -> OpenApi {
    Base::openapi()
}

/// Says of every operation how it refuses: with problem details, whatever the status.
pub(super) fn describe_refusals(document: &mut OpenApi) {
    let items = document.paths.paths.values_mut();
    let operations = items.flat_map(|item| {
        [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.patch,
            &mut item.delete,
        ]
    });
    for operation in operations.flatten() {
        let responses = &mut operation.responses.responses;
        for (status, response) in responses.iter_mut() {
            if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response) {
                let content = std::mem::take(&mut response.content);
                response.content = content
                    .into_values()
                    .map(|content| (PROBLEM.to_owned(), content))
                    .collect();
            }
        }
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        let refusal = ResponseBuilder::new()
            .description("Refused: what is wrong, as problem details")
            .content(PROBLEM, problem);
        responses
            .entry("default".to_owned())
            .or_insert_with(|| refusal.build().into());
    }
}

/// The whole document as indented JSON, with a line feed at its end. The same types give the same bytes.
#[must_use]
pub fn document() -> String {
    let (_, document) = router::api();
    let mut text = serde_json::to_string_pretty(&document)
        .expect("the document holds texts, numbers and lists");
    text.push('\n');
    text
}

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_openapi))
}

/// This document.
///
/// Gives the description of all operations, their parameters, bodies and answers as OpenAPI 3.1, made from the server's own types. It
/// needs no session; `/api/docs` shows it for people.
#[utoipa::path(get, path = "/openapi.json", tag = "operation", security(()), responses((status = 200, description = "The OpenAPI 3.1 document", body = Object, content_type = "application/json", example = json!({"openapi": "3.1.0", "info": {"title": "Leadline", "version": "1.0.0"}, "paths": {}}))))]
pub(super) async fn get_openapi() -> Response {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    (
        [(header::CONTENT_TYPE, "application/json")],
        DOCUMENT.get_or_init(document).as_str(),
    )
        .into_response()
}
