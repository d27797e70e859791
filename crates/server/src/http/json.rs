//! Strict JSON: objects without duplicate keys, texts without NUL; and all structural errors of a body at once.

mod repair;
mod strict;

use leadline_engine::error::FieldError;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::problem::Rejection;

/// As many structural errors are looked for in one body.
const MOST_ERRORS: usize = 50;

/// A body that was read, and what is wrong with its structure.
#[derive(Debug)]
pub(super) struct Parsed<T> {
    /// The body. Where its structure is wrong, something that fits stands in: it is good for finding more errors, and for nothing else.
    /// `None` if nothing fits.
    pub(super) body: Option<T>,
    /// Fields that are unknown, missing or of the wrong type; texts that cannot be stored.
    pub(super) errors: Vec<FieldError>,
}

/// Reads a body that is as it must be.
///
/// # Errors
/// `MalformedJson` for what is no JSON or has a key twice; `InvalidBody` with all structural errors.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Rejection> {
    match parse_leniently(bytes)? {
        Parsed {
            body: Some(body),
            errors,
        } if errors.is_empty() => Ok(body),
        Parsed { errors, .. } => Err(Rejection::InvalidBody(errors)),
    }
}

/// Reads a body, and tells what is wrong with its structure.
///
/// # Errors
/// `MalformedJson` for what is no JSON or has a key twice.
pub(super) fn parse_leniently<T: DeserializeOwned>(bytes: &[u8]) -> Result<Parsed<T>, Rejection> {
    let (value, mut errors) = strict::parse_value(bytes)?;
    if !value.is_object() {
        let error = FieldError::new("", "WRONG_TYPE", "must be an object");
        return Ok(Parsed {
            body: None,
            errors: vec![error],
        });
    }
    let (body, structural) = repair::read(value, bytes.len());
    errors.extend(structural);
    Ok(Parsed { body, errors })
}

