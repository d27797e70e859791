//! The operations that the server says it has, and that what it says is whole.

use leadline_server::{http::openapi, service::access};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::app::BEGINNING;

/// An operation of the document.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    /// The operationId.
    pub(super) id: String,
    pub(super) method: Method,
    /// Below `/api/v1`, with its parameters.
    pub(super) path: String,
    /// Name and whether it is required.
    pub(super) query: Vec<(String, bool)>,
    /// The schema of the JSON body.
    pub(super) body: Option<Value>,
    /// The schema of the JSON that answers with 200.
    answer: Option<Value>,
    document: Value,
}

/// Every operation of the document.
pub(super) fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&openapi::document()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_ascii_uppercase().parse::<Method>() else {
                continue;
            };
            if !operation.is_object() {
                continue;
            }
            let parameters = operation["parameters"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let query = parameters
                .iter()
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| {
                    (
                        parameter["name"].as_str().unwrap().to_owned(),
                        parameter["required"] == json!(true),
                    )
                });
            operations.push(Operation {
                id: operation["operationId"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                method,
                path: path.strip_prefix("/api/v1").unwrap_or(path).to_owned(),
                query: query.collect(),
                body: operation
                    .pointer("/requestBody/content/application~1json/schema")
                    .cloned(),
                answer: operation
                    .pointer("/responses/200/content/application~1json/schema")
                    .cloned(),
                document: document.clone(),
            });
        }
    }
    assert!(operations.len() > 20);
    operations
}

impl Operation {
    /// Whether it changes nothing.
    pub(super) fn is_safe(&self) -> bool {
        self.method == Method::GET
    }

    /// Whether its answer has an end: a stream of events has none.
    pub(super) fn ends(&self) -> bool {
        self.path != "/events"
    }

    /// Whether it answers with a list that goes on from page to page. The search in all objects shows the best of each instead.
    pub(super) fn is_list(&self) -> bool {
        if self.id == "search_everywhere" {
            return false;
        }
        let answer = self
            .answer
            .as_ref()
            .map(|schema| resolve(&self.document, schema));
        self.is_safe() && answer.is_some_and(|answer| answer["properties"]["results"].is_object())
    }

    /// A body that fits the schema; ids in it are `id`.
    pub(super) fn sample(&self, id: &str) -> Option<Value> {
        self.body
            .as_ref()
            .map(|schema| sample(&self.document, schema, id))
    }

    /// The fields of the body's object, with their schemas.
    pub(super) fn fields(&self) -> Map<String, Value> {
        let schema = self
            .body
            .as_ref()
            .map(|schema| resolve(&self.document, schema));
        schema
            .and_then(|schema| schema["properties"].as_object().cloned())
            .unwrap_or_default()
    }

    /// The required parameters of the query, with values that can be read.
    pub(super) fn required_query(&self, id: &str) -> String {
        let required = self.query.iter().filter(|(_, is_required)| *is_required);
        let text = required.map(|(name, _)| {
            let value = if name == "id" { id } else { BEGINNING };
            format!("{name}={value}")
        });
        let text: Vec<String> = text.collect();
        if text.is_empty() {
            String::new()
        } else {
            format!("?{}", text.join("&"))
        }
    }
}

fn resolve<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let Some(reference) = schema["$ref"].as_str() else {
        return schema;
    };
    resolve(
        document,
        document.pointer(reference.trim_start_matches('#')).unwrap(),
    )
}

fn sample(document: &Value, schema: &Value, id: &str) -> Value {
    let schema = resolve(document, schema);
    if schema["format"] == "uuid" {
        return json!(id);
    }
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(list) = schema[choice].as_array() {
            let first = list.iter().find(|one| one["type"] != "null").unwrap();
            return sample(document, first, id);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|list| list.first()) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds
            .iter()
            .find(|kind| **kind != "null")
            .cloned()
            .unwrap_or_default(),
        kind => kind.clone(),
    };
    match kind.as_str() {
        Some("string") if schema["format"] == "date-time" => json!(BEGINNING),
        Some("string") => json!("something"),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(false),
        Some("array") => json!([sample(document, &schema["items"], id)]),
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().map(|name| {
                let name = name.as_str().unwrap();
                (
                    name.to_owned(),
                    sample(document, &schema["properties"][name], id),
                )
            });
            Value::Object(fields.collect())
        }
    }
}

#[test]
fn every_operation_says_what_it_does_and_is_named_after_it() {
    let document: Value = serde_json::from_str(&openapi::document()).unwrap();
    for operation in operations() {
        let words: Vec<&str> = operation.id.split('_').collect();
        let is_name = words.len() > 1
            && words
                .iter()
                .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
        assert!(
            is_name,
            "{} {} is called {:?}",
            operation.method, operation.path, operation.id
        );
        let described = &document["paths"][format!("/api/v1{}", operation.path)]
            [operation.method.as_str().to_ascii_lowercase()];
        assert!(
            described["summary"]
                .as_str()
                .is_some_and(|text| text.len() > 5),
            "{} says nothing",
            operation.id
        );
        assert!(
            described["responses"]
                .as_object()
                .is_some_and(|answers| !answers.is_empty()),
            "{} answers nothing",
            operation.id
        );
    }
}

#[test]
fn every_operation_is_described_and_shows_an_example() {
    let document: Value = serde_json::from_str(&openapi::document()).unwrap();
    for operation in operations() {
        let described = &document["paths"][format!("/api/v1{}", operation.path)]
            [operation.method.as_str().to_ascii_lowercase()];
        let (summary, description) = (&described["summary"], &described["description"]);
        let text = description.as_str().unwrap_or_default();
        assert!(
            text.len() > 60 && text.ends_with('.') && description != summary,
            "{} is described as {text:?}",
            operation.id
        );
        let answers = described["responses"].as_object().unwrap();
        let media = |body: &Value| -> Vec<Value> {
            let media = body["content"].as_object();
            media
                .into_iter()
                .flatten()
                .map(|(_, media)| media.clone())
                .collect()
        };
        for (status, answer) in answers.iter().filter(|(status, _)| status.starts_with('2')) {
            for media in media(answer) {
                assert!(
                    has_example(&document, &media),
                    "{} shows no example of {status}",
                    operation.id
                );
            }
        }
        let bodies = answers.values().chain([&described["requestBody"]]);
        assert!(
            bodies
                .flat_map(media)
                .any(|media| has_example(&document, &media)),
            "{} shows no example",
            operation.id
        );
    }
}

/// Whether a body has an example: of itself, of its schema, or of a field of it.
fn has_example(document: &Value, media: &Value) -> bool {
    let schema = resolve(document, &media["schema"]);
    let fields = schema["properties"].as_object().into_iter().flatten();
    [media, schema]
        .into_iter()
        .chain(fields.map(|(_, field)| field))
        .any(|holder| {
            ["example", "examples"]
                .iter()
                .any(|name| !holder[name].is_null())
        })
}

#[test]
fn no_two_operations_have_one_name() {
    let mut ids: Vec<String> = operations()
        .into_iter()
        .map(|operation| operation.id)
        .collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn every_operation_is_listed_with_what_it_needs() {
    for operation in operations() {
        assert!(
            access::of_operation(&operation.id).is_some(),
            "service/access.rs does not list {}",
            operation.id
        );
    }
}

#[test]
fn everything_listed_is_an_operation() {
    let operations = operations();
    for (id, _) in access::OPERATIONS {
        assert!(
            operations.iter().any(|operation| operation.id == *id),
            "service/access.rs lists {id}, which does not exist"
        );
    }
}
