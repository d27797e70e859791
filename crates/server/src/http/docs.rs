//! `/api/docs`: a page made from the OpenAPI document. No scripts, no other host: it works under the strictest policy.

use std::fmt::Write;

use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;

use super::{csp::Nonce, openapi};

const STYLE: &str = "
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8884; border-radius: 6px; }
section { border-top: 1px solid #8884; padding: 0.5rem 0; }
h3 { font-size: 1rem; margin: 0.75rem 0 0.25rem; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
summary { cursor: pointer; }
table { border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; padding: 0.15rem 1rem 0.15rem 0; }
nav a { margin-right: 1rem; }
";

/// `GET /api/docs`.
pub(super) async fn get_docs() -> Response {
    let nonce = Nonce::new();
    let document: Value = serde_json::from_str(&openapi::document()).unwrap_or_default();
    let mut response = Html(page(&document, &nonce.0)).into_response();
    response.extensions_mut().insert(nonce);
    response
}

fn page(document: &Value, nonce: &str) -> String {
    let mut out = String::with_capacity(64 * 1024);
    let title = text(&document["info"]["title"]);
    out.push_str("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    push(
        &mut out,
        format_args!(
            "<title>{title} API</title><style nonce=\"{nonce}\">{STYLE}</style><body><h1>{title} API</h1>"
        ),
    );
    push(
        &mut out,
        format_args!("<p>{}</p>", text(&document["info"]["description"])),
    );
    out.push_str(
        "<p>The document itself: <a href=\"/api/v1/openapi.json\">openapi.json</a>.</p><nav>",
    );
    let tags = tags(document);
    for tag in &tags {
        push(
            &mut out,
            format_args!("<a href=\"#{0}\">{0}</a>", escape(tag)),
        );
    }
    out.push_str("</nav>");
    for tag in &tags {
        push(
            &mut out,
            format_args!("<h2 id=\"{0}\">{0}</h2>", escape(tag)),
        );
        for (path, method, operation) in
            operations(document).filter(|(_, _, operation)| tag_of(operation) == *tag)
        {
            write_operation(&mut out, path, method, operation);
        }
    }
    out.push_str("<h2 id=\"schemas\">schemas</h2>");
    for (name, schema) in document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let json = serde_json::to_string_pretty(schema).unwrap_or_default();
        let name = escape(name);
        push(
            &mut out,
            format_args!(
                "<details id=\"schema-{name}\"><summary><code>{name}</code></summary><pre>{}</pre></details>",
                escape(&json)
            ),
        );
    }
    out.push_str("</body></html>");
    out
}

fn write_operation(out: &mut String, path: &str, method: &str, operation: &Value) {
    let id = text(&operation["operationId"]);
    let method = escape(&method.to_ascii_uppercase());
    push(
        out,
        format_args!(
            "<section id=\"{id}\"><h3><span class=\"method\">{method}</span> <code>{}</code></h3>",
            escape(path)
        ),
    );
    push(
        out,
        format_args!(
            "<p>{} {}</p>",
            text(&operation["summary"]),
            text(&operation["description"])
        ),
    );
    let parameters = operation["parameters"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    if !parameters.is_empty() {
        out.push_str("<table><tr><th>parameter</th><th>in</th><th></th></tr>");
        for parameter in parameters {
            let (name, place) = (text(&parameter["name"]), text(&parameter["in"]));
            push(
                out,
                format_args!(
                    "<tr><td><code>{name}</code></td><td>{place}</td><td>{}</td></tr>",
                    text(&parameter["description"])
                ),
            );
        }
        out.push_str("</table>");
    }
    for (content_type, body) in operation["requestBody"]["content"]
        .as_object()
        .into_iter()
        .flatten()
    {
        write_body(out, "Body", content_type, body);
    }
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        push(
            out,
            format_args!(
                "<p><code>{}</code> {}</p>",
                escape(status),
                text(&response["description"])
            ),
        );
        for (content_type, body) in response["content"].as_object().into_iter().flatten() {
            write_body(out, "Answer", content_type, body);
        }
    }
    out.push_str("</section>");
}

fn write_body(out: &mut String, what: &str, content_type: &str, body: &Value) {
    push(
        out,
        format_args!("<p>{what}: <code>{}</code>", escape(content_type)),
    );
    let schema = &body["schema"];
    let reference = schema["$ref"]
        .as_str()
        .or_else(|| schema["items"]["$ref"].as_str());
    if let Some(name) = reference.and_then(|reference| reference.rsplit('/').next()) {
        push(
            out,
            format_args!(", <a href=\"#schema-{0}\">{0}</a>", escape(name)),
        );
    }
    out.push_str("</p>");
    let example = &body["example"];
    if !example.is_null() {
        let json = serde_json::to_string_pretty(example).unwrap_or_default();
        push(out, format_args!("<pre>{}</pre>", escape(&json)));
    }
}

fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        item.as_object()
            .into_iter()
            .flatten()
            .map(move |(method, operation)| (path, method, operation))
    })
}

fn tags(document: &Value) -> Vec<&str> {
    let mut tags = Vec::new();
    for (_, _, operation) in operations(document) {
        let tag = tag_of(operation);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

fn tag_of(operation: &Value) -> &str {
    operation["tags"][0].as_str().unwrap_or("other")
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a String can always grow");
}