/// A field that may be absent, null, or set: `Option<Option<T>>` with `#[serde(default, deserialize_with = "present")]`.
///
/// # Errors
/// Those of `T`.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};
    use uuid::Uuid;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only read from JSON")]
        name: String,
        #[expect(dead_code, reason = "only read from JSON")]
        limit: Option<u32>,
        #[serde(default)]
        values: Map<String, Value>,
    }

    fn errors(text: &str) -> Vec<(String, String)> {
        match parse::<Body>(text.as_bytes()) {
            Err(Rejection::InvalidBody(errors)) => errors
                .into_iter()
                .map(|e| (e.pointer, e.code.into_owned()))
                .collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn all_structural_errors_are_told_at_once() {
        let found = errors(r#"{"limit": "x", "a/b": 1, "other": 2}"#);
        for expected in [
            ("/limit", "WRONG_TYPE"),
            ("/a~1b", "UNKNOWN_FIELD"),
            ("/other", "UNKNOWN_FIELD"),
            ("/name", "MISSING_FIELD"),
        ] {
            assert!(
                found.contains(&(expected.0.to_owned(), expected.1.to_owned())),
                "{expected:?} in {found:?}"
            );
        }
        assert_eq!(found.len(), 4, "{found:?}");
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read from JSON")]
    struct Deep {
        text: String,
        at: leadline_engine::time::Timestamp,
        id: Uuid,
        count: u32,
        flag: bool,
        kind: Kind,
        list: Vec<Part>,
        part: Part,
        optional: Option<u8>,
        #[serde(default)]
        kinds: Vec<Kind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read from JSON")]
    struct Part {
        name: String,
        size: f64,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Small,
        VeryLarge,
    }

    fn judged(body: &Value) -> Vec<(String, String)> {
        let parsed = parse_leniently::<Deep>(body.to_string().as_bytes()).unwrap();
        assert!(parsed.body.is_some(), "{:?}", parsed.errors);
        let mut errors: Vec<_> = parsed
            .errors
            .into_iter()
            .map(|error| (error.pointer, error.code.into_owned()))
            .collect();
        errors.sort();
        errors
    }

    fn all(code: &str, pointers: &[&str]) -> Vec<(String, String)> {
        let error = |pointer: &&str| ((*pointer).to_owned(), code.to_owned());
        pointers.iter().map(error).collect()
    }

    #[test]
    fn all_missing_fields_are_told_at_once() {
        assert_eq!(
            judged(&json!({})),
            all(
                "MISSING_FIELD",
                &[
                    "/at", "/count", "/flag", "/id", "/kind", "/list", "/part", "/text"
                ]
            )
        );
    }

    #[test]
    fn all_wrong_types_are_told_at_once() {
        let body = json!({"text": 1, "at": 1, "id": 1, "count": "1", "flag": "true", "kind": 1, "list": {}, "part": "x", "optional": "x", "kinds": "small"});
        assert_eq!(
            judged(&body),
            all(
                "WRONG_TYPE",
                &[
                    "/at",
                    "/count",
                    "/flag",
                    "/id",
                    "/kind",
                    "/kinds",
                    "/list",
                    "/optional",
                    "/part",
                    "/text"
                ]
            )
        );
    }

    #[test]
    fn errors_are_found_at_any_depth() {
        let body = json!({
            "text": "a", "at": "soon", "id": "x", "count": -1, "flag": true, "kind": "huge", "optional": 300,
            "list": [{"name": "a", "size": 1}, {"name": 1, "x/y": 2}, 3, {}],
            "part": {"size": "big"}, "kinds": ["small", "huge", 1]
        });
        let mut expected = all(
            "INVALID_VALUE",
            &["/at", "/count", "/id", "/kind", "/kinds/1", "/optional"],
        );
        expected.extend(all(
            "WRONG_TYPE",
            &["/kinds/2", "/list/1/name", "/list/2", "/part/size"],
        ));
        expected.extend(all("UNKNOWN_FIELD", &["/list/1/x~1y"]));
        expected.extend(all(
            "MISSING_FIELD",
            &["/list/1/size", "/list/3/name", "/list/3/size", "/part/name"],
        ));
        expected.sort();
        assert_eq!(judged(&body), expected);
    }

    #[test]
    fn what_is_wanted_is_said_in_the_words_of_json() {
        let messages = |body: Value| {
            let parsed = parse_leniently::<Deep>(body.to_string().as_bytes()).unwrap();
            let mut messages: Vec<_> = parsed
                .errors
                .into_iter()
                .filter(|error| error.code == "WRONG_TYPE")
                .map(|error| format!("{} {}", error.pointer, error.message))
                .collect();
            messages.sort();
            messages
        };
        for no_object in [json!([]), json!(["a"]), json!(null), json!("x")] {
            assert_eq!(messages(no_object), [" must be an object"]);
        }
        assert_eq!(
            messages(
                json!({"part": "x", "count": "x", "text": 1.5, "flag": null, "list": {}, "kind": 1, "id": [], "at": 1})
            ),
            [
                "/at must be a string, not a number",
                "/count must be a whole number that is not negative, not a string",
                "/flag must be true or false, not null",
                "/id must be a UUID, not an array",
                "/kind must be a string, not a number",
                "/list must be an array, not an object",
                "/part must be an object, not a string",
                "/text must be a string, not a number",
            ]
        );
    }

    #[test]
    fn looking_for_errors_ends() {
        let list: Vec<Value> = (0..20_000).map(|n| json!({"name": n, "x": n})).collect();
        let body = json!({"list": list}).to_string();
        let parsed = parse_leniently::<Deep>(body.as_bytes()).unwrap();
        assert!(parsed.body.is_none());
        assert!((20..=MOST_ERRORS).contains(&parsed.errors.len()));
    }

    #[test]
    fn a_required_field_of_the_wrong_type_is_one_error() {
        assert_eq!(
            errors(r#"{"name": 1}"#),
            [("/name".to_owned(), "WRONG_TYPE".to_owned())]
        );
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "{",
            "{\"name\":\"\\ud800\"}",
            "{\"name\":\"a\",\"name\":\"b\"}",
            "nul",
            "{} {}",
            &deep,
        ] {
            assert!(
                matches!(
                    parse::<Body>(text.as_bytes()),
                    Err(Rejection::MalformedJson(_))
                ),
                "{text:.40}"
            );
        }
        assert!(matches!(
            parse::<Body>(b"\xff"),
            Err(Rejection::MalformedJson(_))
        ));
    }

    #[test]
    fn nul_is_refused_wherever_it_stands() {
        assert_eq!(
            errors(r#"{"name": "a\u0000b"}"#),
            [("/name".to_owned(), "INVALID_CHARACTER".to_owned())]
        );
        assert_eq!(
            errors(r#"{"name": "a", "values": {"x": ["\u0000"]}}"#),
            [("/values/x/0".to_owned(), "INVALID_CHARACTER".to_owned())]
        );
    }

    #[test]
    fn numbers_keep_all_their_digits() {
        let body: Body =
            parse(br#"{"name": "a", "values": {"n": 12345678901234567890.123456789, "e": 1e400}}"#)
                .unwrap();
        assert_eq!(
            body.values["n"].to_string(),
            "12345678901234567890.123456789"
        );
    }
}
