//! Malformed input never makes the server fail (S24), and no error shows its inside (S29).

use serde_json::{Value, json};

use super::{
    document::operations,
    world::{World, is_discreet},
};
use crate::app::each_app;

#[tokio::test]
async fn malformed_bodies_are_refused() {
    each_app(async |app| {
        let world = World::build(&app).await;
        for operation in operations()
            .iter()
            .filter(|operation| operation.body.is_some())
        {
            let path = world.path(operation);
            for bytes in malformed() {
                let answer = world
                    .ann
                    .send_bytes(
                        operation.method.clone(),
                        &path,
                        "application/json",
                        Some(bytes.clone()),
                    )
                    .await;
                let told = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
                assert!(
                    matches!(answer.code, 400 | 413 | 422 | 429),
                    "{} with {told}: {} {}",
                    answer.request,
                    answer.code,
                    answer.text
                );
                is_discreet(&answer);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn wrong_types_in_any_field_never_make_the_server_fail() {
    each_app(async |app| {
        let world = World::build(&app).await;
        // These end the session or the password that the walk needs.
        let ending = ["create_logout", "update_password", "delete_session"];
        for operation in operations()
            .iter()
            .filter(|operation| !ending.contains(&operation.id.as_str()))
        {
            let Some(body) = world.body(operation) else {
                continue;
            };
            let path = world.path(operation);
            let mut places = Vec::new();
            pointers(&body, String::new(), &mut places);
            places.extend(operation.fields().keys().map(|name| format!("/{name}")));
            places.sort();
            places.dedup();
            for place in places {
                for value in wrong() {
                    let mut body = body.clone();
                    put(&mut body, &place, value);
                    is_discreet(
                        &world
                            .ann
                            .send(operation.method.clone(), &path, Some(body))
                            .await,
                    );
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn nonsense_in_paths_and_queries_never_makes_the_server_fail() {
    let nonsense = [
        "",
        "%00",
        "%ff",
        "%20",
        "-1",
        "0",
        "1e99",
        "99999999999999999999",
        "null",
        "%F0%9F%92%A9",
        "%27%20or%201%3D1--",
        "..%2f..",
        "%7B%7D",
    ];
    each_app(async |app| {
        let world = World::build(&app).await;
        for operation in operations()
            .iter()
            .filter(|operation| operation.is_safe() && operation.ends())
        {
            let path = world.path(operation);
            let join = if path.contains('?') { '&' } else { '?' };
            for (name, _) in &operation.query {
                for value in nonsense {
                    is_discreet(&world.ann.get(&format!("{path}{join}{name}={value}")).await);
                }
            }
            let unknown = world.ann.get(&format!("{path}{join}surprise=1")).await;
            is_discreet(&unknown);
            let long = "x".repeat(3_000);
            for value in nonsense
                .iter()
                .copied()
                .chain([long.as_str()])
                .filter(|value| !value.is_empty())
            {
                for name in ["{object}", "{id}", "{itemId}", "{toObject}", "{property}"] {
                    if operation.path.contains(name) {
                        let mut nonsensical = operation.clone();
                        nonsensical.path = operation.path.replace(name, value);
                        is_discreet(&world.ann.get(&world.path(&nonsensical)).await);
                    }
                }
            }
        }
    })
    .await;
}

fn malformed() -> Vec<Vec<u8>> {
    let texts = [
        "",
        "{",
        "}",
        "[]",
        "null",
        "1",
        "\"text\"",
        "{\"a\":}",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":1}{\"b\":2}",
        "{\"a\":1,\"a\":2}",
        "{\"properties\":{\"name\":\"x\",\"name\":\"y\"}}",
        "{\"properties\":{\"name\":\"\\ud800\"}}",
        "{\"properties\":{\"name\":\"\\u0000\"}}",
        "{\"limit\":1e999999999}",
        "\u{feff}{}",
        "{\"a\":NaN}",
        "{\"a\":01}",
    ];
    let mut bodies: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    bodies.push(b"{\"a\":\"\xff\xfe\"}".to_vec());
    bodies.push("[".repeat(100_000).into_bytes());
    bodies.push("{\"a\":".repeat(100_000).into_bytes());
    bodies
}

fn wrong() -> Vec<Value> {
    let huge: Value = serde_json::from_str("1e400").unwrap();
    vec![
        Value::Null,
        json!(true),
        huge,
        json!(""),
        json!("\u{202e}💩'\"--"),
        json!([null, [[]]]),
        json!({"value": {"a": -1}}),
    ]
}

/// The places of a body's values, three deep.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    if at.matches('/').count() >= 4 {
        return;
    }
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        let place = format!("{at}/{name}");
        found.push(place.clone());
        pointers(value, place, found);
    }
}

fn put(body: &mut Value, place: &str, value: Value) {
    match body.pointer_mut(place) {
        Some(known) => *known = value,
        None => {
            body.as_object_mut()
                .unwrap()
                .insert(place.trim_start_matches('/').to_owned(), value);
        }
    }
}
